package cmd_test

import (
	"errors"
	"io/fs"
	"net/http"
	"strings"
	"syscall"
	"testing"

	"github.com/llmctl/llmctl/cmd"
)

const oneModel = "model_list:\n  - model_name: m\n    litellm_params: {model: openai/gpt-4o}\n"

// A mistake of ours in the middle of a signed call: its code, no value of the
// panic, and the place only when it is asked for.
func TestPanicEndsQuietly(t *testing.T) {
	w := newWorld(t, map[string]string{"litellm_config.yaml": oneModel}, "OPENAI_API_KEY=sk-proj-7c1e5b93f0d2a846")
	w.transport = roundTrip(func(r *http.Request) (*http.Response, error) { panic(r.Header) })
	out, errOut, exit := w.run("chat", "-m", "m", "hi")
	if exit != 1 || !strings.Contains(errOut, "run.crashed") || strings.Contains(out+errOut, "goroutine") {
		t.Errorf("exit %d\n%s%s", exit, out, errOut)
	}
	if _, errOut, _ = w.run("chat", "-m", "m", "hi", "-v"); !strings.Contains(errOut, "ends_test.go") {
		t.Errorf("-v does not say where:\n%s", errOut)
	}
	if strings.Contains(errOut, "7c1e5b93") {
		t.Error("the key got out")
	}
}

// failing is a stdout that takes no more.
type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

// A reader that went away is no error to talk about; a disk that is full is.
func TestStdoutThatFails(t *testing.T) {
	for code, tc := range map[string]struct {
		err  error
		exit int
	}{
		"run.broken-pipe": {syscall.EPIPE, 141},
		"run.output":      {&fs.PathError{Op: "write", Path: "/dev/stdout", Err: errors.New("no space left on device")}, 1},
	} {
		w := newWorld(t, map[string]string{"litellm_config.yaml": oneModel})
		for _, args := range [][]string{{"version"}, {"keys"}, {"doctor", "--offline"}, {"doctor", "--demo", "--json"}, {"keys", "why", "m"}} {
			var said strings.Builder
			exit := w.runWith(func(sys *cmd.System) { sys.Stdout, sys.Stderr = failing{tc.err}, &said }, args...)
			if exit != tc.exit {
				t.Errorf("%s: %v ends with %d, want %d", code, args, exit, tc.exit)
			}
			if quiet := code == "run.broken-pipe"; quiet != (said.Len() == 0) || !quiet && !strings.Contains(said.String(), code) {
				t.Errorf("%s: %v says %q", code, args, said.String())
			}
		}
	}
}
