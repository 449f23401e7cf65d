package wire

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/llmctl/llmctl/pkg/fault"
	"github.com/llmctl/llmctl/pkg/provider"
	"github.com/llmctl/llmctl/pkg/resolve"
)

const (
	listBody   = `{"object":"list","data":[{"id":"gpt-4o"},{"id":"o3"}]}`
	openai401  = `{"error":{"message":"Incorrect API key provided: sk-llmct***0000.","type":"invalid_request_error","param":null,"code":"invalid_api_key"}}`
	openai403  = `{"error":{"message":"You have insufficient permissions for this operation. Missing scopes: api.model.read.","type":"invalid_request_error","param":null,"code":null}}`
	htmlPortal = "<!DOCTYPE html><html><head><title>Sign in</title></head><body>Welcome to the airport</body></html>"
)

// gate answers ok to the bearer canary and refused to anything else.
func gate(ok, refused http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, req *http.Request) {
		if req.Header.Get("Authorization") == "Bearer "+canary {
			ok(w, req)
			return
		}
		refused(w, req)
	}
}

func TestProbe(t *testing.T) {
	json := func(status int, body string) http.HandlerFunc { return say(status, "application/json", body) }
	named := func(name string) provider.Provider { p := chatRow(); p.Name = name; return p }
	for _, tc := range []struct {
		name    string
		row     provider.Provider
		noKey   bool
		answer  http.HandlerFunc
		ok      bool
		code    fault.Code
		grade   fault.Grade
		control bool
	}{
		{"a gateway that refuses a wrong key", chatRow(), false, gate(json(200, listBody), json(401, openai401)), true, "", fault.Proven, true},
		{"a gateway that takes any key", chatRow(), false, json(200, listBody), false, "probe.unproven", fault.Unproven, true},
		{"a control that is rate limited proves nothing", chatRow(), false, gate(json(200, listBody), json(429, `{"error":{"message":"Rate limit reached","type":"requests","code":"rate_limit_exceeded"}}`)), false, "probe.unproven", fault.Unproven, true},
		{"a control that fails proves nothing", chatRow(), false, gate(json(200, listBody), json(500, `{"error":{"message":"boom"}}`)), false, "probe.unproven", fault.Unproven, true},
		{"a local server without a key", chatRow(), true, json(200, listBody), true, "probe.no-credential", fault.ReachableOnly, false},
		{"a rejected key", chatRow(), false, json(401, openai401), false, "auth.rejected", "", false},
		{"a valid key that may not list models", chatRow(), false, json(403, openai403), true, "auth.restricted", fault.Scoped, false},
		{"no credit", chatRow(), false, json(429, `{"error":{"message":"You exceeded your current quota","type":"insufficient_quota","param":null,"code":"insufficient_quota"}}`), false, "quota.exhausted", "", false},
		{"a portal under 200", chatRow(), false, say(200, "text/html", htmlPortal), false, "answer.not-api", "", false},
		{"plain text under 200", chatRow(), false, say(200, "text/plain", "Ollama is running"), false, "answer.not-api", "", false},
		{"nothing under 200", chatRow(), false, json(200, " \n"), false, "answer.empty", "", false},
		{"broken JSON under 200", chatRow(), false, json(200, `{"data":[`), false, "answer.not-api", "", false},
		{"DeepSeek without money", named("deepseek"), false, json(200, `{"is_available":false,"balance_infos":[]}`), false, "quota.exhausted", "", false},
		{"Cohere says not valid", named("cohere"), false, json(200, `{"valid":false,"organization_id":null}`), false, "auth.rejected", "", false},
		{"xAI disabled the key", named("xai"), false, json(200, `{"api_key_blocked":false,"api_key_disabled":true,"team_blocked":false}`), false, "auth.rejected", "", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := serve(t, tc.answer)
			r := at(tc.row, s.URL+"/v1")
			if tc.noKey {
				r = keyless(r)
			}
			p := client(t).Probe(t.Context(), r)
			if p.OK != tc.ok || p.Code != tc.code || p.Grade != tc.grade || p.Control != tc.control {
				t.Errorf("got ok %v code %q grade %q control %v (%v), want %v %q %q %v",
					p.OK, p.Code, p.Grade, p.Control, p.Err, tc.ok, tc.code, tc.grade, tc.control)
			}
			if (p.Err == nil) != p.OK {
				t.Errorf("OK is %v and Err is %v", p.OK, p.Err)
			}
			want := 1
			if tc.control {
				want = 2
			}
			if n := len(s.requests()); n != want {
				t.Errorf("%d requests, want %d", n, want)
			}
			if p.Method != "GET" || !strings.HasSuffix(p.URL, "/v1/models") || p.Status == 0 {
				t.Errorf("the evidence lacks method, URL or status: %+v", p.Evidence())
			}
		})
	}
}

// LM Studio answers an unknown path with 200 and an error.
func TestErrorInside200IsNeverGood(t *testing.T) {
	for _, body := range []string{
		`{"error":"Unexpected endpoint or method. (GET /v1/models)"}`,
		`{"error":{"message":"nobody has a word for this","code":17}}`,
	} {
		s := serve(t, say(200, "application/json", body))
		p := client(t).Probe(t.Context(), at(chatRow(), s.URL+"/v1"))
		if p.OK || p.Code == "" || p.Grade == fault.Proven {
			t.Errorf("%s: got %+v", body, p)
		}
	}
}

func TestNeedsKeyCountsOnTheOwnHostOnly(t *testing.T) {
	row := chatRow()
	s := serve(t, say(200, "application/json", listBody))
	row.Hosts = []string{"127.0.0.1"}
	p := client(t).Probe(t.Context(), at(row, s.URL+"/v1"))
	if !p.OK || p.Grade != fault.Proven || p.Control {
		t.Errorf("own host that is known to need a key: %+v", p)
	}
	row.Probe.NeedsKey, row.Probe.Public = false, true
	p = client(t).Probe(t.Context(), at(row, s.URL+"/v1"))
	if p.OK || p.Grade != fault.Unproven || p.Control {
		t.Errorf("own host that is known to be public: %+v", p)
	}
}

func TestControlKey(t *testing.T) {
	for _, tc := range []struct{ key, prefix string }{
		{"sk-ant-api03-abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz", "sk-ant-api03-"},
		{"gsk_abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz", "gsk_"},
		{"3f9a8b7c6d5e4f3a2b1c0d9e8f7a6b5c", "llmctl"},
	} {
		var got string
		s := serve(t, func(w http.ResponseWriter, req *http.Request) {
			if got = strings.TrimPrefix(req.Header.Get("Authorization"), "Bearer "); got == tc.key {
				say(200, "application/json", listBody)(w, req)
				return
			}
			say(401, "application/json", openai401)(w, req)
		})
		r := at(chatRow(), s.URL+"/v1")
		r.Key = r.Key.Map(func(string) string { return tc.key })
		if p := client(t).Probe(t.Context(), r); !p.OK || p.Grade != fault.Proven {
			t.Fatalf("probe: %+v", p)
		}
		if !strings.HasPrefix(got, tc.prefix) || !strings.Contains(got, "llmctl-negative-control") || len(got) < len(tc.key) {
			t.Errorf("the control key is %q", got)
		}
		if tc.prefix == "llmctl" && strings.Contains(got, tc.key[:4]) {
			t.Errorf("the control key repeats the right one: %q", got)
		}
	}
}

func TestProbeWithoutAFreeCall(t *testing.T) {
	row := chatRow()
	row.Probe = provider.Probe{}
	if p := client(t).Probe(t.Context(), at(row, "http://127.0.0.1:1")); p.OK || p.Code != "probe.none" || p.Err == nil {
		t.Errorf("no probe in the row: %+v", p)
	}
	row = chatRow()
	row.Auth = provider.SigV4
	if p := client(t).Probe(t.Context(), keyless(at(row, "http://127.0.0.1:1"))); p.Code != "probe.none" {
		t.Errorf("SigV4 without an API key: %+v", p)
	}
}

func TestProbePost(t *testing.T) {
	row := chatRow()
	row.Name, row.Hosts = "cohere", []string{"127.0.0.1"}
	row.Probe = provider.Probe{Method: "POST", Path: "/check-api-key", Body: "{}", Header: []provider.Header{{Name: "X-Client-Name", Value: "llmctl"}}, NeedsKey: true}
	s := serve(t, say(200, "application/json", `{"valid":true,"organization_id":"o"}`))
	p := client(t).Probe(t.Context(), at(row, s.URL+"/v1"))
	if !p.OK || p.Grade != fault.Proven {
		t.Fatalf("probe: %+v", p)
	}
	req := s.requests()[0]
	if req.Method != "POST" || s.body[0] != "{}" || req.Header.Get("Content-Type") != "application/json" || req.Header.Get("X-Client-Name") != "llmctl" {
		t.Errorf("sent %s %v %q", req.Method, req.Header, s.body[0])
	}
}

func TestModels(t *testing.T) {
	for _, tc := range []struct {
		name, body string
		want       []string
		whole      bool
	}{
		{"OpenAI", `{"data":[{"id":"a"},{"id":"b"}]}`, []string{"a", "b"}, true},
		{"Together, a bare array", `[{"id":"a"},{"id":"b"}]`, []string{"a", "b"}, true},
		{"Gemini", `{"models":[{"name":"models/a"}],"nextPageToken":"x"}`, []string{"a"}, false},
		{"Ollama", `{"models":[{"name":"a:latest","model":"a:latest"}]}`, []string{"a:latest"}, true},
		{"Anthropic, first page", `{"data":[{"type":"model","id":"a"}],"has_more":true}`, []string{"a"}, false},
		{"Bedrock", `{"modelSummaries":[{"modelId":"a"}]}`, []string{"a"}, true},
		{"an empty list is a list", `{"data":[]}`, []string{}, true},
		{"no list", `"text"`, nil, false},
	} {
		got, whole := models([]byte(tc.body))
		if !slices.Equal(got, tc.want) || whole != tc.whole || (got == nil) != (tc.want == nil) {
			t.Errorf("%s: got %v %v", tc.name, got, whole)
		}
	}
}

func TestProbeFacts(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, req *http.Request) {
		w.Header().Set("X-Request-Id", "req_1")
		gate(say(200, "application/json", listBody), say(401, "application/json", openai401))(w, req)
	})
	r := at(chatRow(), s.URL+"/v1")
	r.Settings = map[string]resolve.Setting{"organization": {Value: "org-1"}, "project": {Value: "proj-1"}}
	r.Headers = []provider.Header{{Name: "X-Team", Value: "blue"}, {Name: "Api-Key", Value: "second"}}
	p := client(t).Probe(t.Context(), r)
	if p.RequestID != "req_1" || p.Status != 200 || !slices.Equal(p.Models, []string{"gpt-4o", "o3"}) || !p.Complete {
		t.Errorf("facts: %+v", p)
	}
	h := s.requests()[0].Header
	for name, want := range map[string]string{
		"Openai-Organization": "org-1", "Openai-Project": "proj-1", "X-Team": "blue",
		"User-Agent": "llmctl/test", "Api-Key": "",
	} {
		if got := h.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}
