package source

import "strings"

// program is another reader of .env files. read predicts what it makes of a
// text without byte order mark and with LF at the line ends; env are the
// variables that it would find in its environment.
//
// The predictions were checked against the real programs; docs/oracle/dotenv
// says how, and testdata/dotenv/table.json holds what they answered.
type program struct {
	name string
	read func(text string, env func(string) (string, bool)) reading
}

// programs are the other readers, in the order in which they are named.
// Sources: python-dotenv 1.2.4, npm dotenv 18.0.10, Node.js 20.20.2, docker CLI
// 28.2.2, dash 0.5.12 and bash 5.2.15, each executed 2026-11-21.
func programs() []program {
	return []program{
		{"python-dotenv", readPython},
		{"dotenv (npm)", readNpm},
		{"node --env-file", readNode},
		{"docker --env-file", readDocker},
		{"sh", readShell},
	}
}

// reading is what a program makes of a file.
type reading struct {
	values map[string]string
	// refused are the lines at which the program gives up. What comes behind
	// is predicted as if it had gone on, so that one line's trouble is not
	// said of all.
	refused map[int]bool
	// unsure are names, and lines, of which nothing is claimed.
	unsure map[string]bool
	lost   map[int]bool
	// runs are names whose value is what a command prints.
	runs map[string]bool
}

func newReading() reading {
	return reading{values: map[string]string{}, refused: map[int]bool{}, unsure: map[string]bool{}, lost: map[int]bool{}, runs: map[string]bool{}}
}

// set is an assignment of the program.
func (r *reading) set(name, value string) {
	r.values[name] = value
	delete(r.unsure, name)
	delete(r.runs, name)
}

// jsSpace is \s of JavaScript.
func jsSpace(r rune) bool {
	return strings.ContainsRune("\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff", r)
}
