package catalog

import (
	"cmp"
	"slices"
	"strings"

	"github.com/llmctl/llmctl/pkg/provider"
)

// Nearest gives up to n provider/model names that are close to name, the closest
// first; n below 1 gives none. What stands before a slash is compared as well
// when it is the name of a provider. Deprecated models come last among equals,
// and names that have nothing in common with the one asked for are left out.
func Nearest(model string, n int) []string {
	type near struct {
		name string
		far  int
		old  bool
		rank int
	}
	row, name := splitProvider(model)
	asked := wordsOf(name)
	limit := max(2, len(name)/2)
	rank := map[string]int{}
	for i, r := range table().order {
		rank[r] = i
	}
	found := []near{}
	for i, m := range table().models {
		if row != "" && m.Provider != row || customers(m.Provider) && row == "" {
			continue
		}
		far, ok := apart(asked, table().words[i], limit)
		if !ok || far*3 > len(asked.last) && !akin(asked.last, table().words[i].last) {
			continue
		}
		found = append(found, near{m.Provider + "/" + m.Name, far, m.Status == "deprecated", rank[m.Provider]})
	}
	slices.SortFunc(found, func(a, b near) int {
		return cmp.Or(cmp.Compare(a.far, b.far), compareBool(a.old, b.old), cmp.Compare(a.rank, b.rank), cmp.Compare(a.name, b.name))
	})
	names := []string{}
	for _, f := range found[:max(0, min(n, len(found)))] {
		names = append(names, f.name)
	}
	return names
}

// splitProvider cuts a provider's name or alias from the front.
func splitProvider(model string) (row, name string) {
	front, rest, ok := strings.Cut(model, "/")
	if !ok {
		return "", model
	}
	if p, known := provider.Lookup(provider.All(), front); known && slices.Contains(table().order, p.Name) {
		return p.Name, rest
	}
	return "", model
}

// words is a name made ready to be compared.
type words struct {
	full, last string // in lower case; last is what stands behind the last slash
	sorted     string // the words of last in alphabetical order
}

func wordsOf(name string) words {
	w := words{full: strings.ToLower(name)}
	w.last = w.full[strings.LastIndexByte(w.full, '/')+1:]
	list := strings.FieldsFunc(w.last, func(r rune) bool { return strings.ContainsRune("-._:@", r) })
	slices.Sort(list)
	w.sorted = strings.Join(list, "-")
	return w
}

// apart is the distance of two names; ok is false when it is above limit. Words
// in another order count as one step (claude-3-5-sonnet, claude-sonnet-3-5), and
// an author that only the known name has in front of a slash as one, so that
// gateways come after the vendor.
func apart(asked, known words, limit int) (far int, ok bool) {
	name, steps := known.full, 0
	if asked.full == asked.last && known.full != known.last {
		name, steps = known.last, 1
	}
	far = limit + 1
	// Names that differ in length by more than the limit need no table.
	if length := len(asked.full) - len(name); max(length, -length) <= limit {
		far = provider.Distance(asked.full, name)
	}
	if length := len(asked.sorted) - len(known.sorted); far > 1 && max(length, -length) <= limit {
		far = min(far, provider.Distance(asked.sorted, known.sorted)+1)
	}
	return far + steps, far+steps <= limit
}

// akin keeps short names apart that have only their length in common: palm-2 is
// three letters away from glm-5.
func akin(a, b string) bool {
	return len(a) >= 3 && len(b) >= 3 && a[:3] == b[:3]
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}
