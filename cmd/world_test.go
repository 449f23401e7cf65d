package cmd_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/llmctl/llmctl/cmd"
)

// world is a directory, an environment and, where a test needs one, a network:
// what one run of llmctl sees. It runs in this process, so that a thousand runs
// take no time; testdata/script runs the whole program.
type world struct {
	dir       string
	env       []string
	stdin     string
	transport http.RoundTripper
}

// newWorld lays files out under a directory that ends the upward search.
func newWorld(t testing.TB, files map[string]string, env ...string) *world {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.MkdirAll(filepath.Join(dir, ".git"), 0o755); err != nil {
		t.Fatal(err)
	}
	return &world{dir: dir, env: env}
}

// run runs one command and returns what it wrote and its exit code.
func (w *world) run(args ...string) (stdout, stderr string, exit int) {
	var out, errOut bytes.Buffer
	exit = w.runWith(func(sys *cmd.System) { sys.Stdout, sys.Stderr = &out, &errOut }, args...)
	return out.String(), errOut.String(), exit
}

// runWith runs one command in the world, changed by with.
func (w *world) runWith(with func(*cmd.System), args ...string) (exit int) {
	sys := cmd.Real(cmd.Build{Version: "v0.0.0-test"})
	sys.Stdin = strings.NewReader(w.stdin)
	sys.StdinWaits, sys.StdinTTY, sys.StdoutTTY, sys.StderrTTY, sys.Width = w.stdin != "", false, false, false, 0
	sys.Environ, sys.Dir, sys.Home = w.env, w.dir, filepath.Join(w.dir, "home")
	sys.Keyring = nil
	sys.Notify = context.WithCancel
	if w.transport != nil {
		sys.Transport = w.transport
	}
	with(sys)
	return cmd.Main(sys, args)
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func readCloser(s string) io.ReadCloser { return io.NopCloser(strings.NewReader(s)) }
