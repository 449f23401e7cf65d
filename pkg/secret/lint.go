package secret

import (
	"strings"
	"unicode"
	"unicode/utf8"
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
	t := strings.TrimFunc(raw, blank)
	if len(t) >= 2 && (t[0] == '"' || t[0] == '\'') && t[len(t)-1] == t[0] {
		l.Quotes = t[:1]
		inner := t[1 : len(t)-1]
		t = strings.TrimFunc(inner, blank)
		l.TrimmedSpace = t != inner
	} else if t != "" && (strings.ContainsRune(`"'`, rune(t[0])) || strings.ContainsRune(`"'`, rune(t[len(t)-1]))) {
		l.OneQuote = true
	}
	l.TrimmedSpace = l.TrimmedSpace || strings.TrimFunc(raw, blank) != raw
	l.Prefix = pastedPrefix(t)
	l.Reference = reference(t)
	l.URL = strings.HasPrefix(strings.ToLower(t), "http://") || strings.HasPrefix(strings.ToLower(t), "https://")
	l.Placeholder = placeholder(t)
	l.Masked = !l.Placeholder && (strings.ContainsAny(t, "*•…") || strings.Contains(t, "..."))
	l.Word = len(t) > 0 && len(t) < 16 && plainWord(t) && !l.Placeholder
	i := utf8.RuneCountInString(raw[:strings.Index(raw, t)]) // the index counts in the text as it was given
	for _, r := range t {
		if r < 0x21 || r > 0x7E {
			l.BadRune, l.BadIndex, l.BadName = true, i, runeName(r)
			break
		}
		i++
	}
	return New(t), l
}

// blank reports whether r is white space or a byte order mark.
func blank(r rune) bool { return unicode.IsSpace(r) || r == '\uFEFF' }

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

// pastedPrefix finds what people paste along with a key. It never returns a
// part of the key: a name is a variable's name, with an underscore, and base64
// that ends in "==" is none.
func pastedPrefix(t string) string {
	low := strings.ToLower(t)
	for _, p := range []string{"bearer", "basic", "token", "export"} {
		if strings.HasPrefix(low, p) && len(t) > len(p) && unicode.IsSpace(rune(t[len(p)])) {
			return t[:len(p)+1]
		}
	}
	for _, p := range []string{"authorization:", "x-api-key:", "api-key:", "x-goog-api-key:"} {
		if strings.HasPrefix(low, p) {
			return t[:len(p)]
		}
	}
	name, value, ok := strings.Cut(t, "=")
	if ok && strings.Trim(value, "=") != "" && len(name) > 2 && len(name) <= 64 &&
		plainName(name) && strings.ToUpper(name) == name && strings.Contains(name, "_") {
		return name + "="
	}
	return ""
}

// reference finds a reference that nobody resolved. When a key stands inside,
// only the form is returned.
func reference(t string) string {
	form := ""
	switch {
	case strings.HasPrefix(t, "${") && strings.HasSuffix(t, "}"):
		form = "${…}"
	case strings.HasPrefix(t, "$(") && strings.HasSuffix(t, ")"):
		return "$(…)" // a command may hold anything
	case strings.HasPrefix(t, "$") && plainName(t[1:]):
		form = "$…"
	case strings.HasPrefix(t, "os.environ"):
		form = "os.environ/…"
	case strings.HasPrefix(t, "process.env."):
		form = "process.env.…"
	case strings.HasPrefix(t, "{{") && strings.HasSuffix(t, "}}"):
		form = "{{…}}"
	case strings.HasPrefix(t, "%") && strings.HasSuffix(t, "%") && len(t) > 2 && plainName(t[1:len(t)-1]):
		form = "%…%"
	default:
		return ""
	}
	if keyLike().MatchString(t) || len(t) > 120 {
		return form
	}
	return t
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
		"no-key", "user_provided", "my-key", "my-api-key", "my_api_key", "mykey", "sk-test", "sk-dummy", "sk-fake", "api-key", "apikey", "secret", "ollama", "lm-studio", "anything", "sk-1234", "xxx", "key",
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
	if strings.Contains(low, "placeholder") || strings.Contains(low, "replace") && (strings.Contains(low, "me") || strings.Contains(low, "with")) || strings.Contains(low, "insert") && strings.Contains(low, "key") {
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
	// Random keys of that length have far more different characters.
	return len(t) >= 8 && len(seen) < 4 || len(body) >= 16 && len(seen) < 6
}
