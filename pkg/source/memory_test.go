package source

import (
	"io/fs"
	"path"
	"strings"
	"testing/fstest"
)

// disk is a file system in memory with absolute paths.
type disk struct{ files fstest.MapFS }

func newDisk(files map[string]string) disk {
	d := disk{fstest.MapFS{}}
	for name, text := range files {
		d.files[name[1:]] = &fstest.MapFile{Data: []byte(text), Mode: 0o600}
	}
	return d
}

// system is an FS on the disk: a working directory, a home, an environment.
func (d disk) system(dir, home string, environ ...string) FS {
	return FS{
		Open: func(name string) (fs.File, error) { return d.files.Open(rel(name)) },
		Stat: func(name string) (fs.FileInfo, error) { return d.files.Stat(rel(name)) },
		MkdirAll: func(name string, perm fs.FileMode) error {
			d.files[rel(name)] = &fstest.MapFile{Mode: fs.ModeDir | perm}
			return nil
		},
		WriteNew: func(name string, data []byte, perm fs.FileMode) error {
			d.files[rel(name)] = &fstest.MapFile{Data: data, Mode: perm}
			return nil
		},
		Remove:  func(name string) error { delete(d.files, rel(name)); return nil },
		Environ: environ, Dir: dir, Home: home, GOOS: "linux",
	}
}

func rel(name string) string {
	if name = path.Clean(name); name == "/" {
		return "."
	}
	return strings.TrimPrefix(name, "/")
}
