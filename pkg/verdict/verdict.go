// Package verdict says what an answer means. All knowledge about providers'
// errors lives here.
//
// It is pure: status, headers and body in, a word of package fault out. It
// calls nobody and waits for nothing.
//
// The one rule: nothing unknown is called ok, nothing is said of a key that the
// answer does not say, and a provider is not blamed for what a gateway did.
package verdict

import "github.com/llmctl/llmctl/pkg/fault"

// Answer is what came back.
type Answer struct {
	Provider string // the resolved provider's name
	Host     string // host that was called, without port
	Status   int
	Header   map[string][]string // canonical names
	Body     []byte              // the first 64 KiB are enough
	// Probe says that the call was a probe: a refused model or parameter then
	// proves that the key passed.
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
}
