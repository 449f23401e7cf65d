package verdict

import (
	"regexp"
	"strings"
	"testing"

	"github.com/llmctl/llmctl/pkg/fault"
)

// one is one line of TestClassify: who answered what, and what it means.
type one struct {
	name     string
	provider string
	host     string
	status   int
	header   string // "Name: value", one a line
	body     string
	code     fault.Code
	key      fault.Key
	certain  bool
}

const (
	fine   = fault.Good
	bad    = fault.Bad
	unsaid = fault.Unsaid
	page   = "Content-Type: text/html"
)

// TestClassify holds the traps that cost users most.
// Sources: wire facts §0 and §4, failures seen by users, compiled 2026-11-21.
func TestClassify(t *testing.T) {
	for _, c := range []one{
		// Good answers, and what only looks like one.
		{"list", "openai", "api.openai.com", 200, "", `{"object":"list","data":[{"id":"m"}]}`, "", unsaid, true},
		{"bare array", "together_ai", "", 200, "", `[{"id":"m"}]`, "", unsaid, true},
		{"error null", "openai", "", 200, "", `{"id":"x","error":null,"status":"completed"}`, "", unsaid, true},
		{"half a document", "openrouter", "", 200, "", `{"data":[{"id":"a"},{"id":"b`, "", unsaid, true},
		{"stream", "openai", "", 200, "Content-Type: text/event-stream", "data: {\"choices\":[]}\n\n", "", unsaid, true},
		{"portal", "openai", "api.openai.com", 200, page, "<html><title>Welcome to Hotel Wifi</title>", "answer.not-api", unsaid, true},
		{"page without a type", "openai", "", 200, "", "\n <!doctype html><p>hi", "answer.not-api", unsaid, true},
		{"text", "ollama", "localhost", 200, "Content-Type: text/plain", "Ollama is running", "answer.not-api", unsaid, false},
		{"blank", "openai", "", 200, "", " \n ", "answer.empty", unsaid, false},
		{"error inside 200", "lm_studio", "", 200, "", `{"error":"Unexpected endpoint or method. (POST /chat/completions)"}`, "path.not-found", unsaid, true},
		{"error inside 200 with its status", "openrouter", "", 200, "", `{"error":{"message":"?","code":502}}`, "provider.failed", unsaid, false},
		{"unknown error inside 200", "x", "", 200, "", `{"error":"?"}`, "answer.unknown", unsaid, false},
		{"error in a choice", "openrouter", "", 200, "", `{"choices":[{"error":{"code":429,"message":"Rate limit exceeded"},"finish_reason":"error"}]}`, "rate.limited", fine, true},
		{"error in a stream", "openai", "", 200, "Content-Type: text/event-stream", "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n\n", "provider.overloaded", unsaid, true},
		{"unknown error in a stream", "openai", "", 200, "", "data: {\"error\":{\"message\":\"?\"}}\n\n", "stream.failed", unsaid, false},
		{"no credit in a stream", "openai", "", 200, "", "data: {\"type\":\"error\",\"error\":{\"type\":\"insufficient_quota\",\"code\":\"insufficient_quota\",\"message\":\"You exceeded your current quota\"}}\n\n", "quota.exhausted", fine, true},
		{"bare string", "xai", "api.x.ai", 429, "", `"Your team t has either used all available credits or reached its monthly spending limit."`, "quota.exhausted", fine, true},

		// An auth failure is not "401".
		{"gemini bad key", "gemini", "", 400, "", `{"error":{"code":400,"message":"other words","status":"INVALID_ARGUMENT","details":[{"reason":"API_KEY_INVALID"}]}}`, "auth.rejected", bad, true},
		{"gemini bad argument", "gemini", "", 400, "", `{"error":{"code":400,"message":"* contents is not specified","status":"INVALID_ARGUMENT"}}`, "request.refused", fine, true},
		{"gemini expired", "gemini", "", 400, "", `{"error":{"code":400,"message":"API key expired. Please renew the API key.","status":"INVALID_ARGUMENT","details":[{"reason":"API_KEY_INVALID"}]}}`, "auth.expired", bad, true},
		{"gemini in an array", "gemini", "", 400, "", `[{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT"}}]`, "auth.rejected", bad, true},
		{"gemini location", "gemini", "", 400, "", `{"error":{"code":400,"message":"User location is not supported for the API use.","status":"FAILED_PRECONDITION"}}`, "auth.region", unsaid, true},
		{"gemini api disabled", "gemini", "", 403, "", `{"error":{"code":403,"message":"Generative Language API has not been used in project 1 before or it is disabled.","status":"PERMISSION_DENIED","details":[{"reason":"SERVICE_DISABLED"}]}}`, "auth.restricted", fine, true},
		{"xai bad key", "xai", "", 400, "", `{"code":"Client specified an invalid argument","error":"Incorrect API key provided: xa***yz. You can obtain an API key from https://console.x.ai."}`, "auth.rejected", bad, true},
		{"xai bad key as a string", "xai", "", 400, "", `"Incorrect API key provided: xa***yz."`, "auth.rejected", bad, true},
		{"openai scopes", "openai", "", 401, "", `{"error":{"message":"You have insufficient permissions for this operation. Missing scopes: api.model.read.","type":"invalid_request_error","code":null}}`, "auth.restricted", fine, true},
		{"openai scopes 403", "openai", "", 403, "", `{"error":{"message":"Missing scopes: model.request","code":null}}`, "auth.restricted", fine, true},
		{"openai no key", "openai", "", 401, "", `{"error":{"message":"You didn't provide an API key. You need to …","type":"invalid_request_error","code":null}}`, "auth.not-sent", unsaid, true},
		{"openai project", "openai", "", 403, "", `{"error":{"message":"Project p does not have access to model m","code":"model_not_found"}}`, "model.not-found", fine, true},
		{"openai other region", "openai", "", 401, "", `{"error":{"message":"… Please make your request to us.api.openai.com","code":"incorrect_hostname"}}`, "base.wrong-region", fine, true},
		{"mistral", "mistral", "", 401, "", `{"detail":"Unauthorized"}`, "quota.unconfirmed", unsaid, true},
		{"mistral by host", "openai", "api.mistral.ai", 401, "", `{"detail":"Unauthorized"}`, "quota.unconfirmed", unsaid, true},
		{"mistral, newer words", "mistral", "", 401, "", `{"detail":"Invalid API Key"}`, "auth.rejected", bad, true},
		{"somebody else's Unauthorized", "hosted_vllm", "10.0.0.1", 401, "", `{"error":"Unauthorized"}`, "auth.rejected", bad, true},
		{"anthropic bearer", "anthropic", "", 401, "", `{"type":"error","error":{"type":"authentication_error","message":"x-api-key header is required"}}`, "auth.not-sent", unsaid, true},
		{"anthropic bad", "anthropic", "", 401, "", `{"type":"error","error":{"type":"authentication_error","message":"invalid x-api-key"}}`, "auth.rejected", bad, true},
		{"anthropic bad, unknown words", "anthropic", "", 401, "", `{"type":"error","error":{"type":"authentication_error","message":"no."}}`, "auth.rejected", bad, true},
		{"anthropic forbidden", "anthropic", "", 403, "", `{"error":{"type":"forbidden","message":"Request not allowed"}}`, "auth.region", unsaid, true},
		{"nvidia", "nvidia_nim", "", 403, "", `{"status":403,"title":"Forbidden","detail":"Authorization failed"}`, "auth.rejected", bad, true},
		{"fireworks 412", "fireworks_ai", "", 412, "", `{"error":{"message":"suspended"}}`, "quota.exhausted", fine, true},
		{"perplexity", "perplexity", "", 401, page, "<html><head><title>401 Authorization Required</title></head>", "quota.unconfirmed", unsaid, true},
		{"somebody else's page", "openai", "gate.corp.example", 401, page, "<html><head><title>401 Authorization Required</title></head>", "answer.not-api", unsaid, true},
		{"github scope", "github", "", 401, "", "{\"error\":{\"code\":\"unauthorized\",\"message\":\"The `models` permission is required to access this endpoint\"}}", "auth.restricted", fine, true},
		{"bedrock form", "bedrock", "", 404, "X-Amzn-Errortype: ResourceNotFoundException", `{"message":"Model use case details have not been submitted for this account."}`, "model.not-found", fine, true},
		{"bedrock, header only", "bedrock", "", 403, "X-Amzn-Errortype: UnrecognizedClientException:http://x/", `{"Message":"?"}`, "auth.rejected", bad, true},
		{"clock", "bedrock", "", 403, "X-Amzn-Errortype: InvalidSignatureException", `{"message":"Signature expired: 20210309T162431Z is now earlier than 20210309T163358Z"}`, "auth.clock", unsaid, true},
		{"cohere says false", "cohere", "", 200, "", `{"valid":false,"organization_id":null}`, "auth.rejected", bad, true},
		{"cohere says true", "cohere", "", 200, "", `{"valid":true}`, "", unsaid, true},
		{"xai blocked", "xai", "", 200, "", `{"api_key_blocked":true,"team_blocked":false}`, "auth.rejected", bad, true},
		{"xai team blocked", "xai", "", 200, "", `{"api_key_blocked":false,"team_blocked":true}`, "auth.forbidden", fine, true},
		{"deepseek empty", "deepseek", "", 200, "", `{"is_available":false,"balance_infos":[]}`, "quota.exhausted", fine, true},
		{"somebody else's valid", "x", "", 200, "", `{"valid":false}`, "", unsaid, true},

		// No credit is not "402", and a limit is not always worth a wait.
		{"openai quota", "openai", "", 429, "", `{"error":{"message":"?","type":"insufficient_quota","code":"insufficient_quota"}}`, "quota.exhausted", fine, true},
		{"openai quota, text only", "openai", "", 429, "", `{"error":{"message":"You exceeded your current quota, please check your plan and billing details."}}`, "quota.exhausted", fine, true},
		{"anthropic credit", "anthropic", "", 400, "", `{"type":"error","error":{"type":"invalid_request_error","message":"Your credit balance is too low to access the Anthropic API."}}`, "quota.exhausted", fine, true},
		{"deepseek", "deepseek", "", 402, "", `{"error":{"message":"Insufficient Balance","code":"invalid_request_error"}}`, "quota.exhausted", fine, true},
		{"gemini day", "gemini", "", 429, "", `{"error":{"code":429,"status":"RESOURCE_EXHAUSTED","message":"You exceeded your current quota, please check your plan and billing details.","details":[{"violations":[{"quotaId":"GenerateRequestsPerDayPerProjectPerModel-FreeTier"}]},{"retryDelay":"34s"}]}}`, "quota.exhausted", fine, true},
		{"gemini minute", "gemini", "", 429, "", `{"error":{"code":429,"status":"RESOURCE_EXHAUSTED","message":"You exceeded your current quota, please check your plan and billing details.","details":[{"violations":[{"quotaId":"GenerateRequestsPerMinutePerProjectPerModel"}]}]}}`, "rate.limited", fine, true},
		{"too large for the limit", "openai", "", 429, "", `{"error":{"message":"Request too large for gpt-4 in organization org-x on tokens per min (TPM): Limit 10, Requested 20.","code":"rate_limit_exceeded"}}`, "request.too-large", fine, true},
		{"openrouter day", "openrouter", "", 429, "", `{"error":{"message":"Rate limit exceeded: free-models-per-day.","code":429}}`, "quota.exhausted", fine, true},
		{"openrouter minute", "openrouter", "", 429, "", `{"error":{"message":"Rate limit exceeded: free-models-per-min.","code":429}}`, "rate.limited", fine, true},

		// Who refused.
		{"cloudflare", "openai", "api.openai.com", 403, "Server: cloudflare\n" + page, "<html><title>Attention Required! | Cloudflare</title>", "edge.blocked", unsaid, true},
		{"challenge", "openai", "", 403, "Cf-Mitigated: challenge", "x", "edge.blocked", unsaid, true},
		{"cloudflare json", "openai", "", 401, "Server: cloudflare", `{"error":{"message":"Incorrect API key provided: sk-a***b.","code":"invalid_api_key"}}`, "auth.rejected", bad, true},
		{"origin down", "openai", "", 521, "Server: cloudflare", "error code: 521", "provider.failed", unsaid, true},
		{"squid", "openai", "", 503, "Server: squid/5\n" + page, "<title>ERROR: The requested URL could not be retrieved</title>", "proxy.failed", unsaid, true},
		{"a load balancer's via", "openai", "", 502, "Via: 1.1 google\n" + page, "<title>Error</title>", "provider.failed", unsaid, false},
		{"proxy auth", "openai", "", 407, "", "", "proxy.failed", unsaid, true},
		{"sign-in", "openai", "", 511, page, "<html>", "answer.not-api", unsaid, true},
		{"http to https", "openai", "", 400, "", "Client sent an HTTP request to an HTTPS server.\n", "net.scheme", unsaid, true},
		{"redirect", "openai", "", 308, "Location: https://x/", "", "net.redirect", unsaid, true},

		// Gateways.
		{"litellm's own 401", "litellm_proxy", "", 401, "", `{"error":{"message":"Authentication Error, Invalid proxy server token passed.","type":"token_not_found_in_db","code":"401"}}`, "auth.rejected", bad, true},
		{"the one behind", "openai", "proxy.corp", 401, "", `{"error":{"message":"litellm.AuthenticationError: AnthropicException - {\"type\":\"error\",\"error\":{\"type\":\"authentication_error\",\"message\":\"invalid x-api-key\"}}. Received Model Group=c\nAvailable Model Group Fallbacks=None","type":null,"code":"401"}}`, "gateway.upstream-auth", fine, true},
		{"the one behind, unknown words", "litellm_proxy", "", 401, "", `{"error":{"message":"litellm.AuthenticationError: FooException - ?","code":"401"}}`, "gateway.upstream-auth", fine, true},
		{"the one behind has no credit", "litellm_proxy", "", 429, "", `{"error":{"message":"litellm.RateLimitError: OpenAIException - You exceeded your current quota, please check your plan and billing details.","code":"429"}}`, "quota.exhausted", fine, true},
		{"the one behind is mistral", "litellm_proxy", "", 401, "", `{"error":{"message":"litellm.AuthenticationError: MistralException - {\"detail\":\"Unauthorized\"}","code":"401"}}`, "gateway.upstream-auth", fine, true},
		{"cooldown", "litellm_proxy", "", 429, "", `{"error":{"message":"No deployments available for selected model, Try again in 60 seconds. Passed model=c.","code":"429"}}`, "cooldown.cascade", fine, true},
		{"budget", "litellm_proxy", "", 429, "", `{"error":{"message":"Budget has been exceeded! Current cost: 2.6, Max budget: 2.5","type":"budget_exceeded","code":"429"}}`, "quota.exhausted", fine, true},
		{"python dict", "litellm_proxy", "", 400, "", "{\"error\":{\"message\":\"{'error': '/chat/completions: Invalid model name passed in model=x. Call `/v1/models` to view available models for your key.'}\",\"code\":\"400\"}}", "model.not-found", fine, true},
		{"openrouter's upstream", "openrouter", "", 429, "", `{"error":{"message":"Provider returned error","code":429,"metadata":{"raw":"m is temporarily rate-limited upstream.","provider_name":"BaseTen"}}}`, "rate.limited", fine, true},
		{"openrouter's upstream key", "openrouter", "", 401, "", `{"error":{"message":"Provider returned error","code":401,"metadata":{"raw":"{\"error\":{\"message\":\"Incorrect API key provided: sk-a***b.\",\"code\":\"invalid_api_key\"}}","provider_name":"OpenAI"}}}`, "gateway.upstream-auth", fine, true},

		// Models, addresses, size.
		{"ollama", "ollama", "", 404, "", `{"error":"model 'llama3' not found"}`, "model.not-found", fine, true},
		{"ollama base", "ollama", "", 404, "Content-Type: text/plain", "404 page not found", "path.not-found", unsaid, true},
		{"anthropic model", "anthropic", "", 404, "", `{"type":"error","error":{"type":"not_found_error","message":"model: claude-9"}}`, "model.not-found", fine, true},
		{"anthropic path", "anthropic", "", 404, "", `{"type":"error","error":{"type":"not_found_error","message":"Not Found"}}`, "path.not-found", unsaid, true},
		{"azure deployment", "azure", "", 404, "", `{"error":{"code":"DeploymentNotFound","message":"The API deployment for this resource does not exist."}}`, "model.deployment-not-found", fine, true},
		{"azure path", "azure", "", 404, "", `{"error":{"code":"404","message": "Resource not found"}}`, "path.not-found", unsaid, true},
		{"max_tokens", "openai", "", 400, "", `{"error":{"message":"Unsupported parameter: 'max_tokens' is not supported with this model.","code":"unsupported_parameter"}}`, "param.unsupported", fine, true},
		{"context", "hosted_vllm", "", 400, "", `{"object":"error","message":"This model's maximum context length is 8192 tokens. However, you requested 8204 tokens.","code":400}`, "context.exceeded", fine, true},
		{"nginx size", "openai", "", 413, page, "<html><title>413 Request Entity Too Large</title>", "request.too-large", unsaid, true},
		{"filter", "azure", "", 400, "", `{"error":{"message":"filtered","code":"content_filter"}}`, "content.filtered", fine, true},

		// What nobody knows says nothing of the key.
		{"bare 400", "x", "", 400, "", "", "request.refused", unsaid, false},
		{"bare 401", "x", "", 401, "", "", "auth.rejected", unsaid, false},
		{"bare 402", "x", "", 402, "", `{}`, "quota.exhausted", unsaid, false},
		{"bare 403", "x", "", 403, "", `{"a":1}`, "auth.forbidden", unsaid, false},
		{"bare 404", "x", "", 404, "", "", "path.not-found", unsaid, false},
		{"bare 418", "x", "", 418, "", "", "answer.unknown", unsaid, false},
		{"bare 429", "x", "", 429, "", "", "rate.limited", unsaid, false},
		{"bare 451", "x", "", 451, "", "", "auth.region", unsaid, false},
		{"bare 500", "x", "", 500, "", "", "provider.failed", unsaid, false},
		{"bare 503", "x", "", 503, "", "", "provider.overloaded", unsaid, false},
		{"bare 599", "x", "", 599, "", "", "provider.failed", unsaid, false},
		{"no status", "x", "", 0, "", "", "answer.unknown", unsaid, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := Classify(c.answer())
			if v.Code != c.code || v.Key != c.key || v.Certain != c.certain {
				t.Errorf("%d %s\nis   %q, key %s, certain %v (%s; %s)\nwant %q, key %s, certain %v",
					c.status, c.body, v.Code, v.Key, v.Certain, v.DecidedBy, v.Detail, c.code, c.key, c.certain)
			}
			if v.DecidedBy == "" {
				t.Error("nothing says what decided")
			}
			if _, known := fault.Lookup(v.Code); v.Code != "" && !known {
				t.Errorf("%q is no code", v.Code)
			}
		})
	}
}

func (c one) answer() Answer {
	a := Answer{Provider: c.provider, Host: c.host, Status: c.status, Body: []byte(c.body), Header: map[string][]string{}, Probe: true}
	for l := range strings.SplitSeq(c.header, "\n") {
		if name, value, ok := strings.Cut(l, ": "); ok {
			a.Header[name] = []string{value}
		}
	}
	return a
}

// TestProbeOnly: members that contradict a good answer count in a probe only;
// a chat may say "valid": false about anything.
func TestProbeOnly(t *testing.T) {
	a := Answer{Provider: "cohere", Status: 200, Body: []byte(`{"valid":false}`), Probe: true}
	if v := Classify(a); v.Code != "auth.rejected" {
		t.Fatalf("the probe is %q", v.Code)
	}
	a.Probe = false
	if v := Classify(a); v.Code != "" {
		t.Errorf("the call is %q", v.Code)
	}
}

// TestRules: every row names a code of the vocabulary, and a vendor that
// exists; every pattern compiles; no row stands twice.
func TestRules(t *testing.T) {
	names := map[string]bool{}
	for _, v := range vendors() {
		names[v.name] = true
	}
	seen := map[rule]bool{}
	for _, r := range rules() {
		if _, ok := fault.Lookup(r.code); !ok {
			t.Errorf("%+v: no such code", r)
		}
		for w := range strings.FieldsSeq(r.who) {
			if !names[w] {
				t.Errorf("%+v: no such vendor", r)
			}
		}
		for _, p := range []string{r.text, r.quota} {
			if _, err := regexp.Compile(p); err != nil {
				t.Errorf("%+v: %v", r, err)
			}
		}
		if seen[r] {
			t.Errorf("%+v stands twice", r)
		}
		seen[r] = true
		if r.status == "" && r.words == "" && r.text == "" && r.header == "" && r.flag == "" {
			t.Errorf("%+v holds for anything", r)
		}
	}
	if len(seen) < 100 {
		t.Errorf("only %d rows", len(seen))
	}
	for _, f := range families() {
		if _, ok := fault.Lookup(f.code); !ok {
			t.Errorf("%+v: no such code", f)
		}
	}
}

func TestWait(t *testing.T) {
	for _, c := range []struct {
		header, body string
		want         int64
	}{
		{"Retry-After-Ms: 174\nRetry-After: 9", `{"error":{"message":"Please try again in 5s."}}`, 174},
		{"Retry-After: 12", `{"error":{"message":"x"}}`, 12_000},
		{"retry-after: 0.5", `{"error":{"message":"x"}}`, 500},
		{"Retry-After: Wed, 21 Oct 2026 07:28:00 GMT", `{"error":{"message":"x"}}`, 0},
		{"Retry-After: ***", `{"error":{"message":"Please try again in 2 seconds."}}`, 2_000},
		{"Retry-After: 1e300", `{}`, 365 * 86_400_000},
		{"Retry-After: -4", `{}`, 0},
		{"Retry-After: NaN", `{}`, 0},
		{"", `{"error":{"message":"Please retry in 34.074824224s.","details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"34.4s"}]}}`, 34_400},
		{"", `{"error":{"message":"Please try again in 14m24s."}}`, 864_000},
		{"", `{"error":{"message":"try again in 1m2.5s"}}`, 62_500},
		{"", `{"error":{"message":"Please try again in 174ms. Visit https://x"}}`, 174},
		{"", `{"error":{"message":"Please retry after 86400 seconds."}}`, 86_400_000},
		{"", `{"error":{"message":"try again in 15 minutes"}}`, 900_000},
		{"", `{"error":{"message":"try again in 1 hour 2 minutes"}}`, 3_720_000},
		{"", `{"error":{"message":"try again later"}}`, 0},
	} {
		v := Classify(one{status: 429, header: c.header, body: c.body}.answer())
		if v.WaitMS != c.want {
			t.Errorf("%s %s: %d ms, want %d", c.header, c.body, v.WaitMS, c.want)
		}
	}
}

func TestEcho(t *testing.T) {
	for _, c := range []struct{ body, want string }{
		{`{"error":{"message":"Incorrect API key provided: sk-proj-****MxYA. You can find your API key at https://x"}}`, "sk-proj-****MxYA"},
		{`{"error":{"message":"Incorrect API key provided: \"sk-proj***WQA\". You can find your API key at https://x"}}`, `"sk-proj***WQA"`},
		{`{"error":{"message":"Incorrect API key provided: https://********lETQ. You can find your API key at https://x"}}`, "https://********lETQ"},
		{`{"error":{"message":"Incorrect API key provided: None. You can find your API key at https://x"}}`, "None"},
		{`{"error":{"message":"Authentication Fails, Your api key: ****ired is invalid"}}`, "****ired"},
		{`{"error":{"message":"Invalid proxy server token passed. Received API Key = sk-...ITlA, Key Hash (Token) =x."}}`, "sk-...ITlA"},
		{`{"code":"x","error":"Incorrect API key provided: xa***yz. You can obtain an API key from https://console.x.ai."}`, "xa***yz"},
		// Printed whole, or nearly: masked here.
		{`{"error":{"message":"LiteLLM Virtual Key expected. Received=my-own-secret-value, expected to start with 'sk-'."}}`, "my-***ue"},
		{`{"error":{"message":"Received=hunter2, expected to start"}}`, "***"},
		{`{"error":{"message":"Incorrect API key provided: abcdefghijklmnopqrstuvwx*z."}}`, "abcdefghij***z"},
		{`{"error":{"message":"You can obtain an API key from https://platform.openai.com"}}`, ""},
		{`{"error":{"message":"Invalid API key"}}`, ""},
	} {
		if v := Classify(one{status: 401, body: c.body}.answer()); v.Echo != c.want {
			t.Errorf("%s: echo %q, want %q", c.body, v.Echo, c.want)
		}
	}
}

// TestNoKeyGetsOut plants keys where providers have been seen to print them,
// and where nobody would look.
func TestNoKeyGetsOut(t *testing.T) {
	for _, key := range []string{
		"sk-ant-api03-CANARYcanaryCANARYcanary0123456789AA", "sk-proj-CANARYcanary0123456789canaryCANARY",
		"sk-1234CANARY", "gsk_CANARYcanary0123456789CANARY", "AIzaSyCANARYcanary0123456789canaryCANARY",
		"AQ.CANARYcanary0123456789", "xai-CANARYcanary0123456789canary", "hf_CANARYcanary0123456789canary",
		"0123456789abcdef0123456789abcdef", "CANARYcanary0123456789CANARYcanary012345",
		"a1b2c3d4-e5f6-0789-abcd-ef0123456789", "eyJhbGciOiJIUzI1.eyJjYW5hcnkiOjF9.CANARYcanary",
	} {
		for _, body := range []string{
			`{"error":{"message":"Incorrect API key provided: ` + key + `. You can find your API key at https://x","code":"invalid_api_key"}}`,
			`{"error":{"message":"LiteLLM Virtual Key expected. Received=` + key + `, expected to start with 'sk-'."}}`,
			`{"error":{"message":"The key ` + key + ` is wrong","code":"` + key + `"},"request_id":"` + "sk-ant-api03-CANARYcanary" + `"}`,
			`{"error":{"message":"401","details":[{"reason":"` + key + `","violations":[{"quotaId":"PerDay` + key + `"}]}]}}`,
			"<html><title>" + key + "</title>", key, `"` + key + `"`,
			`{"error":{"message":"litellm.AuthenticationError: ` + key[:3] + `Exception - Bearer ` + key + `"}}`,
		} {
			for _, status := range []int{200, 401, 429, 500} {
				v := Classify(one{provider: "x", status: status, header: "Location: https://x/?key=" + key, body: body}.answer())
				all := strings.Join([]string{v.Detail, v.DecidedBy, v.Echo, v.RequestID, v.Upstream, string(v.Code)}, "\n")
				if strings.Contains(all, key) || strings.Contains(all, "CANARYcanary") {
					t.Errorf("%d %s\nprints %s", status, body, all)
				}
			}
		}
	}
}

func TestDetail(t *testing.T) {
	for _, c := range []struct {
		name string
		c    one
		want string
	}{
		{"words", one{status: 401, body: `{"type":"error","error":{"type":"authentication_error","message":"invalid x-api-key"}}`}, "invalid x-api-key (authentication_error)"},
		{"lines and escapes", one{status: 500, body: `{"error":{"message":"a\n\tb \u001b[31mred\u001b[0m\u202e end of a long enough line"}}`}, "a b [31mred[0m end of a long enough line"},
		{"page", one{status: 502, header: page, body: "<html><head><title>502 Bad\nGateway</title>"}, "HTML page: 502 Bad Gateway"},
		{"nameless page", one{status: 502, header: page, body: "<p>"}, "an HTML page without a title"},
		{"nothing", one{status: 500}, "status 500 without a body"},
		{"redirect", one{status: 301, header: "Location: https://other.example/v1?key=x"}, "redirects to https://other.example/v1"},
		{"upstream", one{status: 429, body: `{"error":{"message":"Provider returned error","code":429,"metadata":{"raw":"m is temporarily rate-limited upstream.","provider_name":"BaseTen"}}}`}, "Provider returned error: m is temporarily rate-limited upstream."},
		{"ids stay", one{status: 429, body: `{"error":{"message":"Rate limit in organization org-AbCdEfGhIjKlMnOpQrStUvWx12 for claude-3-5-sonnet-20241022, write to a@b.example"}}`}, "Rate limit in organization org-AbCdEfGhIjKlMnOpQrStUvWx12 for claude-3-5-sonnet-20241022, write to a@b.example"},
	} {
		if v := Classify(c.c.answer()); v.Detail != c.want {
			t.Errorf("%s:\n%q, want\n%q", c.name, v.Detail, c.want)
		}
	}
	long := Classify(one{status: 400, body: `{"error":{"message":"` + strings.Repeat("wörd ", 100) + `"}}`}.answer()).Detail
	if n := len([]rune(long)); n > 200 || n < 190 || !strings.HasSuffix(long, "…") {
		t.Errorf("%d runes: %s", n, long)
	}
}

func TestRequestID(t *testing.T) {
	for _, c := range []struct{ header, body, want string }{
		{"X-Request-Id: req_1\nCf-Ray: ray", `{"request_id":"req_2"}`, "req_1"},
		{"request-id: req_1", `{}`, "req_1"},
		{"Cf-Ray: ray", `{"request_id":"req_2"}`, "req_2"},
		{"Cf-Ray: ray", `{}`, "ray"},
		{"X-Amzn-Requestid: 0a1b2c3d-0000-1111-2222-333344445555", `{}`, "0a1b2c3d-0000-1111-2222-333344445555"},
		{"", `{}`, ""},
	} {
		if v := Classify(one{status: 500, header: c.header, body: c.body}.answer()); v.RequestID != c.want {
			t.Errorf("%s: %q, want %q", c.header, v.RequestID, c.want)
		}
	}
}

func TestUpstream(t *testing.T) {
	v := Classify(one{status: 500, body: `{"error":{"message":"litellm.RateLimitError: BedrockException - {\"message\":\"Too many tokens, please wait before trying again.\"}. Received Model Group=m\nError doing the fallback: list index out of range","code":"429"}}`}.answer())
	if v.Upstream != "Bedrock" || v.Code != "rate.limited" || !strings.HasPrefix(v.Detail, "Too many tokens") {
		t.Errorf("%+v", v)
	}
}

// FuzzClassify: no input panics, no failure is called good, a guess says
// nothing of the key, and what is printed is one line.
func FuzzClassify(f *testing.F) {
	f.Add("openai", "api.openai.com", 401, "Server", "cloudflare", []byte(`{"error":{"message":"Incorrect API key provided: sk-a***b. You can find","code":"invalid_api_key"}}`))
	f.Add("gemini", "", 429, "Retry-After", "7", []byte(`[{"error":{"code":429,"details":[{"violations":[{"quotaId":"PerDay"}]},{"retryDelay":"3.5s"}]}}]`))
	f.Add("", "proxy", 500, "Via", "1.1 squid", []byte(`{"error":{"message":"litellm.RateLimitError: XException - {\"message\":\"{'error': 'x'}\"}"}}`))
	f.Add("ollama", "localhost", 200, "Content-Type", "application/x-ndjson", []byte("{\"a\":1}\n{\"error\":\"x\"}\n"))
	f.Add("perplexity", "", 401, "", "", []byte("<html><title>401</title>"))
	f.Add("xai", "", 200, "", "", []byte(`"x"`))
	f.Fuzz(func(t *testing.T, provider, host string, status int, name, value string, body []byte) {
		v := Classify(Answer{Provider: provider, Host: host, Status: status, Header: map[string][]string{name: {value}}, Body: body, Probe: len(body)%2 == 0})
		if v.Code == "" && (status < 200 || status > 299) {
			t.Fatalf("%d is called good", status)
		}
		if !v.Certain && v.Key != fault.Unsaid {
			t.Fatalf("a guess says %s of the key", v.Key)
		}
		if _, ok := fault.Lookup(v.Code); v.Code != "" && !ok {
			t.Fatalf("%q is no code", v.Code)
		}
		if v.WaitMS < 0 || len([]rune(v.Detail)) > 200 || strings.ContainsAny(v.Detail+v.DecidedBy+v.Echo+v.RequestID, "\n\r\x1b") {
			t.Fatalf("%+v", v)
		}
	})
}

func BenchmarkClassify(b *testing.B) {
	a := Answer{Provider: "openai", Host: "api.openai.com", Status: 401, Body: []byte(`{"error":{"message":"Incorrect API key provided: sk-proj-****MxYA. You can find your API key at https://platform.openai.com/account/api-keys.","type":"invalid_request_error","param":null,"code":"invalid_api_key"}}`)}
	for b.Loop() {
		Classify(a)
	}
}
