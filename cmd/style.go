package cmd

import (
	"strconv"

	"github.com/llmctl/llmctl/pkg/report"
)

// style is how text is printed on stdout: width, colour, glyphs. core may be
// nil when preferences were not read.
func (a *app) style(core *core) report.Style {
	setting := a.flags.color
	if setting == "" && core != nil {
		setting = core.prefs.v.GetString("color")
	}
	return report.Style{
		Width:   a.width(),
		Color:   a.color(setting, a.sys.StdoutTTY),
		ASCII:   a.ascii(),
		Verbose: a.flags.verbose,
		Home:    a.sys.Home,
	}
}

// errStyle is how errors are printed on stderr.
func (a *app) errStyle() report.Style {
	return report.Style{
		Width: a.width(), Color: a.color(a.flags.color, a.sys.StderrTTY), ASCII: a.ascii(),
		Verbose: a.flags.verbose, Home: a.sys.Home,
	}
}

// width is the terminal's, at most 120: longer lines are hard to read. In a
// pipe it is what COLUMNS asks for, else 100.
func (a *app) width() int {
	w := a.sys.Width
	if w <= 0 {
		columns, _ := a.env("COLUMNS")
		w, _ = strconv.Atoi(columns)
	}
	if w <= 0 {
		return 100
	}
	return min(w, 120)
}

// color follows --color, then NO_COLOR (https://no-color.org: any text but the
// empty one), TERM=dumb, CLICOLOR_FORCE and FORCE_COLOR, then whether the stream
// is a terminal. It is decided for each stream by itself.
func (a *app) color(setting string, tty bool) bool {
	switch setting {
	case "always":
		return true
	case "never":
		return false
	}
	if v, _ := a.env("NO_COLOR"); v != "" {
		return false
	}
	for _, name := range []string{"CLICOLOR_FORCE", "FORCE_COLOR"} {
		if v, _ := a.env(name); v != "" && v != "0" {
			return true
		}
	}
	term, _ := a.env("TERM")
	return tty && term != "dumb"
}

// ascii says that the locale shows no glyphs beyond ASCII. Windows terminals
// set no locale and show them.
func (a *app) ascii() bool {
	if a.sys.GOOS == "windows" {
		return false
	}
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if v, ok := a.env(name); ok && v != "" {
			return v == "C" || v == "POSIX"
		}
	}
	return false
}
