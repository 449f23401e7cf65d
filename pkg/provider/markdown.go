package provider

import (
	"fmt"
	"strings"
)

// Markdown is the printed form of the table, for docs/providers.md. The same
// rows give the same bytes.
func Markdown(rows []Provider) string {
	var b strings.Builder
	fmt.Fprintf(&b, `# Providers

Printed from the table in pkg/provider: change the rows, then run `+"`make gen`"+`.
%d rows. Variables stand in the order in which they are read. A base and the path
behind it make the address of a chat; {parts} of it come from settings or variables.

| provider | key | base | default base | path | wire | auth | free probe |
| --- | --- | --- | --- | --- | --- | --- | --- |
`, len(rows))
	for _, p := range rows {
		cells := []string{
			"**" + p.Name + "** " + p.Title + also(p.Aliases), names(p.Keys), names(p.Bases), code(p.Base), code(p.ChatPath),
			string(p.Wire), string(p.Auth), probeText(p.Probe),
		}
		b.WriteString("| " + strings.Join(cells, " | ") + " |\n")
	}
	b.WriteString("\n## What to know of each\n\n")
	for _, p := range rows {
		b.WriteString(details(p))
	}
	return b.String()
}

func details(p Provider) string {
	var b strings.Builder
	fmt.Fprintf(&b, "### %s\n\n", p.Name)
	line := func(what, text string) {
		if text != "" {
			fmt.Fprintf(&b, "- %s: %s\n", what, text)
		}
	}
	line("a key from", p.KeyPage)
	line("set under another name by the vendor's own tools", names(append(append([]string{}, p.VendorKeys...), p.VendorBase...)))
	line("in `litellm_settings`", names(p.Globals))
	line("own hosts beside the default", names(p.Hosts))
	for _, h := range p.Callers {
		text := "`" + h.Param + "`"
		if len(h.Vars) > 0 {
			text += ", then " + names(h.Vars)
		}
		if h.Default != "" {
			text += ", else `" + h.Default + "`"
		}
		line("{"+h.Name+"} from", text)
	}
	if p.Probe.Proves != "" {
		line("the probe proves", p.Probe.Proves+"; not "+p.Probe.Misses)
	}
	line("note", p.Notes)
	line("checked", p.Source+", "+p.Date)
	b.WriteString("\n")
	return b.String()
}

func also(aliases []string) string {
	if len(aliases) == 0 {
		return ""
	}
	return " (also " + strings.Join(aliases, ", ") + ")"
}

func names(list []string) string {
	quoted := make([]string, 0, len(list))
	for _, n := range list {
		quoted = append(quoted, code(n))
	}
	return strings.Join(quoted, ", ")
}

func code(s string) string {
	if s == "" {
		return ""
	}
	return "`" + s + "`"
}

func probeText(p Probe) string {
	where := p.Path + p.URL
	if where == "" {
		return "none"
	}
	grade := "control decides"
	if p.NeedsKey {
		grade = "refuses a wrong key"
	}
	if p.Public {
		grade = "answers anybody"
	}
	return p.Method + " " + code(where) + ", " + grade
}
