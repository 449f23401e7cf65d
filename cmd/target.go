package cmd

import (
	"context"
	"fmt"
	"strings"

	"github.com/llmctl/llmctl/pkg/fault"
	"github.com/llmctl/llmctl/pkg/resolve"
)

// aim loads what a call needs, and finds its deployment.
func (a *app) aim(ctx context.Context) (*core, *resolve.Resolution, error) {
	core, err := a.load(ctx, true)
	if err != nil {
		return nil, nil, err
	}
	r, err := a.target(core)
	return core, r, err
}

// target is the deployment to call: the one that -m or the preferences name,
// else the only one there is.
func (a *app) target(core *core) (*resolve.Resolution, error) {
	if err := core.broken(); err != nil {
		return nil, err // a model of a file that cannot be read may mean anything
	}
	name := core.prefs.v.GetString("model")
	var all []*resolve.Resolution
	if name != "" {
		all = resolve.Resolve(core.snapshot, core.tables, core.prefs.policy(), name)
	} else if all = resolve.Deployments(core.snapshot, core.tables, core.prefs.policy()); !oneGroup(all) {
		return nil, &fault.Err{Code: "usage.invalid", Message: "which model?" + some(all),
			Hint: "name one with -m, or set LLMCTL_MODEL, or model: under llmctl: in the config"}
	}
	for _, r := range all {
		if r.Err() == nil {
			return r, nil
		}
	}
	if len(all) > 0 {
		return nil, all[0].Err()
	}
	return nil, &fault.Err{Code: "key.missing", Message: "no model, and no provider's key was found",
		Hint: "set a provider's variable, as OPENAI_API_KEY, and name a model with -m; llmctl doctor shows what was looked at"}
}

func oneGroup(all []*resolve.Resolution) bool {
	for _, r := range all {
		if r.ModelName != all[0].ModelName || r.Upstream == "" {
			return false
		}
	}
	return true
}

func some(all []*resolve.Resolution) string {
	if len(all) == 0 {
		return ""
	}
	names, more := []string{}, ""
	for _, r := range all {
		switch name := r.ModelName; {
		case oneOf(name, names):
		case len(names) < 5:
			names = append(names, name)
		default:
			more = " and others"
		}
	}
	return " There is " + strings.Join(names, ", ") + more
}

// sayGuess tells on stderr what was guessed about a bare model name.
func (a *app) sayGuess(r *resolve.Resolution) {
	for _, n := range r.Notes {
		if n.Code == "model.bare" {
			_, _ = fmt.Fprintln(a.sys.Stderr, "llmctl: "+n.Detail)
		}
	}
}
