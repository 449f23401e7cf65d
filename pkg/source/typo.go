package source

import (
	"strings"

	"github.com/llmctl/llmctl/pkg/provider"
)

// nearest is the known name that a name was probably meant to be; "" when none
// is close. A name that goes on behind a known one (OPENAI_API_KEY_OLD, _2) is
// its own name, and so is one that begins differently (MY_…).
func nearest(name string, known []string) string {
	best, least := "", 3
	for _, k := range known {
		if k == "" || name == "" || strings.HasPrefix(name, k) || strings.ToUpper(name)[0] != k[0] {
			continue
		}
		if squeeze(name) == squeeze(k) {
			return k // other case, or underscores elsewhere
		}
		allowed := 2
		if len(k) < 14 {
			allowed = 1
		}
		if longer := len(name) - len(k); max(longer, -longer) > allowed {
			continue // no need to count
		}
		if d := provider.Distance(strings.ToUpper(name), k); d <= allowed && d < least {
			best, least = k, d
		}
	}
	return best
}

func squeeze(s string) string {
	return strings.ToUpper(strings.NewReplacer("_", "", "-", "", ".", "").Replace(s))
}
