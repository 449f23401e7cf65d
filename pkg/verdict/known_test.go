package verdict

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/llmctl/llmctl/pkg/fault"
)

// known is one failure that users reported.
type known struct {
	ID       string            `json:"id"`
	Area     string            `json:"area"`
	Provider string            `json:"provider"`
	Status   int               `json:"http_status"`
	Header   map[string]string `json:"response_headers"`
	Body     *string           `json:"response_body"`
}

// areas says which codes a failure of an area may have. A code that stands for
// a more exact cause than its area is listed with it.
func areas() map[string]string {
	return map[string]string{
		"auth":          "auth.rejected auth.not-sent auth.forbidden auth.expired quota.unconfirmed",
		"key-shape":     "auth.rejected",
		"key-source":    "auth.rejected",
		"permission":    "auth.restricted auth.forbidden auth.rejected model.not-found",
		"region":        "auth.region base.wrong-region auth.rejected",
		"quota":         "quota.exhausted",
		"rate-limit":    "rate.limited provider.overloaded request.too-large",
		"model":         "model.not-found model.deployment-not-found",
		"param":         "param.unsupported context.exceeded request.too-large request.refused content.filtered",
		"tool-followup": "request.refused",
		"config":        "model.not-found auth.rejected auth.forbidden",
		"litellm-proxy": "auth.rejected auth.not-sent auth.expired model.not-found gateway.upstream-auth quota.exhausted",
		"base-url":      "path.not-found net.scheme",
		"proxy":         "proxy.failed edge.blocked",
		"tcp":           "provider.failed",
		"clock":         "auth.clock",
		"cost":          "quota.exhausted",
		"cooldown":      "cooldown.cascade",
		"fallback":      "rate.limited",
		"stream":        "stream.failed provider.failed provider.overloaded",
	}
}

// words says what a failure of an area may say of the key. In auth and
// permission single cases differ (an organisation that does not match proves
// the key); TestClassify holds those.
func words() map[string]string {
	return map[string]string{
		"auth": "bad unsaid good", "permission": "good unsaid bad", "region": "unsaid good bad", "config": "good bad unsaid",
		"litellm-proxy": "bad unsaid good", "key-shape": "bad", "key-source": "bad",
		"quota": "good", "cost": "good", "model": "good", "tool-followup": "good", "fallback": "good", "cooldown": "good",
		"rate-limit": "good unsaid", "param": "good unsaid", "stream": "unsaid",
		"base-url": "unsaid", "proxy": "unsaid", "tcp": "unsaid", "clock": "unsaid",
	}
}

// TestKnownFailures holds every reported failure that has a status and a body
// against its family. It reads the collection beside the repository.
func TestKnownFailures(t *testing.T) {
	raw, err := os.ReadFile("../../../shared/facts/failures.json")
	if err != nil {
		t.Skipf("the collection of failures is not here: %v", err)
	}
	var all []known
	if err := json.Unmarshal(raw, &all); err != nil {
		t.Fatal(err)
	}
	seen, family, key, certain := 0, 0, 0, 0
	for _, k := range all {
		if k.Status == 0 || k.Body == nil {
			continue
		}
		seen++
		v := Classify(k.answer())
		want := areas()[k.Area]
		if k.Status == 200 && !strings.Contains(*k.Body, `"error"`) {
			want = "" // a good answer, or one whose trouble is not in its words
		}
		if v.Code == "" && want == "" || v.Code != "" && listed(want, string(v.Code)) {
			family++
		} else {
			t.Errorf("%s: %d %s is %q (%s), want one of %q", k.ID, k.Status, k.Provider, v.Code, v.DecidedBy, want)
		}
		if listed(words()[k.Area], string(v.Key)) || v.Code == "" && v.Key == fault.Unsaid {
			key++
		} else {
			t.Errorf("%s: %q says %q of the key, want one of %q", k.ID, v.Code, v.Key, words()[k.Area])
		}
		if v.Certain {
			certain++
		} else {
			t.Logf("%s: %q follows from %s alone", k.ID, v.Code, v.DecidedBy)
		}
		if !v.Certain && v.Key != fault.Unsaid {
			t.Errorf("%s: a guess says %q of the key", k.ID, v.Key)
		}
	}
	if seen < 100 {
		t.Fatalf("only %d failures with status and body were found", seen)
	}
	t.Logf("%d failures: %d in their family, %d with the right word for the key, %d certain", seen, family, key, certain)
}

func (k known) answer() Answer {
	a := Answer{Provider: k.Provider, Status: k.Status, Body: []byte(*k.Body), Header: map[string][]string{}}
	for n, v := range k.Header {
		a.Header[n] = []string{v}
	}
	return a
}
