package source

import (
	"errors"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/llmctl/llmctl/pkg/fault"
	"github.com/llmctl/llmctl/pkg/resolve"
	"github.com/llmctl/llmctl/pkg/secret"
)

// environment takes the variables of the process.
func (r *reader) environment() {
	for _, kv := range r.sys.Environ {
		if name, value, ok := cutEnv(kv); ok {
			r.snapshot.Env = append(r.snapshot.Env, resolve.Entry{
				Name: name, Value: secret.New(value), Origin: resolve.Origin{Layer: resolve.Env, Name: name},
			})
		}
	}
}

// envFiles reads the .env files: those of --env-file first, then each .env from
// the working directory upward. What lies beside them and is not read is listed,
// because people look there.
func (r *reader) envFiles() {
	seen := map[string]bool{}
	for _, path := range r.options.EnvFiles {
		if full := r.sys.abs(path); !seen[full] {
			seen[full] = true
			r.envFile(path, true)
		}
	}
	for _, dir := range r.sys.folders() {
		path := filepath.Join(dir, ".env")
		if !seen[path] && r.sys.exists(path) {
			seen[path] = true
			r.envFile(r.sys.show(path), false)
		}
		for _, name := range []string{".env.local", ".env.development", ".env.development.local", ".env.production", ".env.production.local", ".envrc"} {
			r.unused(filepath.Join(dir, name), seen, "only .env is read by itself")
		}
	}
	if c := r.snapshot.Config; c != nil && c.Path != "" {
		beside := filepath.Join(filepath.Dir(r.sys.abs(c.Path)), ".env")
		r.unused(beside, seen, "it is beside the config file, but neither in the working directory nor above it")
	}
}

// unused lists a file that exists and is not read.
func (r *reader) unused(path string, seen map[string]bool, reason string) {
	info, err := r.sys.stat(path)
	if seen[path] || err != nil || info.IsDir() {
		return
	}
	seen[path] = true
	path = r.sys.show(path)
	r.snapshot.EnvFiles = append(r.snapshot.EnvFiles, resolve.EnvFile{Path: path, Status: "unused", Reason: reason})
	f := fault.New("dotenv.unused", path+" is not read: "+reason)
	f.Location = &fault.Location{File: path}
	f.Fix.Commands = []string{"llmctl doctor --env-file " + quoted(path)}
	r.report(f)
}

// envFile reads one .env into the snapshot. asked says that --env-file names
// it, so that its absence is an error.
func (r *reader) envFile(path string, asked bool) {
	d, finding := r.sys.readDotEnv(path, asked)
	if d == nil {
		status := "unreadable"
		if finding.Code == "dotenv.utf16" {
			status = "broken"
		}
		r.snapshot.EnvFiles = append(r.snapshot.EnvFiles, resolve.EnvFile{Path: path, Status: status, Reason: finding.Detail})
		r.report(*finding)
		return
	}
	f := resolve.EnvFile{Path: path, Status: "read", Entries: d.entries()}
	if d.broken != nil {
		f.Status, f.Reason = "broken", d.broken.said()
	}
	r.snapshot.EnvFiles = append(r.snapshot.EnvFiles, f)
	r.report(r.sys.lint(d, r.options.Known)...)
}

// readDotEnv reads and parses one .env. Without a dotenv there is a finding.
func (s FS) readDotEnv(path string, asked bool) (*dotenv, *fault.Finding) {
	read := s.regular
	if asked {
		read = s.read // a pipe is what <(command) gives
	}
	data, err := read(path, maxDotEnv)
	if err == nil {
		var d *dotenv
		if d, err = parseDotEnv(path, data); err == nil {
			return d, nil
		}
	}
	f := fault.New("dotenv.unreadable", path+" cannot be read: "+why(err))
	switch {
	case errors.Is(err, errTooLarge):
		f = fault.New("dotenv.too-large", path+" has more than 1 MiB; nothing of it is used")
	case errors.Is(err, errUTF16):
		f = fault.New("dotenv.utf16", path+" is UTF-16, as Windows PowerShell's > writes it; nothing of it is used")
		f.Fix.Commands = []string{"iconv -f UTF-16 -t UTF-8 " + quoted(path) + " > " + quoted(path+".utf8")}
	case errors.Is(err, fs.ErrNotExist):
		f.Detail = path + " does not exist"
	}
	if asked {
		f.Severity = fault.Error
	}
	f.Location = &fault.Location{File: path}
	return nil, &f
}

// said is a mistake as a sentence.
func (m mistake) said() string {
	if m.at.line == 0 {
		return m.why
	}
	return "line " + strconv.Itoa(m.at.line) + ": " + m.why
}

// Lint reads one .env file and says what is wrong with it. known are the names
// of variables that something reads, for typos. The error is that of a file
// that cannot be read at all.
func Lint(sys FS, path string, known []string) ([]fault.Finding, error) {
	d, finding := sys.readDotEnv(path, true)
	if d == nil {
		return []fault.Finding{*finding}, &fault.Err{Code: finding.Code, Subject: path, Message: finding.Detail}
	}
	return slices.Concat([]fault.Finding{}, sys.lint(d, known)), nil
}
