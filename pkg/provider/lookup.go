package provider

import (
	"cmp"
	"slices"
	"strings"
)

// Lookup finds a row by its name or an alias; upper and lower case are the same.
// A name beats an alias, whatever the order of the rows.
func Lookup(rows []Provider, name string) (Provider, bool) {
	for _, p := range rows {
		if strings.EqualFold(p.Name, name) {
			return p, true
		}
	}
	for _, p := range rows {
		for _, a := range p.Aliases {
			if strings.EqualFold(a, name) {
				return p, true
			}
		}
	}
	return Provider{}, false
}

// Nearest gives up to n row names that are close to name, the closest first. A
// row counts by its closest name or alias. Names that differ in more than a
// third of their letters (two at least) are not close.
func Nearest(rows []Provider, name string, n int) []string {
	type near struct {
		name string
		far  int
	}
	name = strings.ToLower(name)
	found := []near{}
	for _, p := range rows {
		best := Distance(name, strings.ToLower(p.Name))
		for _, a := range p.Aliases {
			best = min(best, Distance(name, strings.ToLower(a)))
		}
		if best <= max(2, len(name)/3) {
			found = append(found, near{p.Name, best})
		}
	}
	slices.SortStableFunc(found, func(a, b near) int { return cmp.Compare(a.far, b.far) })
	names := []string{}
	for _, f := range found[:min(n, len(found))] {
		names = append(names, f.name)
	}
	return names
}

// Distance is how many letters have to be inserted, deleted, replaced or
// swapped with their neighbour to make b of a. It counts bytes: names here are
// ASCII.
func Distance(a, b string) int {
	// Three rows of the usual table: two letters back, one back, current.
	two, one, cur := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range one {
		one[j] = j
	}
	for i := 1; i <= len(a); i++ {
		cur[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			cur[j] = min(one[j]+1, cur[j-1]+1, one[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				cur[j] = min(cur[j], two[j-2]+1)
			}
		}
		two, one, cur = one, cur, two
	}
	return one[len(b)]
}

// Extend adds the user's rows. A row with the name of an existing one replaces
// it, in its place; neither slice is changed.
func Extend(rows []Provider, extra ...Provider) []Provider {
	out := slices.Clone(rows)
	for _, e := range extra {
		i := slices.IndexFunc(out, func(p Provider) bool { return strings.EqualFold(p.Name, e.Name) })
		if i < 0 {
			out = append(out, e)
			continue
		}
		out[i] = e
	}
	return out
}

// Use says what a variable is for.
type Use string

// The uses. A vendor's variable is one that the vendor's own tools read and
// llmctl, like LiteLLM, does not.
const (
	KeyUse        Use = "key"
	BaseUse       Use = "base"
	PartUse       Use = "part of the address"
	VendorKeyUse  Use = "vendor's key"
	VendorBaseUse Use = "vendor's base"
)

// Var is a variable that some row knows. Rows are in the order of the table, so
// the first one owns the variable when several read it.
type Var struct {
	Name string
	Use  Use
	Rows []string
}

// KeyVars lists every variable that a row knows, in the order of the table: the
// ones that are read before the ones that only the vendor's tools read.
func KeyVars(rows []Provider) []Var {
	vars, at := []Var{}, map[string]int{}
	note := func(use Use, row string, names []string) {
		for _, name := range names {
			i, known := at[name]
			if !known {
				i, at[name] = len(vars), len(vars)
				vars = append(vars, Var{Name: name, Use: use})
			}
			// A name that one row reads and another only knows counts as read.
			if vars[i].Use == use {
				vars[i].Rows = append(vars[i].Rows, row)
			}
		}
	}
	for _, p := range rows {
		note(KeyUse, p.Name, p.Keys)
		note(BaseUse, p.Name, p.Bases)
		for _, h := range p.Callers {
			note(PartUse, p.Name, h.Vars)
		}
	}
	for _, p := range rows {
		note(VendorKeyUse, p.Name, p.VendorKeys)
		note(VendorBaseUse, p.Name, p.VendorBase)
	}
	return vars
}
