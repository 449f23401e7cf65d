package verdict

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/llmctl/llmctl/pkg/fault"
)

// ready is a rule whose patterns are compiled.
type ready struct {
	rule
	text, quota *regexp.Regexp
	words       []string // lower case
	header      string   // name
	value       string   // part of its value, lower case
}

var readyRules = sync.OnceValue(func() []ready {
	var out []ready
	for _, r := range rules() {
		x := ready{rule: r}
		if r.text != "" {
			x.text = regexp.MustCompile(`(?is)` + r.text)
		}
		if r.quota != "" {
			x.quota = regexp.MustCompile(r.quota)
		}
		x.words = strings.Fields(strings.ToLower(r.words))
		x.header, x.value, _ = strings.Cut(r.header, ": ")
		x.value = strings.ToLower(x.value)
		out = append(out, x)
	}
	return out
})

// match is the first rule that holds, and what decided.
func match(a Answer, s said, who string) (code fault.Code, key fault.Key, by string, ok bool) {
	for _, r := range readyRules() {
		if by, ok := r.holds(a, s, who); ok {
			return r.code, r.key, by, true
		}
	}
	return "", "", "", false
}

// holds reports whether all conditions hold, and names the strongest: a code,
// then a header, then a sentence, then the shape of the body.
func (r ready) holds(a Answer, s said, who string) (by string, ok bool) {
	if r.who != "" && !listed(r.who, who) {
		return "", false
	}
	if r.status != "" && !statusIn(r.status, a.Status) && (s.status == 0 || !statusIn(r.status, s.status)) {
		return "", false
	}
	if r.shape != "" {
		if s.shape != r.shape {
			return "", false
		}
		by = "status " + strconv.Itoa(a.Status) + " with a body of " + string(r.shape)
	} else {
		by = "status " + strconv.Itoa(a.Status)
	}
	if r.flag != "" {
		if !a.Probe || !slices.Contains(s.flags, r.flag) {
			return "", false
		}
		by = "body " + strings.Replace(r.flag, "=", ": ", 1)
	}
	if r.text != nil {
		found, ok := s.find(r.text)
		if !ok {
			return "", false
		}
		by = "text " + strconv.Quote(clip(scrub(found), 60))
	}
	if r.quota != nil {
		found := ""
		for _, q := range s.quotas {
			if r.quota.MatchString(q) {
				found = q
				break
			}
		}
		if found == "" {
			return "", false
		}
		by = "quotaId " + clip(scrub(found), 80)
	}
	if r.header != "" {
		v := header(a, r.header)
		if v == "" || !strings.Contains(strings.ToLower(v), r.value) {
			return "", false
		}
		by = "header " + strings.ToLower(r.header)
	}
	if len(r.words) > 0 {
		w, ok := s.code(r.words)
		if !ok {
			return "", false
		}
		by = w.at + " " + scrub(w.text)
	}
	return by, true
}

// find is what re matches in the first sentence that it matches.
func (s said) find(re *regexp.Regexp) (string, bool) {
	for _, t := range s.texts {
		if m := re.FindString(t); m != "" {
			return m, true
		}
	}
	return "", false
}

// code is the first word of the body that is one of list.
func (s said) code(list []string) (word, bool) {
	for _, w := range s.words {
		if slices.Contains(list, strings.ToLower(w.text)) {
			return w, true
		}
	}
	return word{}, false
}

// statusIn reports whether list ("401 4xx") names status.
func statusIn(list string, status int) bool {
	for w := range strings.FieldsSeq(list) {
		if len(w) == 3 && w[1:] == "xx" {
			if int(w[0]-'0') == status/100 {
				return true
			}
		} else if w == strconv.Itoa(status) {
			return true
		}
	}
	return false
}
