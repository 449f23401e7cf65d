// Package secret is a credential that can be used but not printed.
//
// It is not a vault and not a redaction filter: it is the type a credential has
// from the moment its bytes are read until one signer puts it into one header.
//
// The one rule: a Secret has verbs, not a getter. There is no Reveal. Whoever
// needs the text needs a verb here, and a lint rule names the one file that may
// call it.
package secret

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"log/slog"
	"net/textproto"
	"regexp"
)

// Secret holds the text of a credential. The zero Secret holds none.
//
// The text stands behind a pointer because fmt prints unexported fields without
// asking their methods: through a pointer it prints an address, never the text.
type Secret struct{ p *string }

// New makes a Secret of text. An empty text gives the zero Secret.
func New(text string) Secret {
	if text == "" {
		return Secret{}
	}
	return Secret{p: &text}
}

// IsZero reports whether there is no text.
func (s Secret) IsZero() bool { return s.p == nil }

// Len is the length of the text in bytes; 0 for the zero Secret.
func (s Secret) Len() int { return len(s.text()) }

// Equal reports whether both hold the same text. Two zero Secrets are equal.
func (s Secret) Equal(o Secret) bool { return s.text() == o.text() }

// Fingerprint names the text without giving it away: "fp:" and the first 8 hex
// digits of SHA-256 over "llmctl:" + text. The zero Secret has "".
func (s Secret) Fingerprint() string {
	if s.p == nil {
		return ""
	}
	sum := sha256.Sum256([]byte("llmctl:" + *s.p))
	return "fp:" + hex.EncodeToString(sum[:4])
}

// Match reports whether the text matches re. It is how a table of key shapes
// asks about a key without seeing it. The zero Secret matches nothing.
func (s Secret) Match(re *regexp.Regexp) bool { return s.p != nil && re.MatchString(*s.p) }

// SetHeader puts the text, behind prefix, into header name of h (an
// http.Header). Only the signer of package wire may call it.
func (s Secret) SetHeader(h map[string][]string, name, prefix string) {
	h[textproto.CanonicalMIMEHeaderKey(name)] = []string{prefix + s.text()}
}

// Keep hands the text to put, which stores it. Only the key store of package
// source may call it.
func (s Secret) Keep(put func(text string) error) error { return put(s.text()) }

// Sign hands the text to sign, which computes from it what is sent in its
// place: a signature, a token. sign must not keep its argument. Only the cloud
// signer of package wire may call it.
func (s Secret) Sign(sign func(text string) error) error { return sign(s.text()) }

// Setting returns the text of a value that is an address, a version or a
// region and not a credential. It refuses (ok is false, the text is the
// fingerprint) when the text looks like a credential, so that a key pasted
// into a base variable is not printed as an address.
func (s Secret) Setting() (text string, ok bool) {
	if LooksLikeKey(s.text()) {
		return s.Fingerprint(), false
	}
	return s.text(), true
}

// ID is Setting for names that are long and mixed by nature, such as an
// account's id: only a vendor's key prefix is refused.
func (s Secret) ID() (text string, ok bool) {
	if vendorKey(s.text()) {
		return s.Fingerprint(), false
	}
	return s.text(), true
}

// Map returns the Secret of f applied to the text. f must be a pure change of
// the text (a trim, a cut); it must not keep its argument.
func (s Secret) Map(f func(string) string) Secret { return New(f(s.text())) }

func (s Secret) text() string {
	if s.p == nil {
		return ""
	}
	return *s.p
}

// String is the fingerprint.
func (s Secret) String() string { return s.Fingerprint() }

// GoString is the fingerprint.
func (s Secret) GoString() string { return "secret.Secret(" + s.Fingerprint() + ")" }

// Format writes the fingerprint whatever the verb is.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(s.Fingerprint())) }

// LogValue is the fingerprint.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.Fingerprint()) }

// MarshalText is the fingerprint; JSON, YAML and TOML encoders use it.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.Fingerprint()), nil }

// UnmarshalText refuses: a credential does not come out of a document of ours.
func (s *Secret) UnmarshalText([]byte) error {
	return fmt.Errorf("secret: a fingerprint cannot be turned back into a credential")
}
