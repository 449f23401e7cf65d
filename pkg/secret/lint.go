package secret

import (
	"strings"
	"unicode"
)

// Lint is what can be said of a credential's text without printing any of it.
// Every field is false or empty for a clean key.
type Lint struct {
	TrimmedSpace bool   // white space stood around the text and was trimmed by Clean
	Quotes       string // the matching pair that Clean stripped: `"`, `'` or ""
	OneQuote     bool   // a quote at one end only: it stays
	BadRune      bool   // a rune below 0x21 or above 0x7E inside
	BadIndex     int    // the rune's index, counted in runes from 0, when BadRune
	BadName      string // "U+200B" and the like, when BadRune
	Prefix       string // "Bearer ", "export NAME=", "NAME=", "Authorization:" in front, else ""
	Placeholder  bool   // a sample value: your-api-key, sk-xxx, <key>, changeme …
	Masked       bool   // contains *, • or an ellipsis: copied from a console that hides it
	URL          bool   // begins with a URL scheme: fields were swapped
	Reference    string // looks like an unresolved reference: "${X}", "$X", "os.environ/X", else ""
	Word         bool   // a short plain word without a digit: a name, not a key
}

// Clean trims white space and one matching pair of quotes, and says what it
// found. The Lint describes the text as it was given.
func (s Secret) Clean() (Secret, Lint) {
	var l Lint
	raw := s.text()
	t := strings.TrimFunc(raw, func(r rune) bool { return unicode.IsSpace(r) || r == '\uFEFF' })
	l.TrimmedSpace = t != raw && strings.TrimSpace(raw) != raw
	if len(t) >= 2 && (t[0] == '"' || t[0] == '\'') && t[len(t)-1] == t[0] {
		l.Quotes = t[:1]
		t = t[1 : len(t)-1]
	} else if t != "" && (strings.ContainsRune(`"'`, rune(t[0])) || strings.ContainsRune(`"'`, rune(t[len(t)-1]))) {
		l.OneQuote = true
	}
	l.Prefix = pastedPrefix(t)
	l.Reference = reference(t)
	l.URL = strings.HasPrefix(strings.ToLower(t), "http://") || strings.HasPrefix(strings.ToLower(t), "https://")
	l.Placeholder = placeholder(t)
	l.Masked = !l.Placeholder && strings.ContainsAny(t, "*•…")
	l.Word = len(t) > 0 && len(t) < 16 && plainWord(t) && !l.Placeholder
	i := 0
	for _, r := range t {
		if r < 0x21 || r > 0x7E {
			l.BadRune, l.BadIndex, l.BadName = true, i, runeName(r)
			break
		}
		i++
	}
	return New(t), l
}

func runeName(r rune) string {
	const digits = "0123456789ABCDEF"
	out := []byte("U+")
	for shift := 20; shift >= 0; shift -= 4 {
		d := (r >> shift) & 0xF
		if shift >= 16 && d == 0 && len(out) == 2 {
			continue
		}
		out = append(out, digits[d])
	}
	return string(out)
}

func plainWord(t string) bool {
	for _, r := range t {
		if !unicode.IsLetter(r) && r != '-' && r != '_' {
			return false
		}
	}
	return true
}

// pastedPrefix finds what people paste along with a key.
func pastedPrefix(t string) string {
	low := strings.ToLower(t)
	for _, p := range []string{"bearer ", "authorization:", "x-api-key:", "api-key:", "export "} {
		if strings.HasPrefix(low, p) {
			return t[:len(p)]
		}
	}
	if i := strings.IndexByte(t, '='); i > 2 && i < len(t)-1 && strings.ToUpper(t[:i]) == t[:i] && strings.Contains(t[:i], "_") {
		return t[:i+1]
	}
	return ""
}

// reference finds a reference that nobody resolved.
func reference(t string) string {
	switch {
	case strings.HasPrefix(t, "${") && strings.HasSuffix(t, "}"),
		strings.HasPrefix(t, "$") && len(t) > 1 && plainName(t[1:]),
		strings.HasPrefix(t, "os.environ"),
		strings.HasPrefix(t, "{{") && strings.HasSuffix(t, "}}"),
		strings.HasPrefix(t, "%") && strings.HasSuffix(t, "%") && len(t) > 2:
		return t
	}
	return ""
}

func plainName(t string) bool {
	for i, r := range t {
		if r != '_' && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') && (i == 0 || r < '0' || r > '9') {
			return false
		}
	}
	return t != ""
}

// placeholder recognises the sample values that documentation and templates use.
func placeholder(t string) bool {
	low := strings.ToLower(t)
	for _, exact := range []string{
		"changeme", "change-me", "replace-me", "replaceme", "todo", "dummy", "dummy-key", "fake-key", "fake-api-key",
		"test", "test-key", "none", "null", "nil", "undefined", "empty", "not-needed", "not-required", "no-key-required",
		"no-key", "user_provided", "api-key", "apikey", "secret", "ollama", "lm-studio", "anything", "sk-1234", "xxx", "key",
		"na", "n/a", "placeholder", "example", "password", "sk-no-key-required", "noop", "unused",
	} {
		if low == exact {
			return true
		}
	}
	if strings.HasPrefix(t, "<") && strings.HasSuffix(t, ">") || strings.HasPrefix(low, "[your") {
		return true
	}
	if strings.Contains(low, "your") && (strings.Contains(low, "key") || strings.Contains(low, "token") || strings.Contains(low, "secret")) {
		return true
	}
	if strings.Contains(low, "placeholder") || strings.Contains(low, "replace") && strings.Contains(low, "me") || strings.Contains(low, "insert") && strings.Contains(low, "key") {
		return true
	}
	// After a known prefix: only filler.
	body := low
	for _, p := range []string{"sk-ant-api03-", "sk-ant-", "sk-or-v1-", "sk-proj-", "sk-", "gsk_", "aiza", "xai-", "hf_", "pplx-", "nvapi-"} {
		if strings.HasPrefix(body, p) {
			body = body[len(p):]
			break
		}
	}
	if strings.Trim(body, "x*.0-_…") == "" && t != "" {
		return true
	}
	seen := map[rune]bool{}
	for _, r := range body {
		seen[r] = true
	}
	return len(t) >= 8 && len(seen) < 4
}
