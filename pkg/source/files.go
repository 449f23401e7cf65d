package source

import (
	"errors"
	"io"
	"io/fs"
	"path/filepath"
	"strings"
)

// The largest files that are read, in bytes. The templates of the largest
// projects hold a few hundred lines of .env and a few thousand of config.
const (
	maxDotEnv = 1 << 20
	maxConfig = 16 << 20
	maxKey    = 64 << 10
)

var (
	errTooLarge  = errors.New("too large")
	errDirectory = errors.New("is a directory")
	errNotFolder = errors.New("is not a folder")
	errSpecial   = errors.New("is not a regular file")
	errNoFiles   = errors.New("no file system")
)

// ReadFile reads a config file or something as large. Of a larger file it gives
// the beginning, one byte more than a config may have, and no error: whoever
// reads it then says what is wrong. Its form is that of config.Load's argument.
func (s FS) ReadFile(path string) ([]byte, error) {
	b, err := s.read(path, maxConfig)
	if errors.Is(err, errTooLarge) {
		return b, nil
	}
	return b, err
}

// read reads at most limit bytes; a larger file is errTooLarge with the
// beginning. A named pipe is read: that is what <(command) gives.
func (s FS) read(path string, limit int64) ([]byte, error) {
	if s.Open == nil || s.Stat == nil {
		return nil, errNoFiles
	}
	path = s.abs(path)
	info, err := s.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return nil, errDirectory
	}
	f, err := s.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	b, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err == nil && int64(len(b)) > limit {
		err = errTooLarge
	}
	return b, err
}

// regular is read for a file that nobody named: only a regular one is opened,
// since opening a pipe that nobody writes to would hang.
func (s FS) regular(path string, limit int64) ([]byte, error) {
	info, err := s.stat(path)
	switch {
	case err != nil:
		return nil, err
	case info.IsDir():
		return nil, errDirectory
	case !info.Mode().IsRegular():
		return nil, errSpecial
	}
	return s.read(path, limit)
}

// list is what a folder holds.
func (s FS) list(path string) ([]fs.DirEntry, error) {
	f, err := s.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	dir, ok := f.(fs.ReadDirFile)
	if !ok {
		return nil, errNotFolder
	}
	return dir.ReadDir(-1)
}

func (s FS) stat(path string) (fs.FileInfo, error) {
	if s.Stat == nil {
		return nil, errNoFiles
	}
	return s.Stat(s.abs(path))
}

func (s FS) exists(path string) bool {
	_, err := s.stat(path)
	return err == nil
}

// open reports whether people other than the owner can read the file. Windows
// says nothing of that in the mode.
func (s FS) open(path string) bool {
	info, err := s.stat(path)
	return err == nil && s.GOOS != "windows" && info.Mode().IsRegular() && info.Mode().Perm()&0o044 != 0
}

// lookup finds a variable of the process; of two with one name it is the first,
// as getenv has it.
func (s FS) lookup(name string) (string, bool) {
	for _, kv := range s.Environ {
		if n, v, ok := cutEnv(kv); ok && n == name {
			return v, true
		}
	}
	return "", false
}

// cutEnv cuts "NAME=value". Windows keeps per-drive folders under names that
// begin with the equals sign.
func cutEnv(kv string) (name, value string, ok bool) {
	i := strings.IndexByte(kv, '=')
	if i <= 0 {
		return "", "", false
	}
	return kv[:i], kv[i+1:], true
}

// abs makes a path absolute, from the working directory, with ~ as the home.
func (s FS) abs(path string) string {
	if path == "~" || strings.HasPrefix(path, "~/") || s.GOOS == "windows" && strings.HasPrefix(path, `~\`) {
		if s.Home != "" {
			path = filepath.Join(s.Home, path[1:])
		}
	}
	if filepath.IsAbs(path) || s.Dir == "" {
		return filepath.Clean(path)
	}
	return filepath.Join(s.Dir, path)
}

// show is the path as a person at the working directory would write it: below
// it relative, elsewhere absolute.
func (s FS) show(path string) string {
	if s.Dir == "" {
		return path
	}
	if rel, err := filepath.Rel(s.Dir, path); err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		return rel
	}
	return path
}

// why is what went wrong with a file, without its path.
func why(err error) string {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err.Error()
	}
	return err.Error()
}

// quoted is a path as a word of a shell, for commands to paste.
func quoted(path string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("/._-+@:,", r)
	}
	if path != "" && path[0] != '-' && strings.IndexFunc(path, func(r rune) bool { return !plain(r) }) < 0 {
		return path
	}
	return "'" + strings.ReplaceAll(path, "'", `'\''`) + "'"
}
