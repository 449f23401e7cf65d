// Package source reads what settings can come from: the environment, .env
// files, the config file, the command line's key, the key store, and what
// file:, keyring: and cmd: references point to. The result is one
// resolve.Snapshot, and findings about the files themselves.
//
// It does not choose: a losing value is read like a winning one. It never sets
// the environment, and it never stops at what is broken: a doctor has to work
// where everything else has given up.
//
// The one rule: a value is read once, becomes a secret.Secret at once, and its
// place travels with it.
package source

import (
	"context"
	"io"
	"io/fs"

	"github.com/llmctl/llmctl/pkg/config"
	"github.com/llmctl/llmctl/pkg/fault"
	"github.com/llmctl/llmctl/pkg/resolve"
)

// FS is the world that is read: files, and the few facts of the process that
// say where to look. A nil func means that the thing is not available, and is
// reported where it would have been needed.
type FS struct {
	// Open opens a file, or a folder as an fs.ReadDirFile.
	Open     func(name string) (fs.File, error)
	Stat     func(name string) (fs.FileInfo, error)
	MkdirAll func(name string, perm fs.FileMode) error
	// WriteNew replaces a file in one step: a temporary file, then a rename.
	WriteNew func(name string, data []byte, perm fs.FileMode) error
	Remove   func(name string) error
	// Run runs a command without a shell and gives what it wrote.
	Run func(ctx context.Context, argv []string, dir string) (stdout, stderr []byte, err error)

	Environ []string // "NAME=value", as the process has it
	Dir     string   // working directory, absolute; "" when it is gone
	Home    string   // "" when unknown
	GOOS    string   // "linux", "darwin", "windows" …
	Stdin   io.Reader

	// Keyring is the operating system's; nil means that there is none.
	Keyring Keyring
}

// Options are the settings of the command line that say what to read. The zero
// Options read what is found.
type Options struct {
	Config   string   // --config; "" = LLMCTL_CONFIG, else the nearest one
	EnvFiles []string // --env-file, in order; they come before the ones found
	APIBase  string   // --api-base
	KeyEnv   string   // --key-env: a variable's name
	KeyFile  string   // --key-file: a path
	KeyStdin bool     // --key-stdin

	// AllowExec lets cmd: references run. Without it each is refused with
	// key.exec-refused.
	AllowExec bool
	// Need says whether the references of a deployment are read; nil means all.
	// It spares a chat with one model the key commands of the others.
	Need func(config.Model) bool
	// Known are the names of variables that something reads, for typos in .env.
	Known []string
}

// Read reads everything once. The Snapshot is never nil. Problems with the
// files are findings, worst cases included; what could be read is there.
func Read(ctx context.Context, sys FS, o Options) (*resolve.Snapshot, []fault.Finding) {
	r := &reader{sys: sys, options: o, snapshot: &resolve.Snapshot{
		Refs: map[string]resolve.Entry{}, RefErrs: map[string]*fault.Err{},
	}}
	r.environment()
	r.config()
	r.envFiles()
	r.store(ctx)
	r.references(ctx)
	r.flags()
	return r.snapshot, r.findings
}

// reader gathers a snapshot.
type reader struct {
	sys      FS
	options  Options
	snapshot *resolve.Snapshot
	findings []fault.Finding
}

func (r *reader) report(f ...fault.Finding) { r.findings = append(r.findings, f...) }
