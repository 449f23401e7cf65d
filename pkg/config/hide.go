package config

import (
	"regexp"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"

	"github.com/llmctl/llmctl/pkg/secret"
)

// veil stands where a credential stood.
const veil = "****"

// span is a range of columns, in runes from 1; an end of 0 is the line's end.
type span struct{ from, to int }

// Sensitive reports whether a setting, header or variable of this name holds a
// credential. It is generous: a name that it takes for one is hidden, which
// costs nothing, and never the other way round.
func Sensitive(name string) bool {
	n := strings.ToLower(strings.NewReplacer("-", "_", ".", "_", " ", "_").Replace(strings.TrimSpace(name)))
	switch n {
	case "primary_key", "public_key", "sort_key", "litellm_key_header_name", "token_endpoint", "token_url":
		return false
	}
	if strings.HasSuffix(n, "_per_token") {
		return false // a price
	}
	for _, exact := range []string{"authorization", "proxy_authorization", "cookie", "set_cookie", "credentials", "credential",
		"key", "token", "secret", "password", "passwd", "passphrase", "pat", "dsn", "auth", "bearer", "hosted_keys"} {
		if n == exact {
			return true
		}
	}
	for _, end := range []string{"_key", "apikey", "_keys", "_token", "_secret", "_password", "_passwd", "_passphrase", "_pat", "_dsn",
		"_credentials", "_credential", "_authorization", "_cookie", "accesskey", "secretkey", "authtoken", "accesstoken", "clientsecret", "subscription_key"} {
		if strings.HasSuffix(n, end) {
			return true
		}
	}
	for _, part := range []string{"api_key", "access_key", "secret_key", "private_key", "master_key", "password", "webhook_url", "connection_string", "client_secret"} {
		if strings.Contains(n, part) {
			return true
		}
	}
	return false
}

// Snippet is the line at pos, with every credential masked: first by place, as
// the parsed file says, then by form, for comments and for files that do not
// parse. It is "" for a place that was not read; trailing white space is cut.
func (c *Config) Snippet(pos Pos) string {
	if c == nil || pos.Line < 1 || pos.Line > len(c.lines[pos.File]) {
		return ""
	}
	const most, seen = 300, 3000 // runes that are shown, and that are looked at
	line := c.lines[pos.File][pos.Line-1]
	if len(line) > 4*seen {
		line = line[:4*seen]
	}
	// A line is cut after it is masked, so that no half of a credential is left
	// that has lost the form by which it would be known.
	if r := []rune(line); len(r) > seen {
		line = string(r[:seen])
	}
	if hidden := c.hidden[pos.File]; hidden != nil {
		line = cover(line, hidden()[pos.Line])
	}
	line = strings.TrimRight(maskLine(line), " \t\r")
	if r := []rune(line); len(r) > most {
		line = string(r[:most]) + "…"
	}
	return line
}

// cover puts the veil over spans of a line. Spans are in order.
func cover(line string, spans []span) string {
	if len(spans) == 0 {
		return line
	}
	r := []rune(line)
	var b strings.Builder
	at := 0
	for _, s := range spans {
		if s.from > len(r) {
			break
		}
		from, to := min(max(s.from-1, at), len(r)), len(r)
		if s.to > 0 {
			to = min(max(s.to-1, from), len(r))
		}
		b.WriteString(string(r[at:from]) + veil)
		if to < len(r) {
			b.WriteString(" ")
		}
		at = to
	}
	return b.String() + string(r[at:])
}

// hide says where the credentials of a file stand: the scalars below a
// sensitive key, unless they are references. A scalar reaches up to where the
// next value begins, so that all lines of a folded or quoted text are covered.
func hide(root *yaml.Node, lines []string) map[int][]span {
	hidden := map[int][]span{}
	h := hider{secret: map[*yaml.Node]bool{}}
	h.walk(root, false, 1)
	for i, y := range h.order {
		if !h.secret[y] {
			continue
		}
		nextLine, nextCol := len(lines)+1, 1
		if i+1 < len(h.order) {
			nextLine, nextCol = h.order[i+1].Line, h.order[i+1].Column
		}
		if nextLine == y.Line {
			hidden[y.Line] = append(hidden[y.Line], span{y.Column, nextCol})
			continue
		}
		if y.Style&(yaml.LiteralStyle|yaml.FoldedStyle) == 0 {
			hidden[y.Line] = append(hidden[y.Line], span{y.Column, 0})
		}
		for l := y.Line + 1; l < nextLine && l <= len(lines) && goesOn(y); l++ {
			if t := strings.TrimSpace(lines[l-1]); t != "" && !(strings.HasPrefix(t, "#") && y.Style&yaml.LiteralStyle == 0) {
				hidden[l] = []span{{1 + len(lines[l-1]) - len(strings.TrimLeft(lines[l-1], " \t")), 0}}
			}
		}
	}
	return hidden
}

// goesOn reports whether a scalar can go on in the next line: a plain word
// cannot, and the comments below it stay readable.
func goesOn(y *yaml.Node) bool {
	const styled = yaml.LiteralStyle | yaml.FoldedStyle | yaml.DoubleQuotedStyle | yaml.SingleQuotedStyle
	return y.Style&styled != 0 || strings.Contains(y.Value, " ")
}

// hider walks a file's nodes in the order of the text.
type hider struct {
	order  []*yaml.Node
	secret map[*yaml.Node]bool
	seen   map[*yaml.Node]bool // anchors whose values are hidden already
}

func (h *hider) walk(y *yaml.Node, below bool, level int) {
	if level > 2*maxLevels {
		return
	}
	switch y.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(y.Content); i += 2 {
			h.order = append(h.order, y.Content[i])
			h.walk(y.Content[i+1], below || Sensitive(y.Content[i].Value), level+1)
		}
	case yaml.SequenceNode:
		for _, c := range y.Content {
			h.walk(c, below, level+1)
		}
	case yaml.AliasNode:
		h.order = append(h.order, y)
		if below && y.Alias != nil {
			h.anchor(y.Alias)
		}
	default:
		h.order = append(h.order, y)
		if below && covered(y) || secret.LooksLikeKey(y.Value) {
			h.secret[y] = true
		}
	}
}

// anchor hides the values of an anchor that is used below a sensitive key.
func (h *hider) anchor(y *yaml.Node) {
	if h.seen[y] {
		return
	}
	if h.seen == nil {
		h.seen = map[*yaml.Node]bool{}
	}
	h.seen[y] = true
	if y.Kind == yaml.ScalarNode && covered(y) {
		h.secret[y] = true
	}
	for i, c := range y.Content {
		if y.Kind != yaml.MappingNode || i%2 == 1 {
			h.anchor(c)
		}
	}
	if y.Alias != nil {
		h.anchor(y.Alias)
	}
}

// covered reports whether a scalar below a sensitive key has to be hidden.
func covered(y *yaml.Node) bool {
	t := strings.TrimSpace(y.Value)
	switch y.ShortTag() {
	case "!!null", "!!bool":
		return false
	}
	return t != "" && !plainReference(t)
}

// plainReference reports whether a text names where a credential is and holds
// none: it may be shown. Forms that nobody resolves are shown too, as they are
// what a finding is about.
func plainReference(t string) bool {
	if secret.LooksLikeKey(t) {
		return false
	}
	if ref, ok := ParseReference(t); ok {
		return ref.Scheme != "cmd"
	}
	return wrongReference(t)
}

type maskRule struct {
	re   *regexp.Regexp
	with string
}

// maskRules find credentials by form. Sources of the shapes: package secret.
var maskRules = sync.OnceValue(func() []maskRule {
	return []maskRule{
		// user:password@ in an address
		{regexp.MustCompile(`([A-Za-z][A-Za-z0-9+.-]*://)[^/\s"'@]*@`), "${1}" + veil + "@"},
		{regexp.MustCompile(`([A-Za-z][A-Za-z0-9+.-]*://[^\s"'?#]+\?)[^\s"'#]+`), "${1}" + veil},
		{regexp.MustCompile(`(?i)\b(bearer|basic|token)\s+[A-Za-z0-9._~+/=-]{6,}`), "${1} " + veil},
		{regexp.MustCompile(`\beyJ[A-Za-z0-9_-]{8,}(\.[A-Za-z0-9_-]*)*`), veil}, // a JSON web token
	}
})

// setting finds "name: value" and "name=value" in a comment, a list item, or a
// file that does not parse.
var setting = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`([A-Za-z_][A-Za-z0-9_.-]*)(["']?\s*[:=]\s*)(["']?)(\$?\{+[^{}]*\}+|[^\s"'#,}\]]+)`)
})

var word = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`[^\s"'` + "`" + `,;:=()\[\]{}<>]+`) })

// maskLine hides in one line what has the form of a credential.
func maskLine(line string) string {
	line = setting().ReplaceAllStringFunc(line, func(m string) string {
		p := setting().FindStringSubmatch(m)
		if !Sensitive(p[1]) || p[4] == veil || plainReference(p[4]) || plainWord(p[4]) {
			return m
		}
		return p[1] + p[2] + p[3] + veil
	})
	return mask(line)
}

// plainWord is a value that cannot be a credential.
func plainWord(t string) bool {
	switch strings.ToLower(t) {
	case "null", "~", "true", "false", "|", ">", "|-", ">-", "none", "&", "*":
		return true
	}
	return strings.HasPrefix(t, "*") || strings.HasPrefix(t, "&") || strings.HasPrefix(t, "{") || strings.HasPrefix(t, "[")
}

// mask hides key-like words, web tokens, passwords in addresses and values in
// their query.
func mask(text string) string {
	for _, r := range maskRules() {
		text = r.re.ReplaceAllString(text, r.with)
	}
	return word().ReplaceAllStringFunc(text, func(w string) string {
		if secret.LooksLikeKey(w) {
			return veil
		}
		return w
	})
}
