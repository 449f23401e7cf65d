package config

import (
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/llmctl/llmctl/pkg/fault"
	"github.com/llmctl/llmctl/pkg/provider"
	"github.com/llmctl/llmctl/pkg/secret"
)

// CheckBase looks at the text of a base address that is to be called as
// provider p: a zero Provider is one that is not known. The findings have no
// place and no deployment, as the text may stand in a file or in a variable.
// A reference and a text with references in it are left alone.
//
// Sources: the vendors' API references, LiteLLM 1.80.10 and 1.109.1 (what they
// append to a base), and Go's url package; read 2026-11-21.
func CheckBase(base string, p provider.Provider) []fault.Finding {
	t := strings.TrimSpace(base)
	if _, ref := ParseReference(t); ref || t == "" || embedded().MatchString(t) || wrongReference(t) {
		return nil
	}
	if secret.LooksLikeKey(t) {
		return one("base.looks-like-key", "it reads "+secret.New(t).Fingerprint()+" and is no address")
	}
	if f := scheme(t); f != nil {
		return f
	}
	if strings.ContainsAny(t, "{}") {
		return nil // holes: resolution names what is missing
	}
	u, err := url.Parse(t)
	if err != nil || u.Hostname() == "" {
		return one("base.not-url", shown(t)+" has no host that can be called")
	}
	if f := baseHost(u, p); f != nil {
		return f // nothing else matters at a host that is not the one to call
	}
	return append(baseScheme(u), basePath(t, u, p)...)
}

func one(code fault.Code, detail string) []fault.Finding {
	return []fault.Finding{fault.New(code, detail)}
}

// shown is a base as it may be printed: without the password, the query and
// anything that looks like a key.
func shown(base string) string {
	return mask(strings.ToValidUTF8(strings.Map(func(r rune) rune {
		if r < 0x20 || r == 0x7F {
			return '?'
		}
		return r
	}, base), "?"))
}

var schemeLike = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^([A-Za-z][A-Za-z0-9+.-]*):/*`) })

// scheme checks the part before the host.
func scheme(t string) []fault.Finding {
	if strings.ContainsFunc(t, func(r rune) bool { return r <= 0x20 || r == 0x7F }) || strings.ContainsAny(t, "\"'<>`") {
		return one("base.not-url", shown(t)+" holds white space, quotes or angle brackets")
	}
	low := strings.ToLower(t)
	if strings.HasPrefix(low, "http://") || strings.HasPrefix(low, "https://") {
		return nil
	}
	f := fault.New("base.missing-scheme", shown(t)+" does not say http or https")
	m := schemeLike().FindStringSubmatch(t)
	switch {
	case !strings.Contains(t, "://") && strings.HasPrefix(low, "http"):
		f = fault.New("base.not-url", shown(t)+" needs :// after the scheme")
	case strings.Contains(t, "://") && m != nil:
		f = fault.New("base.not-url", shown(t)+" has the scheme "+clip(m[1])+", not http or https")
	case strings.HasPrefix(t, "/"):
		f = fault.New("base.not-url", shown(t)+" is a path without a host")
	case sampleHost(t):
		f = fault.New("base.not-url", shown(t)+" is a sample value, or a name without a domain")
		f.Fix.Summary = "write the real address, with https:// in front"
	default:
		host, _, _ := strings.Cut(t, "/")
		with := "https://"
		if loopback(host) || private(host) {
			with = "http://"
		}
		f.Fix.Summary = "write " + with + shown(t)
	}
	return []fault.Finding{f}
}

// sampleHost recognises "your-azure-endpoint": one word that is no host anybody
// could mean without saying the port or the scheme.
func sampleHost(t string) bool {
	host, _, _ := strings.Cut(t, "/")
	return !strings.ContainsAny(host, ".:[") && !strings.EqualFold(host, "localhost") && strings.ContainsAny(host, "-_")
}

// baseHost checks where the call would go.
func baseHost(u *url.URL, p provider.Provider) []fault.Finding {
	host := bareHost(u.Host)
	if ip, err := netip.ParseAddr(host); err == nil && ip.IsUnspecified() {
		return one("base.listen-address", host+" is where a server listens, on all its addresses; it is not where to call it")
	}
	if host == "api-inference.huggingface.co" {
		f := fault.New("base.retired-host", host+" answers no more")
		f.Fix.Summary = "use https://router.huggingface.co/v1"
		return []fault.Finding{f}
	}
	for _, web := range []string{"platform.openai.com", "chat.openai.com", "chatgpt.com", "console.anthropic.com", "claude.ai", "console.groq.com",
		"aistudio.google.com", "console.mistral.ai", "platform.deepseek.com", "huggingface.co", "ollama.ai"} {
		if host == web {
			f := fault.New("base.not-url", host+" is a web site for people, not an API")
			f.Fix.Summary = "use the API's host"
			if p.Base != "" {
				f.Fix.Summary += ": " + p.Base
			}
			f.Title = "the base is a web site"
			return []fault.Finding{f}
		}
	}
	return nil
}

// baseScheme checks that no key crosses a public network unencrypted.
func baseScheme(u *url.URL) []fault.Finding {
	host := bareHost(u.Host)
	if u.Scheme != "http" || loopback(host) || private(host) {
		return nil
	}
	return one("base.cleartext", "http to "+host+", which is no host of a private network")
}

var (
	versionPath = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`/v\d+(?:alpha\d*|beta\d*)?(?:/|$)`) })
	operation   = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`/(?:chat/completions|completions|responses|embeddings|models|v1/messages|messages|api/generate|api/chat|api/tags)$|/models/[^/]+:[A-Za-z]+$`)
	})
	doubled = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`/(v\d+(?:beta)?)/(v\d+(?:beta)?)(?:/|$)`) })
)

// basePath checks what is appended to what.
func basePath(t string, u *url.URL, p provider.Provider) []fault.Finding {
	path := strings.TrimRight(u.Path, "/")
	if m := doubled().FindStringSubmatch(path); m != nil && m[1] == m[2] {
		return one("base.doubled-version", shown(t)+" holds /"+m[1]+" twice")
	}
	if op := operation().FindString(path); op != "" && !wholeAddress(p, path) {
		f := fault.New("base.operation-path", op+" is appended to the base; here it is in it already")
		f.Fix.Summary = "write " + shown(u.Scheme+"://"+u.Host+strings.TrimSuffix(path, op))
		return []fault.Finding{f}
	}
	if p.Wire == provider.Anthropic && strings.HasSuffix(path, "/v1") {
		f := fault.New("base.anthropic-version", "/v1/messages is appended: the call would go to "+shown(u.Host+path)+"/v1/messages")
		f.Fix.Summary = "write " + shown(u.Scheme+"://"+u.Host+strings.TrimSuffix(path, "/v1"))
		return []fault.Finding{f}
	}
	return baseVersion(t, u, path, p)
}

// wholeAddress reports whether the base may be the address of the operation:
// LiteLLM appends nothing there, or nothing more.
func wholeAddress(p provider.Provider, path string) bool {
	switch p.Name {
	case "cohere", "cohere_chat", "huggingface", "text-completion-codestral", "predibase", "vertex_ai", "replicate", "triton", "custom", "sagemaker", "sagemaker_chat", "aleph_alpha", "databricks":
		return true
	}
	switch p.Wire {
	case provider.Anthropic:
		return strings.HasSuffix(path, "/v1/messages")
	case provider.Cohere, provider.VertexGemini:
		return true
	case provider.AzureOpenAI:
		return strings.Contains(path, "/openai/deployments/")
	default:
		return p.Name == "azure_ai" || strings.HasPrefix(p.Name, "azure")
	}
}

// baseVersion misses the version path of an OpenAI-compatible base.
func baseVersion(t string, u *url.URL, path string, p provider.Provider) []fault.Finding {
	host := bareHost(u.Host)
	known := map[string]string{"api.groq.com": "/openai/v1", "openrouter.ai": "/api/v1", "api.fireworks.ai": "/inference/v1", "api.openai.com": "/v1"}
	want, vendor := known[host]
	if vendor && (p.Wire == provider.OpenAIChat || p.Wire == "") && path != want && !strings.HasPrefix(path, want+"/") {
		return noVersion(shown(t)+": this host's API is at "+want, u, want)
	}
	if p.Wire != provider.OpenAIChat || path != "" || versionPath().MatchString(path) || vendor {
		return nil
	}
	// These answer without a version path too.
	if slices.Contains([]string{"api.deepseek.com", "api.perplexity.ai", "models.inference.ai.azure.com", "models.github.ai", "api.githubcopilot.com"}, host) {
		return nil
	}
	switch p.Name {
	case "openai", "custom_openai", "openai_like", "text-completion-openai", "hosted_vllm", "lm_studio", "llamafile", "xinference", "aiohttp_openai":
		return noVersion("the operation (/chat/completions and the like) is appended to "+shown(t)+" as it stands", u, "/v1")
	}
	if p.Version == "" || !strings.HasSuffix(strings.TrimRight(p.Base, "/"), p.Version) {
		return nil
	}
	return noVersion("the operation (/chat/completions and the like) is appended to "+shown(t)+" as it stands", u, p.Version)
}

func noVersion(detail string, u *url.URL, version string) []fault.Finding {
	f := fault.New("base.no-version", detail)
	f.Fix.Summary = "write " + shown(u.Scheme+"://"+u.Host+version) + ", unless the server answers without it"
	return []fault.Finding{f}
}

// loopback reports whether host is the machine itself, the listen addresses
// included: a call to them ends here too.
func loopback(host string) bool {
	host = bareHost(host)
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && (ip.Unmap().IsLoopback() || ip.Unmap().IsUnspecified())
}

// private reports whether host can only be in the user's own network.
func private(host string) bool {
	host = bareHost(host)
	if ip, err := netip.ParseAddr(host); err == nil {
		ip = ip.Unmap()
		return ip.IsPrivate() || ip.IsLinkLocalUnicast() || ip.Is4() && ip.As4()[0] == 100 && ip.As4()[1]&0xC0 == 64
	}
	if !strings.Contains(host, ".") {
		return host != "" && (host[0] < '0' || host[0] > '9')
	}
	for _, end := range []string{".local", ".internal", ".lan", ".home", ".home.arpa", ".intranet", ".corp", ".localdomain", ".private", ".svc", ".test", ".ts.net"} {
		if strings.HasSuffix(host, end) {
			return true
		}
	}
	return false
}

// bareHost is a host in lower case without port, brackets and final dot.
func bareHost(host string) string {
	host = strings.ToLower(host)
	if strings.HasPrefix(host, "[") {
		host, _, _ = strings.Cut(host[1:], "]")
	} else if strings.Count(host, ":") == 1 {
		host, _, _ = strings.Cut(host, ":")
	}
	host, _, _ = strings.Cut(host, "%")
	return strings.TrimSuffix(host, ".")
}

// ownHost reports whether host is the one of the provider's default base.
func ownHost(p provider.Provider, host string) bool {
	host = bareHost(host)
	if u, err := url.Parse(p.Base); err == nil && u.Host != "" && bareHost(u.Host) == host {
		return true
	}
	return slices.ContainsFunc(p.Hosts, func(h string) bool {
		return h == host || strings.HasPrefix(h, ".") && strings.HasSuffix(host, h)
	})
}
