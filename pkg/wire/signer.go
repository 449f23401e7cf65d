package wire

import (
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"

	"github.com/llmctl/llmctl/pkg/fault"
	"github.com/llmctl/llmctl/pkg/provider"
	"github.com/llmctl/llmctl/pkg/resolve"
)

// signer is the innermost RoundTripper: it puts the key of one Resolution on a
// clone of the request, hands the clone to the socket, and puts the unsigned
// request back into the response. It and the cloud signer (signer_cloud.go) are
// the only places of the program that open a Secret.
//
// A request that goes anywhere but to the resolved scheme and host is not sent
// at all: it would be a mistake of ours, and the key would be gone.
type signer struct {
	next http.RoundTripper
	r    *resolve.Resolution
	own  signs  // of a cloud sign-in, which goes where the sign-in said and needs no key
	body []byte // what own signs
}

// RoundTrip signs and sends.
func (s signer) RoundTrip(req *http.Request) (*http.Response, error) {
	if s.own != nil {
		return s.signedIn(req)
	}
	if s.r.Key.IsZero() {
		return s.next.RoundTrip(req)
	}
	if !s.belongs(req.URL) {
		return nil, failure(s.r, "binding.foreign-host", "the key was resolved for "+s.r.Host()+" and not for "+req.URL.Host, nil)
	}
	clone := req.Clone(req.Context())
	if err := s.sign(clone.Header); err != nil {
		return nil, err
	}
	resp, err := s.next.RoundTrip(clone)
	if resp != nil {
		resp.Request = req
	}
	return resp, err
}

// signedIn is RoundTrip for a call that proves itself in another way.
func (s signer) signedIn(req *http.Request) (*http.Response, error) {
	clone := req.Clone(req.Context())
	if err := s.own(clone, s.body); err != nil {
		return nil, failure(s.r, "net.failed", "the call to "+req.URL.Host+" could not be signed", nil)
	}
	resp, err := s.next.RoundTrip(clone)
	if resp != nil {
		resp.Request = req
	}
	return resp, err
}

// belongs reports whether the key may go to u: to the origin of the resolved
// base, or, over TLS, from one of the provider's own hosts to another (some
// providers keep the endpoint that tells about a key on a host of its own).
func (s signer) belongs(u *url.URL) bool {
	base, err := url.Parse(s.r.Base.Value)
	if err != nil {
		return false
	}
	if strings.EqualFold(base.Scheme, u.Scheme) && strings.EqualFold(base.Host, u.Host) {
		return true
	}
	return u.Scheme == "https" && base.Scheme == "https" &&
		resolve.OwnHost(s.r.Provider, base.Hostname()) && resolve.OwnHost(s.r.Provider, u.Hostname())
}

// sign sets the header that the provider wants. SigV4 and Google come here with
// a ready bearer token; without one they sign in first.
func (s signer) sign(h http.Header) error {
	for _, name := range []string{"Authorization", "X-Api-Key", "Api-Key", "X-Goog-Api-Key"} {
		h.Del(name) // an extra header must not send a second credential along
	}
	switch auth := s.form(); auth {
	case provider.Bearer, provider.SigV4, provider.GoogleOAuth, provider.None:
		s.r.Key.SetHeader(h, "Authorization", "Bearer ")
	case provider.Token:
		s.r.Key.SetHeader(h, "Authorization", "Token ")
	case provider.XAPIKey, provider.APIKey, provider.GoogAPIKey:
		s.r.Key.SetHeader(h, string(auth), "")
	default:
		return failure(s.r, "wire.unsupported", "llmctl does not know how "+s.r.Provider.Name+" wants its key", nil)
	}
	return nil
}

// form is the provider's own form, except that Anthropic takes its two kinds
// of token as a bearer. Source: anthropic-sdk-go v1.84.0, client.go.
func (s signer) form() provider.Auth {
	if s.r.Provider.Auth == provider.XAPIKey &&
		(s.r.Key.Match(anthropicToken()) || s.r.KeyOrigin.Source().Name == "ANTHROPIC_AUTH_TOKEN") {
		return provider.Bearer
	}
	return s.r.Provider.Auth
}

var anthropicToken = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^sk-ant-oat`) })

// scrub replaces the key wherever a server printed it whole; providers that
// print a part of it mask it themselves. b is not changed.
func scrub(r *resolve.Resolution, b []byte) []byte { return r.Key.Scrub(b) }

// scrubHeader takes the key out of an answer's headers: gateways that echo a
// request echo it there too.
func scrubHeader(r *resolve.Resolution, h http.Header) http.Header {
	for name, values := range h {
		for i, v := range values {
			h[name][i] = string(r.Key.Scrub([]byte(v)))
		}
	}
	return h
}

// control is the same call with a key that is certainly wrong and has the
// shape of the right one, so that a server that looks at the shape only is
// found out: vendor's prefix, a text that says what it is to whoever reads the
// server's log, and zeros up to the length of the right key.
func control(r *resolve.Resolution) *resolve.Resolution {
	own := *r
	own.Key = r.Key.Map(func(text string) string {
		wrong := vendorPrefix(text) + "llmctl-negative-control"
		if n := min(len(text), 200) - len(wrong); n > 0 {
			wrong += strings.Repeat("0", n)
		}
		return wrong
	})
	return &own
}

// vendorPrefix is the part of a key that every key of that vendor has.
func vendorPrefix(text string) string {
	for _, p := range []string{
		"sk-ant-api03-", "sk-ant-", "sk-or-v1-", "sk-proj-", "sk-svcacct-", "sk-", "gsk_", "xai-", "AIza", "hf_",
		"pplx-", "nvapi-", "csk-", "fw_", "tgp_v1_", "r8_", "vck_", "dapi", "ghp_", "github_pat_",
	} {
		if strings.HasPrefix(text, p) {
			return p
		}
	}
	return ""
}

var (
	_ http.RoundTripper = signer{}
	_ error             = (*fault.Err)(nil)
	_ io.Closer         = (*Stream)(nil)
)
