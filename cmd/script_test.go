package cmd_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/llmctl/llmctl/cmd"
)

// The command under test is this test binary itself: coverage and the race
// detector come free.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"llmctl": func() { os.Exit(cmd.Main(cmd.Real(cmd.Build{Version: "v0.0.0-test"}), os.Args[1:])) },
	})
}

// TestScripts runs every archive of testdata/script; they are found, not listed.
//
// Commands beside testscript's own:
//
//	rig 'HOST KEY'...   starts a server that answers for every host and accepts
//	                    these keys at these hosts; it sets HTTPS_PROXY and
//	                    SSL_CERT_FILE, and writes what arrives to rig.log. A
//	                    third word, cut or hang, is how it then breaks off;
//	                    quota, rate, broken or nomodel is what it answers,
//	                    and silent answers nothing, not even the free call
//	await FILE TEXT     waits until a file holds a text
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("..", "testdata", "script"),
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			// An empty home inside a directory that ends the upward search.
			home := filepath.Join(env.WorkDir, "home")
			env.Setenv("HOME", home)
			env.Setenv("USERPROFILE", home)
			env.Setenv("XDG_CONFIG_HOME", "")
			env.Setenv("LLMCTL_KEYRING", "off")
			if err := os.MkdirAll(filepath.Join(env.WorkDir, ".git"), 0o755); err != nil {
				return err
			}
			return os.MkdirAll(home, 0o755)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"rig": rigCmd, "await": awaitCmd},
	})
}

func rigCmd(ts *testscript.TestScript, neg bool, args []string) {
	if neg {
		ts.Fatalf("rig cannot be negated")
	}
	r, err := startRig(ts.MkAbs("."), args)
	ts.Check(err)
	ts.Defer(r.close)
	addr := "http://" + r.listener.Addr().String()
	for _, name := range []string{"HTTPS_PROXY", "HTTP_PROXY"} {
		ts.Setenv(name, addr)
	}
	ts.Setenv("RIG", strings.TrimPrefix(addr, "http://"))
	ts.Setenv("SSL_CERT_FILE", ts.MkAbs("ca.pem"))
}

// awaitCmd waits for another process. The limit only ends a test that has
// failed already.
func awaitCmd(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: await FILE TEXT")
	}
	for range 2000 {
		if data, err := os.ReadFile(ts.MkAbs(args[0])); err == nil && strings.Contains(string(data), args[1]) {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	ts.Fatalf("%s never held %q", args[0], args[1])
}
