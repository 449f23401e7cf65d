package cmd_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"crypto/sha256"
	"encoding/hex"
)

// Trouble 1 of the contract, whole: five sources with five different keys, each
// of them with a value, empty or unset, under each policy. What must win is
// computed here from product.md §2 and from nothing else.
func TestLayersOfAKey(t *testing.T) {
	sources := []struct {
		layer string // as the document names it
		key   string
	}{
		{"deployment", "sk-ant-api03-deployment-71c5a0d9"},
		{"env", "sk-ant-api03-environment-2e8f74b1"},
		{"dotenv", "sk-ant-api03-dotenv-c630a59d4c1b"},
		{"environment_variables", "sk-ant-api03-config-env-7e93f2a8"},
		{"provider-global", "sk-ant-api03-global-60d5b9d1f3c5"},
	}
	// The order of each policy, by index into sources. env-first puts the
	// provider's variables, in all three places, before what the deployment
	// names.
	orders := map[string][]int{"explicit": {0, 1, 2, 3, 4}, "env-first": {1, 2, 3, 0, 4}}
	const value, empty, unset = 0, 1, 2

	for policy, order := range orders {
		for n := range 243 {
			var state [5]int
			for i, rest := 0, n; i < 5; i, rest = i+1, rest/3 {
				state[i] = rest % 3
			}
			name := fmt.Sprintf("%s/%v", policy, state)
			w, says := layered(t, state, func(i int) string {
				if state[i] == value {
					return sources[i].key
				}
				return ""
			})
			want := -1
			for _, i := range order {
				if state[i] == value {
					want = i
					break
				}
			}
			// An empty api_key in a deployment is refused at that place: what
			// was named for the deployment is not replaced behind its back.
			if state[0] == empty && policy == "explicit" {
				want = -2
			}
			got := why(t, w, policy)
			switch {
			case want == -2:
				if got.APIKey != nil && got.APIKey.Origin.Layer == "deployment" {
					t.Errorf("%s: an empty api_key is in use", name)
				}
			case want == -1:
				if got.APIKey != nil || got.Callable {
					t.Errorf("%s: no source has a key, and one is in use from %+v", name, got.APIKey)
				}
			case got.APIKey == nil:
				t.Errorf("%s: no key in use, want %s", name, sources[want].layer)
			default:
				if got.APIKey.Fingerprint != fingerprint(sources[want].key) || source(got.APIKey.Origin) != sources[want].layer {
					t.Errorf("%s: %s %s in use, want %s %s\n%s", name, got.APIKey.Fingerprint, source(got.APIKey.Origin),
						fingerprint(sources[want].key), sources[want].layer, says)
				}
			}
			// Every source that has a value is in the trace, as used or as
			// shadowed with a different value; nothing is lost.
			seen := map[string]string{}
			for _, c := range got.Candidates.APIKey {
				if c.Fingerprint != "" {
					seen[c.Fingerprint] = c.State
				}
			}
			for i, s := range sources {
				if state[i] != value || (want == -2) {
					continue
				}
				st, ok := seen[fingerprint(s.key)]
				if !ok || (i == want) != (st == "used") || (i != want) != (st == "shadowed") {
					t.Errorf("%s: candidate %s is %q, winner %d", name, s.layer, st, want)
				}
			}
		}
	}
}

// layered writes the project in which the sources stand.
func layered(t *testing.T, state [5]int, key func(int) string) (*world, string) {
	t.Helper()
	var yaml strings.Builder
	yaml.WriteString("model_list:\n  - model_name: claude\n    litellm_params:\n      model: anthropic/claude-sonnet-4-5\n")
	put := func(i int, line string) {
		if state[i] != 2 {
			fmt.Fprintf(&yaml, line, key(i))
		}
	}
	put(0, "      api_key: %q\n")
	put(3, "environment_variables:\n  ANTHROPIC_API_KEY: %q\n")
	put(4, "litellm_settings:\n  anthropic_key: %q\n")
	files := map[string]string{"litellm_config.yaml": yaml.String()}
	var env []string
	if state[1] != 2 {
		env = append(env, "ANTHROPIC_API_KEY="+key(1))
	}
	if state[2] != 2 {
		files[".env"] = "ANTHROPIC_API_KEY=" + key(2) + "\n"
	}
	return newWorld(t, files, env...), yaml.String()
}

type origin struct {
	Layer, File string
	Line        int
	Via         *origin
}

// source is the layer in which the value itself stands.
func source(o origin) string {
	for o.Via != nil {
		o = *o.Via
	}
	return o.Layer
}

type deployment struct {
	Callable bool
	URL      string
	Code     string
	APIKey   *struct {
		Fingerprint string
		Origin      origin
	} `json:"api_key"`
	Candidates struct {
		APIKey []struct {
			State, Fingerprint string
			Differs            *bool
		} `json:"api_key"`
	}
}

func why(t *testing.T, w *world, policy string) deployment {
	t.Helper()
	out, errOut, _ := w.run("keys", "why", "claude", "--json", "--policy", policy)
	var doc struct{ Deployments []deployment }
	if err := json.Unmarshal([]byte(out), &doc); err != nil || len(doc.Deployments) != 1 {
		t.Fatalf("keys why: %v\n%s%s", err, out, errOut)
	}
	return doc.Deployments[0]
}

func fingerprint(key string) string {
	sum := sha256.Sum256([]byte("llmctl:" + key))
	return "fp:" + hex.EncodeToString(sum[:])[:8]
}
