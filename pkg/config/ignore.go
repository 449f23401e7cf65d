package config

import (
	"regexp"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/llmctl/llmctl/pkg/fault"
)

var ignoring = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?:^|\s)(#\s*llmctl:ignore\s+([a-z-]+\.[a-z-]+)(?:\s+(.*))?)$`)
})

// ignores are the "# llmctl:ignore CODE reason" comments of a file.
func (d *document) ignores() []Ignore {
	var out []Ignore
	for i, line := range d.lines {
		if !strings.Contains(line, "llmctl:ignore") {
			continue
		}
		line = strings.TrimRight(line, " \t\r")
		at := ignoring().FindStringSubmatchIndex(line)
		if at == nil {
			continue
		}
		ig := Ignore{Pos: Pos{d.path, i + 1, 1 + utf8.RuneCountInString(line[:at[2]])}, Code: fault.Code(line[at[4]:at[5]])}
		if at[6] >= 0 {
			ig.Reason = mask(strings.TrimSpace(line[at[6]:at[7]]))
		}
		out = append(out, ig)
	}
	return out
}

// Ignored finds the comment that suppresses code at a line of a file: it stands
// on the line itself, or above it with nothing but comments between.
func (c *Config) Ignored(code fault.Code, file string, line int) (Ignore, bool) {
	if c == nil {
		return Ignore{}, false
	}
	for _, ig := range c.Ignores {
		if ig.Code != code || ig.Pos.File != file || ig.Pos.Line > line {
			continue
		}
		if ig.Pos.Line == line || c.comments(file, ig.Pos.Line, line-1) {
			return ig, true
		}
	}
	return Ignore{}, false
}

// comments reports whether the lines from first to last hold comments only.
func (c *Config) comments(file string, first, last int) bool {
	lines := c.lines[file]
	if first < 1 || last > len(lines) {
		return false
	}
	for _, l := range lines[first-1 : last] {
		if !strings.HasPrefix(strings.TrimSpace(l), "#") {
			return false
		}
	}
	return true
}

// Mark gives a finding of any package its snippet and, when a comment in the
// file suppresses it, its Ignored. A finding without a place in a file of this
// Config is returned as it is.
func (c *Config) Mark(f fault.Finding) fault.Finding {
	if c == nil || f.Location == nil {
		return f
	}
	at := *f.Location
	if at.Snippet == "" {
		at.Snippet = c.Snippet(Pos{File: at.File, Line: at.Line})
	}
	f.Location = &at
	if ig, ok := c.Ignored(f.Code, at.File, at.Line); ok && f.Ignored == nil {
		f.Ignored = &fault.Ignore{By: place(ig.Pos), Reason: ig.Reason}
	}
	return f
}
