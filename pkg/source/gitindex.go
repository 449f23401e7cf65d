package source

import (
	"bytes"
	"encoding/binary"
	"path/filepath"
	"strings"
)

// maxIndex is the largest git index that is read, in bytes: that of a
// repository with about half a million files.
const maxIndex = 64 << 20

// tracked reports whether git tracks the file. It asks git's index, not git: a
// file that is ignored now may have been added before. What cannot be read
// counts as not tracked.
func (s FS) tracked(path string) bool {
	path = s.abs(path)
	for dir := filepath.Dir(path); ; dir = filepath.Dir(dir) {
		if git := filepath.Join(dir, ".git"); s.exists(git) {
			rel, err := filepath.Rel(dir, path)
			if err != nil {
				return false
			}
			index, err := s.regular(filepath.Join(s.gitFolder(git), "index"), maxIndex)
			return err == nil && inIndex(index, filepath.ToSlash(rel))
		}
		if dir == filepath.Dir(dir) {
			return false
		}
	}
}

// gitFolder is where the index is: .git, or, in a worktree or submodule, the
// folder that the file .git names.
func (s FS) gitFolder(git string) string {
	info, err := s.stat(git)
	if err != nil || info.IsDir() {
		return git
	}
	b, err := s.regular(git, 4096)
	if to, ok := strings.CutPrefix(strings.TrimSpace(string(b)), "gitdir:"); err == nil && ok {
		if to = strings.TrimSpace(to); filepath.IsAbs(to) {
			return to
		}
		return filepath.Join(filepath.Dir(git), to)
	}
	return git
}

// inIndex looks a path up in a git index of version 2, 3 or 4.
// Source: git's documentation, gitformat-index.
func inIndex(b []byte, path string) bool {
	if len(b) < 12 || string(b[:4]) != "DIRC" {
		return false
	}
	for _, hash := range []int{20, 32} { // SHA-1; SHA-256
		if found, ok := walkIndex(b, path, hash); ok {
			return found
		}
	}
	return false
}

// walkIndex reads every entry. ok is false when the entries do not have hashes
// of that many bytes.
func walkIndex(b []byte, path string, hash int) (found, ok bool) {
	version, entries := binary.BigEndian.Uint32(b[4:]), binary.BigEndian.Uint32(b[8:])
	if version < 2 || version > 4 {
		return false, true
	}
	pos, name := 12, []byte{}
	for range entries {
		start := pos
		pos += 40 + hash // times, device, inode, mode, owner, size, then the hash
		if pos+2 > len(b) {
			return false, false
		}
		flags := binary.BigEndian.Uint16(b[pos:])
		pos += 2
		if version >= 3 && flags&0x4000 != 0 {
			pos += 2
		}
		if version == 4 { // the name shares its beginning with the one before
			drop, n := offset(b, pos)
			if n == 0 || drop > len(name) {
				return false, false
			}
			pos, name = pos+n, name[:len(name)-drop]
		} else {
			name = name[:0]
		}
		if pos > len(b) {
			return false, false
		}
		end := bytes.IndexByte(b[pos:], 0)
		if end < 0 {
			return false, false
		}
		name = append(name, b[pos:pos+end]...)
		pos += end + 1
		if n := int(flags & 0xFFF); n < 0xFFF && n != len(name) {
			return false, false
		}
		if version < 4 { // filled up with zeros to eight bytes
			pos = start + (pos-1-start+8)/8*8
		}
		if string(name) == path {
			return true, true
		}
	}
	return false, true
}

// offset reads a number of git's variable length. n is 0 when there is none.
func offset(b []byte, pos int) (value, n int) {
	for i := pos; i < len(b) && i < pos+5; i++ {
		if i > pos {
			value++
		}
		value = value<<7 | int(b[i]&0x7F)
		if b[i]&0x80 == 0 {
			return value, i - pos + 1
		}
	}
	return 0, 0
}
