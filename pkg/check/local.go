package check

import (
	"fmt"
	"strings"

	"github.com/llmctl/llmctl/pkg/config"
	"github.com/llmctl/llmctl/pkg/fault"
	"github.com/llmctl/llmctl/pkg/resolve"
)

// The checks that call nobody. What is wrong stands in the findings that they
// own; these functions say what is right.

func nothing(Subject) Answer { return Answer{} }

func configRead(s Subject) Answer {
	if s.In.Config == nil || len(s.In.Config.Files) == 0 {
		return Answer{Reason: "no config file: every provider with a key is a deployment"}
	}
	var paths []string
	for _, f := range s.In.Config.Files {
		if f.Status == config.Read || f.Status == config.Included {
			paths = append(paths, f.Path)
		}
	}
	return Answer{Reason: strings.Join(paths, ", ")}
}

// modelAny keeps an empty project from looking healthy: without a deployment
// every other check passes by having nothing to look at.
func modelAny(s Subject) Answer {
	if n := len(s.In.Resolutions); n > 0 {
		return Answer{Reason: count(n, "deployment")}
	}
	if s.In.Config != nil && s.In.Config.Path != "" {
		f := fault.New("model.none", s.In.Config.Path+" has no model_list with a deployment")
		f.Location = &fault.Location{File: s.In.Config.Path}
		f.Fix.Summary = "add a deployment to model_list"
		return Answer{Findings: []fault.Finding{f}}
	}
	f := fault.New("model.none", "there is no config, and no provider's variable is set in the environment, in .env or in the key store")
	f.Fix.Commands = []string{"export OPENAI_API_KEY=...", "llmctl doctor --demo"}
	return Answer{Findings: []fault.Finding{f}}
}

func configLint(s Subject) Answer {
	if s.In.Config == nil {
		return Answer{}
	}
	return Answer{Reason: count(len(s.In.Config.Models), "deployment")}
}

func envRead(s Subject) Answer {
	var read []string
	for _, f := range s.In.EnvFiles {
		if f.Status == "read" {
			read = append(read, fmt.Sprintf("%s (%s)", f.Path, count(len(f.Entries), "variable")))
		}
	}
	if len(read) == 0 {
		return Answer{Reason: "no .env file"}
	}
	return Answer{Reason: strings.Join(read, ", ")}
}

func modelName(s Subject) Answer {
	return Answer{Reason: strings.TrimSuffix(s.R.Provider.Name+"/"+s.R.Upstream, "/")}
}

func baseAddress(s Subject) Answer {
	if s.R.Base.IsZero() {
		return Answer{}
	}
	return Answer{Reason: s.R.Redacted(s.R.Base.Value) + " (" + s.R.Base.Origin.String() + ")"}
}

func keySource(s Subject) Answer {
	if !s.R.Key.IsZero() {
		return Answer{Reason: keyWords(s.R)}
	}
	for _, c := range s.R.Trace["api_key"] {
		if c.State == resolve.Refused { // it was found; another check says that it does not count
			return Answer{Outcome: Info, Reason: c.Key.Fingerprint() + " from " + c.Origin.String() + " is not used: " + c.Reason}
		}
	}
	return Answer{Reason: "no key, and none is needed"}
}

func keyShape(s Subject) Answer {
	switch {
	case s.R.Key.IsZero():
		return Answer{Outcome: Info, Reason: "no key is in use"}
	case s.R.KeyKind == "":
		return Answer{Reason: "no known shape"}
	}
	return Answer{Reason: s.R.KeyKind}
}

func bindingHost(s Subject) Answer {
	if s.R.Key.IsZero() {
		return Answer{Outcome: Info, Reason: "no key is sent"}
	}
	return Answer{Reason: "goes to " + s.R.Host()}
}

// keyWords names the key in use and where it stands.
func keyWords(r *resolve.Resolution) string {
	return r.Key.Fingerprint() + " from " + r.KeyOrigin.String()
}

// count is "1 variable", "2 variables".
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
