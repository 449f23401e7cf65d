package sandbox

import (
	"net/http"
	"strings"

	"github.com/llmctl/llmctl/pkg/provider"
)

// refusal is an answer in a vendor's own words. In the body, {echo} stands for
// what the vendor prints of the key.
type refusal struct {
	status int
	body   string
	header string // "name: value", one a line
	echo   func(key string) string
}

// pair is what a vendor answers to no key and to a wrong one.
type pair struct{ missing, wrong refusal }

const (
	openAIMissing = `{"error":{"message":"You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY). You can obtain an API key from https://platform.openai.com/account/api-keys.","type":"invalid_request_error","param":null,"code":null}}`
	openAIWrong   = `{"error":{"message":"Incorrect API key provided: {echo}. You can find your API key at https://platform.openai.com/account/api-keys.","type":"invalid_request_error","param":null,"code":"invalid_api_key"}}`
	googleInvalid = `{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"API_KEY_INVALID","domain":"googleapis.com","metadata":{"service":"generativelanguage.googleapis.com"}}]}}`
	googleMissing = `{"error":{"code":403,"message":"Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form of API consumer identity to call this API.","status":"PERMISSION_DENIED"}}`
	azureDenied   = `{"error":{"code":"401","message":"Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid key for an active subscription and use a correct regional API endpoint for your resource."}}`
	perplexity401 = "<html>\r\n<head><title>401 Authorization Required</title></head>\r\n<body>\r\n<center><h1>401 Authorization Required</h1></center>\r\n<hr><center>openresty/1.27.4</center>\r\n</body>\r\n</html>"
	portalPage    = `<!DOCTYPE html><html><head><title>Sign in to the guest network</title></head><body><form action="/login">Please sign in to continue.</form></body></html>`
)

// refusals are the bodies that users reported, by provider. A provider that is
// not here answers like most OpenAI-compatible servers.
// Source: failures seen by users, compiled 2026-11-21; where only one of the
// two is known, it stands for both. xAI's, OpenRouter's and DeepSeek's second
// body is from memory.
func refusals(name string) pair {
	same := func(status int, body string, header ...string) pair {
		r := refusal{status: status, body: body, header: strings.Join(header, "\n")}
		return pair{r, r}
	}
	switch name {
	case "openai":
		return pair{refusal{401, openAIMissing, "x-request-id: req_sandbox", nil}, refusal{401, openAIWrong, "x-request-id: req_sandbox", starred}}
	case "anthropic":
		return pair{
			refusal{401, `{"type":"error","error":{"type":"authentication_error","message":"x-api-key header is required"},"request_id":"req_sandbox"}`, "request-id: req_sandbox", nil},
			refusal{401, `{"type":"error","error":{"type":"authentication_error","message":"invalid x-api-key"},"request_id":"req_sandbox"}`, "request-id: req_sandbox", nil}}
	case "gemini":
		return pair{refusal{403, googleMissing, "", nil}, refusal{400, googleInvalid, "", nil}}
	case "vertex_ai":
		return same(401, `{"error":{"code":401,"message":"Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.","status":"UNAUTHENTICATED"}}`)
	case "azure", "azure_ai":
		return same(401, azureDenied, "apim-request-id: sandbox")
	case "bedrock":
		return pair{
			refusal{403, `{"message":"Missing Authentication Token"}`, "x-amzn-errortype: MissingAuthenticationTokenException", nil},
			refusal{403, `{"message":"The security token included in the request is invalid."}`, "x-amzn-errortype: UnrecognizedClientException", nil}}
	case "groq":
		return same(401, `{"error":{"message":"Invalid API Key","type":"invalid_request_error","code":"invalid_api_key"}}`, "x-groq-region: sandbox", "x-request-id: req_sandbox")
	case "xai":
		return pair{
			refusal{401, `{"code":"The caller does not have valid credentials","error":"No API key provided. You can obtain an API key from https://console.x.ai."}`, "", nil},
			refusal{400, `{"code":"Client specified an invalid argument","error":"Incorrect API key provided: {echo}. You can obtain an API key from https://console.x.ai."}`, "", ends}}
	case "deepseek":
		return pair{
			refusal{401, `{"error":{"message":"Authentication Fails (governor)","type":"authentication_error","param":null,"code":"invalid_request_error"}}`, "", nil},
			refusal{401, `{"error":{"message":"Authentication Fails, Your api key: {echo} is invalid","type":"authentication_error","param":null,"code":"invalid_request_error"}}`, "", lastFour}}
	case "openrouter":
		return pair{refusal{401, `{"error":{"message":"No auth credentials found","code":401}}`, "", nil}, refusal{401, `{"error":{"message":"User not found.","code":401}}`, "", nil}}
	case "mistral", "codestral":
		return same(401, `{"detail":"Unauthorized"}`)
	case "cohere", "cohere_chat":
		return pair{refusal{401, `{"message":"no api key supplied"}`, "", nil}, refusal{401, `{"message":"invalid api token"}`, "", nil}}
	case "huggingface":
		return same(401, `{"error":"Invalid credentials in Authorization header"}`)
	case "perplexity":
		return same(401, perplexity401, "content-type: text/html", "server: openresty")
	case "nvidia_nim":
		return same(403, `{"status":403,"title":"Forbidden","detail":"Authorization failed"}`, "content-type: application/problem+json")
	case "github":
		return same(401, `{"error":{"code":"unauthorized","message":"Bad credentials","details":null}}`)
	case "databricks":
		return pair{
			refusal{401, `{"error_code":401,"message":"Credential was not sent or was of an unsupported type for this API."}`, "", nil},
			refusal{403, `{"error_code":403,"message":"Invalid access token."}`, "", nil}}
	case "moonshot":
		return same(401, `{"error":{"message":"Invalid Authentication","type":"invalid_authentication_error"}}`)
	case "dashscope":
		return same(401, `{"code":"InvalidApiKey","message":"Invalid API-key provided.","request_id":"sandbox"}`)
	case "hosted_vllm", "vllm":
		return same(401, `{"error":"Unauthorized"}`)
	case "litellm_proxy":
		return pair{
			refusal{401, `{"error":{"message":"Authentication Error, No api key passed in.","type":"auth_error","param":"None","code":"401"}}`, "", nil},
			refusal{401, "{\"error\":{\"message\":\"Authentication Error, Invalid proxy server token passed. Received API Key = {echo}, Key Hash (Token) =sandbox. Unable to find token in cache or `LiteLLM_VerificationTokenTable`\",\"type\":\"token_not_found_in_db\",\"param\":\"key\",\"code\":\"401\"}}", "", litellmEcho}}
	}
	return pair{
		refusal{401, `{"error":{"message":"No API key provided","type":"invalid_request_error","param":null,"code":null}}`, "", nil},
		refusal{401, `{"error":{"message":"Invalid API key","type":"invalid_request_error","param":null,"code":"invalid_api_key"}}`, "", nil}}
}

// refuse answers with a refusal.
func (v *visit) refuse(r refusal) {
	for line := range strings.SplitSeq(r.header, "\n") {
		if name, value, ok := strings.Cut(line, ": "); ok {
			v.w.Header().Set(name, value)
		}
	}
	body := r.body
	if r.echo != nil {
		body = strings.ReplaceAll(body, "{echo}", quoted(r.echo(v.key)))
	}
	v.write(r.status, body)
}

// The echoes: what vendors print of a key. Short keys show less.

func starred(k string) string { // OpenAI
	n := len(k)
	if n < 16 {
		return strings.Repeat("*", n)
	}
	return head(k, 8) + strings.Repeat("*", min(n-12, 20)) + tail(k, 4)
}

func ends(k string) string { // xAI
	if len(k) < 8 {
		return "***"
	}
	return head(k, 2) + "***" + tail(k, 2)
}

func lastFour(k string) string { // DeepSeek
	if len(k) < 8 {
		return "****"
	}
	return "****" + tail(k, 4)
}

func litellmEcho(k string) string { // LiteLLM
	if len(k) < 8 {
		return "sk-..."
	}
	return "sk-..." + tail(k, 4)
}

func head(t string, n int) string {
	if len(t) > n {
		return t[:n]
	}
	return t
}

func tail(t string, n int) string {
	if len(t) > n {
		return t[len(t)-n:]
	}
	return t
}

// quoted makes a text fit between the quotes of a JSON string.
func quoted(t string) string {
	return strings.Map(func(r rune) rune {
		if r == '"' || r == '\\' || r < 0x20 {
			return '?'
		}
		return r
	}, strings.ToValidUTF8(t, "?"))
}

// invalid is a request that its wire cannot take.
func invalid(wire provider.Wire, message string) refusal {
	m := quoted(message)
	switch wire {
	case provider.Anthropic:
		return refusal{status: http.StatusBadRequest, body: `{"type":"error","error":{"type":"invalid_request_error","message":"` + m + `"},"request_id":"req_sandbox"}`, header: "request-id: req_sandbox"}
	case provider.Gemini, provider.VertexGemini:
		return refusal{status: http.StatusBadRequest, body: `{"error":{"code":400,"message":"` + m + `","status":"INVALID_ARGUMENT"}}`}
	default: // as OpenAI does, and who copies it
		return refusal{status: http.StatusBadRequest, body: `{"error":{"message":"` + m + `","type":"invalid_request_error","param":null,"code":null}}`}
	}
}

// noModel is a model that is not served.
func noModel(name, model string) refusal {
	m := quoted(model)
	switch name {
	case "anthropic":
		return refusal{status: http.StatusNotFound, body: `{"type":"error","error":{"type":"not_found_error","message":"model: ` + m + `"},"request_id":"req_sandbox"}`, header: "request-id: req_sandbox"}
	case "gemini":
		return refusal{status: http.StatusNotFound, body: `{"error":{"code":404,"message":"models/` + m + ` is not found for API version v1beta, or is not supported for generateContent. Call ListModels to see the list of available models and their supported methods.","status":"NOT_FOUND"}}`}
	case "azure":
		return refusal{status: http.StatusNotFound, body: `{"error":{"code":"DeploymentNotFound","message":"The API deployment for this resource does not exist. If you created the deployment within the last 5 minutes, please wait a moment and try again."}}`, header: "apim-request-id: sandbox"}
	case "ollama", "ollama_chat":
		return refusal{status: http.StatusNotFound, body: `{"error":{"message":"model \"` + m + `\" not found, try pulling it first","type":"api_error","param":null,"code":null}}`}
	case "litellm_proxy":
		return refusal{status: http.StatusBadRequest, body: "{\"error\":{\"message\":\"{'error': '/chat/completions: Invalid model name passed in model=" + m + ". Call `/v1/models` to view available models for your key.'}\",\"type\":\"None\",\"param\":\"None\",\"code\":\"400\"}}"}
	}
	return refusal{status: http.StatusNotFound, body: "{\"error\":{\"message\":\"The model `" + m + "` does not exist or you do not have access to it.\",\"type\":\"invalid_request_error\",\"param\":null,\"code\":\"model_not_found\"}}"}
}

// notFound is a path that a provider does not have.
func (v *visit) notFound() {
	p := quoted(v.path)
	switch v.name {
	case "anthropic":
		v.write(http.StatusNotFound, `{"type":"error","error":{"type":"not_found_error","message":"Not Found"},"request_id":"req_sandbox"}`)
	case "groq":
		v.write(http.StatusNotFound, `{"error":{"message":"Unknown request URL: `+v.r.Method+` `+p+`. Please check the URL for typos, or see the docs at https://console.groq.com/docs/","type":"invalid_request_error","code":"unknown_url"}}`)
	case "azure":
		v.write(http.StatusNotFound, `{"error":{"code":"404","message": "Resource not found"}}`)
	case "openrouter":
		v.page(http.StatusNotFound, `<!DOCTYPE html><html lang="en"><head><meta charSet="utf-8"/><title>404: This page could not be found</title></head></html>`)
	case "ollama", "ollama_chat":
		v.w.Header().Set("Content-Type", "text/plain")
		v.write(http.StatusNotFound, "404 page not found")
	case "lm_studio": // 200, and an error inside
		v.write(http.StatusOK, `{"error":"Unexpected endpoint or method. (`+v.r.Method+` `+p+`)"}`)
	case "gemini":
		v.page(http.StatusNotFound, `<!DOCTYPE html><html lang=en><title>Error 404 (Not Found)!!1</title></html>`)
	default:
		v.write(http.StatusNotFound, `{"error":{"message":"Invalid URL (`+v.r.Method+` `+p+`)","type":"invalid_request_error","param":null,"code":null}}`)
	}
}
