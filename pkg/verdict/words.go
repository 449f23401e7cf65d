package verdict

import (
	"regexp"
	"strconv"
	"strings"
	"sync"
	"unicode"
)

// requestID is what the provider's support asks for. The edge's own id comes
// last: it is there when the provider never saw the call.
func requestID(a Answer, s said) string {
	for _, name := range []string{
		"X-Request-Id", "Request-Id", "X-Amzn-Requestid", "X-Amz-Request-Id", "Apim-Request-Id", "X-Ms-Request-Id",
		"X-Generation-Id", "X-Litellm-Call-Id",
	} {
		if v := header(a, name); v != "" {
			return clip(scrubLine(v), 120)
		}
	}
	if s.id != "" {
		return clip(scrubLine(s.id), 120)
	}
	return clip(scrubLine(header(a, "Cf-Ray")), 120)
}

// detail is the sentence that says most: the innermost one, in a line.
func detail(a Answer, s said) string {
	best := ""
	switch {
	case s.shape == isHTML:
		if best = title([]byte(firstOf(s.texts))); best == "" && len(s.texts) > 0 && !strings.HasPrefix(s.texts[0], "<") {
			best = s.texts[0]
		}
		best = strings.TrimSpace("HTML page: " + best)
		if best == "HTML page:" {
			best = "an HTML page without a title"
		}
	case len(s.texts) > 0:
		best = s.texts[len(s.texts)-1]
		if s.upstream == "" || s.gateway == "openrouter" {
			best = s.texts[0]
		}
		if s.gateway == "openrouter" && len(s.texts) > 1 { // "Provider returned error" says nothing
			best = s.texts[0] + ": " + s.texts[1]
		}
		if w := telling(s); len(best) < 20 && w != "" && !strings.Contains(strings.ToLower(best), strings.ToLower(w)) {
			best += " (" + w + ")"
		}
	case len(s.words) > 0:
		best = telling(s)
	case a.Status >= 300 && a.Status < 400 && header(a, "Location") != "":
		to, _, _ := strings.Cut(header(a, "Location"), "?")
		return clip(scrub("redirects to "+to), 200)
	case s.shape == isEmpty:
		best = "status " + strconv.Itoa(a.Status) + " without a body"
	}
	if e := rawEcho(s); e != "" {
		best = strings.ReplaceAll(best, e, maskEcho(e))
	}
	return clip(scrub(best), 200)
}

// telling is the first code that says more than a status does.
func telling(s said) string {
	for _, w := range s.words {
		if _, err := strconv.Atoi(w.text); err != nil && w.text != "error" {
			return w.text
		}
	}
	return ""
}

func firstOf(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}

// echoes are the sentences in which a provider prints what it received.
// Sources: OpenAI, xAI, DeepSeek and LiteLLM 401 bodies, seen in reports.
var echoes = sync.OnceValue(func() []*regexp.Regexp {
	return []*regexp.Regexp{
		regexp.MustCompile(`(?is)Incorrect API key provided: (.+?)\.? You can (?:find|obtain)`),
		regexp.MustCompile(`(?i)Incorrect API key provided: (\S.*?)\.?$`),
		regexp.MustCompile(`(?i)Your api key: (.+?) is invalid`),
		regexp.MustCompile(`(?i)Received API Key = (.+?)(?:,|$)`),
		regexp.MustCompile(`(?i)Received=(.+?), expected`),
		regexp.MustCompile(`(?i)\b(?:api[ _-]?key|token|credential|secret)s?(?: (?:provided|received|passed|given|used|was|is))?\s*[:=]\s*["'` + "`" + `]?([^\s"'` + "`" + `,;/]{6,})`),
	}
})

func rawEcho(s said) string {
	for _, re := range echoes() {
		for _, t := range s.texts {
			if m := re.FindStringSubmatch(t); m != nil {
				return m[1]
			}
		}
	}
	return ""
}

// echo is what the provider printed of the key, masked further when it printed
// too much.
func echo(s said) string { return maskEcho(rawEcho(s)) }

// maskEcho keeps what providers keep: eight characters in front, four behind,
// and their own asterisks between. Words that no key is stay readable.
func maskEcho(e string) string {
	e = strings.TrimSpace(line(e))
	switch strings.ToLower(e) {
	case "", "none", "null", "undefined", "empty", "nil":
		return e
	}
	i := strings.IndexAny(e, "*…•")
	dots := strings.Index(e, "...")
	if i < 0 || dots >= 0 && dots < i {
		i = dots
	}
	if i < 0 { // printed whole
		if len(e) < 12 {
			return "***"
		}
		return head(e, 3) + "***" + tail(e, 2)
	}
	front, mask := e[:i], "***"
	back := strings.TrimLeft(e[i:], "*…•.")
	if n := len(e) - len(front) - len(back); n > 0 && len(back) <= 5 && len(front) <= 10 {
		mask = e[i : i+n]
	}
	return head(front, 10) + clipMask(mask) + tail(back, 5)
}

func clipMask(m string) string {
	if len(m) > 12 {
		return "***"
	}
	return m
}

func head(t string, n int) string {
	r := []rune(t)
	if len(r) > n {
		r = r[:n]
	}
	return string(r)
}

func tail(t string, n int) string {
	r := []rune(t)
	if len(r) > n {
		r = r[len(r)-n:]
	}
	return string(r)
}

// keyLike finds credentials by the prefixes that vendors give them, also after
// "Bearer". A masked echo is shorter than any of them and stays.
// Sources: gitleaks and trufflehog rules, vendors' consoles; read 2026-11-21.
var keyLike = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?:sk-(?:ant-|or-|proj-|svcacct-|admin-|None-|service-|litellm-)?[A-Za-z0-9_-]{8,}|sk-[A-Za-z0-9]{4,}|` +
		`gsk_[A-Za-z0-9]{8,}|AIza[\w-]{12,}|AQ\.[\w-]{12,}|ya29\.[\w-]{12,}|xai-[A-Za-z0-9_]{12,}|` +
		`(?:hf|r8|fw|fpk)_[A-Za-z0-9]{12,}|api_org_[A-Za-z0-9]{12,}|(?:pplx|nvapi|csk|vck)[-_][\w-]{12,}|dapi[a-f0-9]{12,}|` +
		`(?:A3T[A-Z0-9]|AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{8,}|ABSK[A-Za-z0-9+/]{20,}={0,2}|bedrock-api-key-[\w+/=-]+|` +
		`gh[pousr]_[A-Za-z0-9]{12,}|github_pat_\w{12,}|tgp_v1_[\w-]{12,}|sk_[A-Za-z0-9]{16,}|` +
		`eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?|(?i:bearer|basic)\s+[A-Za-z0-9._~+/=-]{12,})`)
})

// longWord finds what may be a key without a prefix: Mistral's 32, Cohere's 40
// and Azure's 32 or 84 characters have none.
var longWord = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`[A-Za-z0-9+=]{24,}|[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}`)
})

// ids are what stands in front of a long word that is no key.
var ids = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)(?:org[-_]|req[-_]|proj[-_]|user[-_]|call_|toolu_|chatcmpl-|msg_|run_|asst_|request[ _-]?id\W{0,3}|reqid\W{0,3}|trace\W{0,3}|/)$`)
})

// scrub takes every credential out of a text and makes it one line that a
// terminal can be shown.
func scrub(t string) string {
	t = keyLike().ReplaceAllStringFunc(line(t), func(k string) string {
		if strings.ContainsAny(k, "*") {
			return k
		}
		return head(k, 3) + "***"
	})
	var b strings.Builder
	last := 0
	for _, at := range longWord().FindAllStringIndex(t, -1) {
		w := t[at[0]:at[1]]
		if !strings.ContainsAny(w, "0123456789") || ids().MatchString(t[max(0, at[0]-24):at[0]]) {
			continue
		}
		b.WriteString(t[last:at[0]])
		b.WriteString(head(w, 2) + "***")
		last = at[1]
	}
	return b.String() + t[last:]
}

// scrubLine is for ids: they are long words by nature, only vendors' prefixes
// give a key away.
func scrubLine(t string) string {
	return keyLike().ReplaceAllStringFunc(line(t), func(k string) string { return head(k, 3) + "***" })
}

// line turns white space and line ends into single spaces and drops what moves
// a cursor or hides text: an error body is somebody else's text on our screen.
func line(t string) string {
	t = strings.ToValidUTF8(t, "�")
	t = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case r == 0xFFFD || unicode.IsControl(r) || unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, t)
	return strings.Join(strings.Fields(t), " ")
}

// clip shortens t to at most n runes, the last being an ellipsis.
func clip(t string, n int) string {
	r := []rune(t)
	if len(r) <= n {
		return t
	}
	return strings.TrimRight(string(r[:n-1]), " ") + "…"
}
