// Package verdict says what an answer means. All knowledge about providers'
// errors lives here.
//
// It is pure: status, headers and body in, a word of package fault out. It
// calls nobody and waits for nothing.
//
// The one rule: nothing unknown is called ok, nothing is said of a key that the
// answer does not say, and a provider is not blamed for what a gateway did.
package verdict

import (
	"strconv"

	"github.com/llmctl/llmctl/pkg/fault"
)

// Answer is what came back.
type Answer struct {
	Provider string // the resolved provider's name
	Host     string // host that was called, without port
	Status   int
	Header   map[string][]string // canonical names
	Body     []byte              // the first 64 KiB are enough
	// Probe says that the call was a probe: members of a good answer that
	// contradict it ("valid": false) are then read.
	Probe bool
}

// Verdict is what it means.
type Verdict struct {
	Code      fault.Code // "" means: good answer
	Key       fault.Key
	Detail    string // the provider's own words, shortened and scrubbed of credentials
	DecidedBy string // "status 401", "error.code invalid_api_key", "header cf-mitigated" …
	Certain   bool   // false: the family follows from the status alone
	WaitMS    int64  // how long the provider asks to wait; 0 = it does not say
	RequestID string
	Echo      string // the part of the key that the provider printed, as it printed it (masked)
	// Upstream is who failed behind a gateway, in the gateway's words; "" means
	// that whoever was called speaks for itself.
	Upstream string
}

// Classify says what a means. It asks the rules in their order, then the
// status. It never returns "" for a status of 400 or more, and Key is Unsaid
// whenever Certain is false.
func Classify(a Answer) Verdict {
	s := unwrap(a)
	v := Verdict{Key: fault.Unsaid, RequestID: requestID(a, s), Upstream: clip(scrub(s.upstream), 40)}
	if good(a, s) {
		v.Certain = true
		v.DecidedBy = "status " + strconv.Itoa(a.Status)
		if who := vendorOf(a); a.Probe && len(s.flags) > 0 {
			if code, key, by, ok := match(a, said{shape: isJSON, flags: s.flags}, who); ok {
				v.decide(code, key, by)
				v.Detail = by
			}
		}
		return v
	}
	v.Echo = echo(s)
	v.Detail = detail(a, s)
	v.WaitMS = wait(a, s)
	if !v.byRule(a, s) {
		v.byStatus(a, s)
	}
	return v
}

// good reports whether a is an answer that an API gives: a good status, a body
// that is a document or a stream, and no error inside.
func good(a Answer, s said) bool {
	return a.Status >= 200 && a.Status < 300 && !s.failed && (s.shape == isJSON || s.shape == isStream)
}

// byRule asks the rules: first as the one that was called, then, for an error
// that a gateway passes on, as the one behind it.
func (v *Verdict) byRule(a Answer, s said) bool {
	who := vendorOf(a)
	if s.upstream != "" {
		if behind := vendorBehind(s.upstream); behind != "" {
			who = behind
		}
	}
	code, key, by, ok := match(a, s, who)
	if !ok && s.upstream != "" {
		code, by, ok = exception(s)
	}
	if !ok {
		return false
	}
	v.decide(code, key, by)
	if s.upstream != "" {
		v.behind()
	}
	return true
}

// behind corrects a verdict about somebody behind a gateway. The gateway let
// our key in; what its own key is refused is not ours to mend.
func (v *Verdict) behind() {
	if row, _ := fault.Lookup(v.Code); row.Exit == fault.ExitRejected {
		v.decide("gateway.upstream-auth", "", v.DecidedBy)
	}
}

// exception reads LiteLLM's own class of a failure that no rule knows.
// Source: LiteLLM 1.109.1, litellm/exceptions.py.
func exception(s said) (code fault.Code, by string, ok bool) {
	classes := map[string]fault.Code{
		"AuthenticationError": "auth.rejected", "PermissionDeniedError": "auth.forbidden",
		"RateLimitError": "rate.limited", "NotFoundError": "model.not-found",
		"BadRequestError": "request.refused", "UnprocessableEntityError": "request.refused",
		"ServiceUnavailableError": "provider.overloaded", "InternalServerError": "provider.failed",
		"APIConnectionError": "provider.failed", "APIError": "provider.failed", "Timeout": "provider.failed",
	}
	for _, w := range s.words {
		if code, ok := classes[w.text]; ok && w.at == "litellm exception" {
			return code, w.at + " " + w.text, true
		}
	}
	return "", "", false
}

func (v *Verdict) decide(code fault.Code, key fault.Key, by string) {
	row, _ := fault.Lookup(code)
	v.Code, v.Key, v.DecidedBy, v.Certain = code, row.Key, by, true
	if key != "" {
		v.Key = key
	}
}

// byStatus is the last resort: a family, never certain, that says nothing of
// the key. A good status reaches it only with a body that no API gives.
func (v *Verdict) byStatus(a Answer, s said) {
	v.Certain, v.Key = false, fault.Unsaid
	v.DecidedBy = "status " + strconv.Itoa(a.Status)
	status := a.Status
	if status >= 200 && status < 300 {
		switch {
		case s.failed && s.shape == isStream:
			v.Code = "stream.failed"
			return
		case s.failed && s.status != 0: // the body names the status that was meant
			status, v.DecidedBy = s.status, "body status "+strconv.Itoa(s.status)
		case s.failed:
			v.Code = "answer.unknown"
			return
		case s.shape == isEmpty:
			v.Code = "answer.empty"
			return
		default:
			v.Code = "answer.not-api"
			return
		}
	}
	v.Code = "answer.unknown"
	for _, f := range families() {
		if f.from <= status && status <= f.to {
			v.Code = f.code
			return
		}
	}
}
