package cmd

import (
	"context"
	"io"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"syscall"
	"time"

	"golang.org/x/term"

	"github.com/llmctl/llmctl/pkg/source"
)

// This file alone names os. Everything else is handed a System.

// System is the world outside: streams, environment, files, clock, network.
// Tests and the demo pass their own.
type System struct {
	Stdin  io.Reader
	Stdout io.Writer
	Stderr io.Writer

	// StdinWaits says that stdin is a pipe or a regular file, so that reading
	// it ends. A terminal or /dev/null is not read unless it is asked for.
	StdinWaits bool
	StdinTTY   bool
	StdoutTTY  bool
	StderrTTY  bool
	Width      int // columns of the terminal on stdout; 0 = none
	GOOS       string

	Environ []string
	Dir     string // working directory; "" when it is gone
	Home    string // "" when unknown

	Files Files

	// Keyring is the operating system's key store; nil when there is none.
	Keyring source.Keyring

	// Transport carries requests; nil means a new one from the environment's
	// proxy settings.
	Transport http.RoundTripper

	Now          func() time.Time
	Sleep        func(ctx context.Context, d time.Duration) error
	ReadPassword func() (string, error) // from the terminal, without echo
	// Notify ends ctx at the first interrupt and the process at the second.
	Notify func(ctx context.Context) (context.Context, context.CancelFunc)

	Build Build
}

// Files is the file system. The zero value of a func is not allowed.
type Files struct {
	Open     func(name string) (fs.File, error)
	Stat     func(name string) (fs.FileInfo, error)
	ReadDir  func(name string) ([]fs.DirEntry, error)
	WriteNew func(name string, data []byte, perm fs.FileMode) error // atomic: a temporary file, then a rename
	Remove   func(name string) error
	MkdirAll func(name string, perm fs.FileMode) error
	// Run runs a command with a time limit and returns what it wrote.
	Run func(ctx context.Context, argv []string, dir string) (stdout, stderr []byte, err error)
}

// Build says what binary this is.
type Build struct{ Version, Commit, Date string }

// Real is the System of this process.
func Real(b Build) *System {
	// Without this, Go ends the process by signal at the first write to a
	// closed stdout. With it the write fails and exit code 141 is ours to give,
	// after the upstream request was cancelled.
	signal.Ignore(syscall.SIGPIPE)
	dir, _ := os.Getwd()
	home, _ := os.UserHomeDir()
	width, _, err := term.GetSize(int(os.Stdout.Fd()))
	if err != nil {
		width = 0
	}
	return &System{
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
		StdinWaits: waits(os.Stdin),
		StdinTTY:   term.IsTerminal(int(os.Stdin.Fd())),
		StdoutTTY:  term.IsTerminal(int(os.Stdout.Fd())),
		StderrTTY:  term.IsTerminal(int(os.Stderr.Fd())),
		Width:      width, GOOS: runtime.GOOS,
		Environ: os.Environ(), Dir: dir, Home: home,
		Files: Files{
			Open:     func(name string) (fs.File, error) { return os.Open(name) },
			Stat:     os.Stat,
			ReadDir:  os.ReadDir,
			WriteNew: writeNew,
			Remove:   os.Remove,
			MkdirAll: os.MkdirAll,
			Run:      run,
		},
		Keyring: source.OSKeyring(),
		Now:     time.Now,
		Sleep:   sleep,
		ReadPassword: func() (string, error) {
			b, err := term.ReadPassword(int(os.Stdin.Fd()))
			return string(b), err
		},
		Notify: notify,
		Build:  b.complete(),
	}
}

func waits(f *os.File) bool {
	info, err := f.Stat()
	if err != nil {
		return false
	}
	return info.Mode().IsRegular() || info.Mode()&fs.ModeNamedPipe != 0
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// notify cancels at the first signal; the second one ends the process at once,
// for a person who sees that nothing happens.
func notify(parent context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(parent)
	ch := make(chan os.Signal, 2)
	signal.Notify(ch, os.Interrupt, syscall.SIGTERM)
	go func() {
		select {
		case <-ch:
			cancel(interrupted())
		case <-ctx.Done():
			return
		}
		<-ch
		os.Exit(130)
	}()
	return ctx, func() { signal.Stop(ch); cancel(nil) }
}

func writeNew(name string, data []byte, perm fs.FileMode) error {
	tmp, err := os.CreateTemp(filepath.Dir(name), ".llmctl-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(tmp.Name()) }()
	if err := tmp.Chmod(perm); err != nil {
		_ = tmp.Close()
		return err
	}
	if _, err := tmp.Write(data); err != nil {
		_ = tmp.Close()
		return err
	}
	if err := tmp.Close(); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), name)
}

func run(ctx context.Context, argv []string, dir string) (stdout, stderr []byte, err error) {
	c := exec.CommandContext(ctx, argv[0], argv[1:]...)
	c.Dir = dir
	c.WaitDelay = time.Second // a child that keeps the pipe open does not hold us
	var out, errOut limited
	c.Stdout, c.Stderr = &out, &errOut
	err = c.Run()
	return out.buf, errOut.buf, err
}

// limited keeps the first 64 KiB and drops the rest: no key is longer.
type limited struct{ buf []byte }

func (l *limited) Write(p []byte) (int, error) {
	if room := 64<<10 - len(l.buf); room > 0 {
		l.buf = append(l.buf, p[:min(room, len(p))]...)
	}
	return len(p), nil
}

// complete fills what the release build did not set from the module's own
// build information.
func (b Build) complete() Build {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	if b.Version == "" {
		b.Version = info.Main.Version
	}
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision" && b.Commit == "":
			b.Commit = s.Value
		case s.Key == "vcs.time" && b.Date == "":
			b.Date = s.Value
		}
	}
	if b.Version == "" || b.Version == "(devel)" {
		b.Version = "dev"
	}
	return b
}
