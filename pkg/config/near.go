package config

import (
	"strings"
	"unicode"

	"github.com/llmctl/llmctl/pkg/provider"
)

// nearest is the known name that a misspelt one most probably means, "" when
// none is near. A name of one section never counts as misspelt there.
func nearest(name string, known []string) string {
	best, least := "", 3
	plain := fold(name)
	for _, k := range known {
		if k == name {
			return ""
		}
		if fold(k) == plain && least > 0 {
			best, least = k, 0
			continue
		}
		if abs(len(name)-len(k)) > 2 {
			continue
		}
		if d := provider.Distance(strings.ToLower(name), strings.ToLower(k)); d < least && d <= allowed(name, k) {
			best, least = k, d
		}
	}
	return best
}

// allowed is how many slips of the finger a name of this length may have: in
// "rpm" or "seed" one slip makes another word.
func allowed(name, known string) int {
	switch n := min(len(name), len(known)); {
	case n < 5:
		return 0
	case n < 8:
		return 1
	}
	return 2
}

// fold drops case and separators: apiKey, api-key and API_KEY are one name.
func fold(name string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("-_ .", r) {
			return -1
		}
		return unicode.ToLower(r)
	}, name)
}

func abs(n int) int {
	if n < 0 {
		return -n
	}
	return n
}
