package resolve

import (
	"net/url"
	"slices"
	"strings"

	"github.com/llmctl/llmctl/pkg/config"
	"github.com/llmctl/llmctl/pkg/provider"
	"github.com/llmctl/llmctl/pkg/secret"
)

// URL joins the base and a path below it: the only place that does. Holes are
// filled ({model} and {deployment} with the upstream model, escaped). People
// write bases in many spellings, with and without the version, with and without
// the operation; each gives the address that was meant. ok is false when there
// is no base or a hole stays open.
func (r *Resolution) URL(path string) (full string, ok bool) {
	u := parseBase(r.Base.Value)
	if u == nil {
		return "", false
	}
	path, query, _ := strings.Cut(path, "?")
	want, open := r.segments(path)
	query, _, gap := cutHoles(query, r.queryHole)
	if open || len(gap) > 0 && !r.azureV1(u) {
		return "", false
	}
	have := r.stem(split(u.EscapedPath()))
	if r.Provider.Wire == provider.AzureOpenAI {
		have, want, query = r.azure(u, have, want, query)
	}
	if r.Provider.Name == "azure_ai" && len(want) > 0 && want[0] == "models" && !strings.HasSuffix(bareHost(u.Host), ".services.ai.azure.com") {
		// Serverless endpoints are plain OpenAI servers. Source: LiteLLM 1.80.10.
		want, query = want[1:], r.unlessDefault("api_version", query)
	}
	all := r.join(have, want)
	u.Path, u.RawPath = "", ""
	out := u.Scheme + "://" + u.Host
	for _, s := range all {
		out += "/" + s
	}
	if q := merge(u.RawQuery, query); q != "" {
		out += "?" + q
	}
	return out, true
}

// ChatURL is the address of a chat call; "" when there is none, or no model to
// put into it.
func (r *Resolution) ChatURL() string {
	if r.Provider.ChatPath == "" {
		return ""
	}
	full, _ := r.URL(r.Provider.ChatPath)
	return full
}

// ProbeURL is the address of the provider's free call. ok is false when none is
// known, when a hole stays open, or when it lies on another host and the base is
// not the provider's own.
func (r *Resolution) ProbeURL() (method, full string, ok bool) {
	p := r.Provider.Probe
	method = or(p.Method, "GET")
	if p.URL == "" {
		if p.Path == "" {
			return method, "", false
		}
		full, ok = r.URL(p.Path)
		return method, full, ok
	}
	u := parseBase(r.Base.Value)
	if u == nil {
		return method, "", false
	}
	rest, below := strings.CutPrefix(p.URL, "{origin}")
	filled, _, open := cutHoles(rest, r.queryHole)
	if len(open) > 0 {
		return method, "", false
	}
	if below {
		return method, u.Scheme + "://" + u.Host + filled, true
	}
	to := parseBase(filled)
	if to == nil || !strings.EqualFold(to.Host, u.Host) && (!OwnHost(r.Provider, u.Host) || u.Scheme != "https") {
		return method, "", false
	}
	return method, filled, true
}

// Host is the host of the base, with its port when it names one; "" without a
// base.
func (r *Resolution) Host() string {
	if u := parseBase(r.Base.Value); u != nil {
		return strings.ToLower(u.Host)
	}
	return ""
}

// Redacted is an address that may be printed: user and password, and query
// values that look like credentials, are replaced by "***".
func (r *Resolution) Redacted(address string) string {
	scheme, rest, ok := strings.Cut(address, "://")
	if !ok {
		if secret.LooksLikeKey(address) {
			return secret.New(address).Fingerprint()
		}
		return address
	}
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		end = len(rest)
	}
	host, tail := rest[:end], rest[end:]
	if i := strings.LastIndexByte(host, '@'); i >= 0 {
		host = "***@" + host[i+1:]
	}
	tail, fragment, hash := strings.Cut(tail, "#")
	path, query, asked := strings.Cut(tail, "?")
	out := scheme + "://" + host + hideSegments(path)
	if asked {
		parts := strings.Split(query, "&")
		for i, q := range parts {
			if name, _, _ := strings.Cut(q, "="); secretQuery(q) {
				parts[i] = name + "=***"
			}
		}
		out += "?" + strings.Join(parts, "&")
	}
	if hash && !secret.LooksLikeKey(fragment) {
		out += "#" + fragment
	}
	return out
}

// hideSegments hides a path segment that begins like a vendor's key.
func hideSegments(path string) string {
	parts := strings.Split(path, "/")
	for i, p := range parts {
		// In front of a brace a text is judged by its prefix alone: ids and
		// model names are long and mixed too.
		if secret.LooksLikeKey("{" + p) {
			parts[i] = "***"
		}
	}
	return strings.Join(parts, "/")
}

// secretQuery reports whether name=value of a query is a credential.
func secretQuery(q string) bool {
	name, value, _ := strings.Cut(q, "=")
	if v, err := url.QueryUnescape(value); err == nil {
		value = v
	}
	switch strings.ToLower(name) {
	case "sig", "signature", "code", "subscription-key", "x-amz-signature", "x-amz-security-token", "x-amz-credential":
		return true
	}
	return value != "" && (config.Sensitive(name) || secret.LooksLikeKey(value))
}

// segments is a path, cut and filled. open says that a hole stays open.
func (r *Resolution) segments(path string) (out []string, open bool) {
	for _, s := range split(path) {
		if strings.HasPrefix(s, "{model}") || strings.HasPrefix(s, "{deployment}") {
			name := r.modelSegment()
			if r.Upstream == "" {
				return nil, true
			}
			_, after, _ := strings.Cut(s, "}")
			if r.Provider.Wire == provider.Gemini && len(out) > 0 && out[len(out)-1] == "models" && strings.HasPrefix(r.Upstream, "tunedModels/") {
				out = out[:len(out)-1]
				name = "tunedModels/" + url.PathEscape(strings.TrimPrefix(r.Upstream, "tunedModels/"))
			}
			out = append(out, name+after)
			continue
		}
		filled, _, gap := cutHoles(s, func(name string) (string, bool) {
			v := r.Settings[name].Value
			return url.PathEscape(v), v != ""
		})
		if len(gap) > 0 {
			return nil, true
		}
		out = append(out, filled)
	}
	return out, false
}

// modelSegment is the upstream model as one segment of a path. Bedrock wants
// the colon escaped too; protocols that are not spoken here keep the slashes of
// owner/name, which is how they address a model.
func (r *Resolution) modelSegment() string {
	switch r.Provider.Wire {
	case provider.BedrockConverse:
		return strings.ReplaceAll(url.PathEscape(r.Upstream), ":", "%3A")
	case provider.Other:
		return strings.ReplaceAll(url.PathEscape(r.Upstream), "%2F", "/")
	case provider.Gemini:
		return url.PathEscape(strings.TrimPrefix(r.Upstream, "models/"))
	case provider.OpenAIChat, provider.OpenAIResponses, provider.AzureOpenAI, provider.Anthropic, provider.VertexGemini,
		provider.Ollama, provider.Cohere:
	}
	return url.PathEscape(r.Upstream)
}

// queryHole fills a hole outside of a path segment.
func (r *Resolution) queryHole(name string) (string, bool) {
	if name == "model" || name == "deployment" {
		return r.modelSegment(), r.Upstream != ""
	}
	v := r.Settings[name].Value
	return url.QueryEscape(v), v != ""
}

// stem cuts the operation from the end of a base, so that any other one can be
// put there, and completes the path of the provider's own host.
func (r *Resolution) stem(have []string) []string {
	have = r.cutOperation(have)
	for i := len(have) - 1; i > 0; i-- {
		if have[i] == have[i-1] && version(have[i]) {
			have = slices.Delete(have, i, i+1) // /v1/v1
		}
	}
	// The vendor's own tools want the bare host where LiteLLM wants the path
	// too (Groq, Cerebras, Mistral …); on the provider's own host there is no
	// doubt which path is meant.
	if own := parseBase(r.Provider.Base); own != nil && strings.EqualFold(own.Hostname(), bareHost(r.Host())) {
		full := split(own.EscapedPath())
		if len(have) < len(full) && slices.Equal(have, full[:len(have)]) {
			return full
		}
	}
	return have
}

// cutOperation removes the operation that a base already holds.
func (r *Resolution) cutOperation(have []string) []string {
	if n := len(have); n > 0 && strings.Contains(have[n-1], ":") && (strings.HasSuffix(have[n-1], "enerateContent") || strings.HasSuffix(have[n-1], "redict")) {
		// …/models/{model}:generateContent
		return have[:max(0, n-2)]
	}
	ops := [][]string{{"chat", "completions"}, {"completions"}, {"responses"}, {"messages"}, {"embeddings"}}
	if chat, _, _ := strings.Cut(r.Provider.ChatPath, "?"); !strings.Contains(chat, "{") {
		ops = append([][]string{split(chat)}, ops...)
	}
	if r.Provider.Wire == provider.BedrockConverse {
		if n := len(have); n >= 3 && have[n-3] == "model" {
			return have[:n-3]
		}
	}
	for _, op := range ops {
		if len(op) > 0 && len(have) >= len(op) && slices.Equal(have[len(have)-len(op):], op) {
			return have[:len(have)-len(op)]
		}
	}
	return have
}

// join puts want behind have. What both hold at the seam stands once. When both
// name a version there, the base's counts: whoever wrote it meant it. Cohere is
// the exception: its versions are different protocols.
func (r *Resolution) join(have, want []string) []string {
	for n := min(len(have), len(want)); n > 0; n-- {
		if slices.Equal(have[len(have)-n:], want[:n]) {
			return slices.Concat(have, want[n:])
		}
	}
	if len(have) > 0 && len(want) > 0 && version(have[len(have)-1]) && version(want[0]) {
		if r.Provider.Wire == provider.Cohere {
			return slices.Concat(have[:len(have)-1], want)
		}
		return slices.Concat(have, want[1:])
	}
	return slices.Concat(have, want)
}

// azureV1 reports whether the base is that of Azure's newer API, which is
// OpenAI's: no deployment in the path, and api-version at will.
func (r *Resolution) azureV1(u *url.URL) bool {
	have := r.cutOperation(split(u.EscapedPath()))
	n := len(have)
	return r.Provider.Wire == provider.AzureOpenAI && n >= 2 && have[n-2] == "openai" && have[n-1] == "v1"
}

// azure knows the two forms of a base that are no resource host: the newer API,
// and one that names its deployment, which then is the one that is called.
func (r *Resolution) azure(u *url.URL, have, want []string, query string) ([]string, []string, string) {
	if r.azureV1(u) {
		if len(want) > 0 && want[0] == "openai" {
			want = want[1:]
		}
		if len(want) > 2 && want[0] == "deployments" {
			want = want[2:]
		}
		return have, want, r.unlessDefault("api_version", query)
	}
	i := slices.Index(have, "deployments")
	if i < 1 || i+1 >= len(have) || len(want) < 3 || want[1] != "deployments" {
		if i >= 1 && len(want) > 0 && want[0] == "openai" && have[i-1] == "openai" {
			return have[:i-1], want, query // another operation of the resource
		}
		return have, want, query
	}
	return have[:i+2], want[3:], query
}

// unlessDefault drops a query that only our own default would fill.
func (r *Resolution) unlessDefault(name, query string) string {
	if s := r.Settings[name]; s.IsZero() || s.Origin.Layer == Default {
		return ""
	}
	return query
}

// version recognises a segment that names a version: v1, v1beta, v2.
func version(s string) bool {
	return len(s) > 1 && s[0] == 'v' && s[1] >= '0' && s[1] <= '9' && strings.Trim(s[1:], "0123456789abcdefghijklmnopqrstuvwxyz") == ""
}

// split cuts a path into its segments, without empty ones.
func split(path string) []string {
	return strings.FieldsFunc(path, func(c rune) bool { return c == '/' })
}

// merge is the base's own query, then what the path adds and the base lacks.
func merge(own, added string) string {
	if own == "" || added == "" {
		return own + added
	}
	out := own
	for _, q := range strings.Split(added, "&") {
		name, _, _ := strings.Cut(q, "=")
		if !slices.ContainsFunc(strings.Split(own, "&"), func(o string) bool { return strings.HasPrefix(o, name+"=") }) {
			out += "&" + q
		}
	}
	return out
}
