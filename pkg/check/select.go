package check

import (
	"strings"

	"github.com/llmctl/llmctl/pkg/fault"
)

// selection says which checks are asked (with what they need) and which of
// them are shown.
type selection struct {
	asked map[string]bool // --only and everything it needs
	shown map[string]bool // --only
	off   map[string]bool // --skip
}

// choose reads --only and --skip. A name that fits no check is a usage error:
// a typo must not turn into "nothing was found".
func choose(only, skip []string) (selection, error) {
	sel := selection{asked: map[string]bool{}, shown: map[string]bool{}, off: map[string]bool{}}
	shown, err := match("--only", only)
	if err != nil {
		return sel, err
	}
	off, err := match("--skip", skip)
	if err != nil {
		return sel, err
	}
	all := All()
	for i := len(all) - 1; i >= 0; i-- { // backwards: needs stand before their users
		c := all[i]
		sel.shown[c.ID] = len(only) == 0 || shown[c.ID]
		sel.off[c.ID] = off[c.ID]
		if sel.shown[c.ID] {
			sel.asked[c.ID] = true
		}
		if sel.asked[c.ID] && !off[c.ID] {
			for _, n := range c.Needs {
				sel.asked[n] = true
			}
		}
	}
	return sel, nil
}

func match(flag string, globs []string) (map[string]bool, error) {
	ids := map[string]bool{}
	for _, g := range globs {
		hit := false
		for _, c := range All() {
			if glob(g, c.ID) {
				ids[c.ID], hit = true, true
			}
		}
		if !hit {
			return nil, &fault.Err{Code: "usage.invalid", Subject: flag, Message: "no check is called " + quote(g), Hint: "llmctl doctor --list-checks names them"}
		}
	}
	return ids, nil
}

// glob matches text against pattern, in which * stands for any run of
// characters. path.Match would stop at the slash of a model name.
func glob(pattern, text string) bool {
	head, rest, star := strings.Cut(pattern, "*")
	if !star {
		return pattern == text
	}
	if !strings.HasPrefix(text, head) {
		return false
	}
	text = text[len(head):]
	for {
		part, next, more := strings.Cut(rest, "*")
		if !more {
			return strings.HasSuffix(text, part)
		}
		i := strings.Index(text, part)
		if i < 0 {
			return false
		}
		text, rest = text[i+len(part):], next
	}
}

func quote(s string) string { return `"` + s + `"` }
