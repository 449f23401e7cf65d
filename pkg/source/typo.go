package source

import "strings"

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
		if d := distance(strings.ToUpper(name), k, allowed); d <= allowed && d < least {
			best, least = k, d
		}
	}
	return best
}

func squeeze(s string) string {
	return strings.ToUpper(strings.NewReplacer("_", "", "-", "", ".", "").Replace(s))
}

// distance counts the edits between two names: a letter more, less, other, or
// two swapped. Beyond limit it may be any number above it.
func distance(a, b string, limit int) int {
	if len(a)-len(b) > limit || len(b)-len(a) > limit {
		return limit + 1
	}
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
