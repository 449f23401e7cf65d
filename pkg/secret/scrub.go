package secret

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"net/url"
)

// Scrub returns b with every occurrence of the text replaced by the
// fingerprint: as it is, escaped as JSON does, escaped as URLs do, and in
// base64. Servers that echo a request echo it in these forms. Texts under 6
// bytes are left alone: they are words. b is not changed.
func (s Secret) Scrub(b []byte) []byte {
	if s.Len() < 6 || len(b) == 0 {
		return b
	}
	name := []byte(s.Fingerprint())
	for _, form := range forms(s.text()) {
		if bytes.Contains(b, form) {
			b = bytes.ReplaceAll(b, form, name)
		}
	}
	return b
}

// forms are the spellings of a text, each once.
func forms(text string) [][]byte {
	out := [][]byte{[]byte(text)}
	add := func(form string) {
		for _, have := range out {
			if string(have) == form {
				return
			}
		}
		out = append(out, []byte(form))
	}
	escaped, _ := json.Marshal(text) // a string always encodes
	add(string(escaped[1 : len(escaped)-1]))
	var plain bytes.Buffer
	e := json.NewEncoder(&plain)
	e.SetEscapeHTML(false)
	_ = e.Encode(text)
	add(string(bytes.Trim(plain.Bytes(), "\"\n")))
	add(url.QueryEscape(text))
	add(url.PathEscape(text))
	// In base64 the text has one of three alignments; its first and last
	// characters depend on the neighbours and are left off.
	for shift := range 3 {
		padded := append(make([]byte, shift), text...)
		for _, enc := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			if form := enc.EncodeToString(padded); len(form) > 16 {
				add(form[4 : len(form)-4])
			}
		}
	}
	return out
}
