package check

import (
	"context"
	"testing"

	"github.com/llmctl/llmctl/pkg/config"
	"github.com/llmctl/llmctl/pkg/fault"
	"github.com/llmctl/llmctl/pkg/provider"
	"github.com/llmctl/llmctl/pkg/resolve"
	"github.com/llmctl/llmctl/pkg/secret"
	"github.com/llmctl/llmctl/pkg/wire"
)

// resolved resolves a config with a key of OpenAI in the environment.
func resolved(t *testing.T, text string) Input {
	t.Helper()
	cfg, err := config.Parse("config.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	rows := []provider.Provider{
		{Name: "openai", Keys: []string{"OPENAI_API_KEY"}, Base: "https://api.openai.com/v1", Auth: provider.Bearer, Wire: provider.OpenAIChat, ChatPath: "/chat/completions", Probe: provider.Probe{Path: "/models"}},
		{Name: "groq", Keys: []string{"GROQ_API_KEY"}, Base: "https://api.groq.com/openai/v1", Auth: provider.Bearer, Wire: provider.OpenAIChat, ChatPath: "/chat/completions", Probe: provider.Probe{Path: "/models"}},
	}
	env := resolve.Entry{Name: "OPENAI_API_KEY", Value: secret.New("sk-proj-8Jq2mT4vXw9ZbN6rKd3LpY7cHf5GsA1e"), Origin: resolve.Origin{Layer: resolve.Env, Name: "OPENAI_API_KEY"}}
	snapshot := &resolve.Snapshot{Config: cfg, Env: []resolve.Entry{env}}
	return Input{Config: cfg, Resolutions: resolve.Deployments(snapshot, resolve.Tables{Providers: rows}, resolve.Explicit), Probe: good}
}

// What stops a call is told once; every check behind it is skipped and names
// the root, not the link before it. What does not stop the call does not stop
// the probe.
func TestChain(t *testing.T) {
	const head = "model_list:\n- model_name: m\n  litellm_params:\n    model: "
	for _, tc := range []struct {
		name, params string
		failed       string // the check that fails
		code         fault.Code
		skipped      []string
		probed       bool
	}{
		{"no key", "groq/x", "key.source", "key.missing", []string{"key.shape", "binding.host", "probe.auth", "model.listed"}, false},
		{"reference", "openai/x\n    api_key: os.environ/NOT_THERE", "key.source", "key.unresolved", []string{"key.shape", "binding.host", "probe.auth"}, false},
		{"sample key", "openai/x\n    api_key: your-api-key", "key.shape", "key.placeholder", []string{"binding.host", "probe.auth"}, false},
		{"foreign host", "openai/x\n    api_base: https://llm.example.com/v1", "binding.host", "binding.foreign-host", []string{"probe.auth", "model.listed"}, false},
		{"unknown provider", "nobody/x", "model.name", "model.unknown-provider", []string{"base.address", "key.source", "probe.auth"}, false},
		{"base", "openai/x\n    api_key: sk-proj-8Jq2mT4vXw9ZbN6rKd3LpY7cHf5GsA1e\n    api_base: os.environ/NOT_THERE", "base.address", "base.unresolved", []string{"binding.host", "probe.auth"}, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			in := resolved(t, head+tc.params+"\n")
			called := false
			in.Probe = func(context.Context, *resolve.Resolution) wire.Probe { called = true; return wire.Probe{OK: true} }
			res := mustRun(context.Background(), t, in)
			if c := said(t, res, tc.failed, "m"); c.Outcome != Error || c.Code != tc.code {
				t.Fatalf("%s: %s %s", tc.failed, c.Outcome, c.Code)
			}
			for _, id := range tc.skipped {
				c := said(t, res, id, "m")
				if want := "needs " + tc.failed + " (" + string(tc.code) + ")"; c.Outcome != Skipped || c.Code != tc.code || c.Reason != want {
					t.Errorf("%s: %s %q, want %q", id, c.Outcome, c.Reason, want)
				}
			}
			n := 0
			for _, f := range res.Findings {
				if f.Severity == fault.Error {
					n++
				}
			}
			if n != 1 || called != tc.probed {
				t.Errorf("%d errors (%s), probed %v", n, codes(res.Findings), called)
			}
		})
	}
}

// An error of the lint that llmctl itself can live with leaves the proof to
// the probe.
func TestLintDoesNotForbidTheProbe(t *testing.T) {
	in := resolved(t, "model_list:\n- model_name: m\n  litellm_params:\n    model: openai/x\n    api_base: https://api.openai.com/v1/chat/completions\n")
	f := linted("base.operation-path", "m", 5)
	in.ConfigFindings = []fault.Finding{f}
	res := mustRun(context.Background(), t, in)
	if c := said(t, res, "base.address", "m"); c.Outcome != Error {
		t.Errorf("base.address %s", c.Outcome)
	}
	if c := said(t, res, "probe.auth", "m"); c.Outcome != OK || c.Grade != fault.Proven {
		t.Errorf("probe.auth %s %s", c.Outcome, c.Reason)
	}
}
