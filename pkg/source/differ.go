package source

import "strings"

// difference is what another program makes of one line.
type difference struct {
	program string
	how     string // "keeps the quotes": follows the program's name
}

// differences are, for each assignment, the programs that give its name another
// value than godotenv does. Of a name that is set twice only the last counts.
func (d *dotenv) differences(env func(string) (string, bool)) [][]difference {
	out := make([][]difference, len(d.found))
	if d.broken != nil || d.unsure {
		return out
	}
	for _, p := range programs() {
		r := p.read(d.text, env)
		for i, a := range d.found {
			if d.final[a.name] != i {
				continue
			}
			if how := r.differs(a, d.values[a.name]); how != "" {
				out[i] = append(out[i], difference{p.name, how})
			}
		}
	}
	return out
}

// differs says in what way a program reads an assignment differently; "" when
// it does not, or when nobody can tell.
func (r reading) differs(a assignment, value string) string {
	theirs, ok := r.values[a.name]
	switch {
	case r.runs[a.name]:
		return "runs a command in it"
	case r.lost[a.at.line], r.unsure[a.name]:
		return ""
	case r.refused[a.at.line]:
		return "refuses the file here"
	case !ok:
		return "does not set it"
	case theirs == value:
		return ""
	case a.quote != 0 && strings.HasPrefix(theirs, string(rune(a.quote))):
		return "keeps the quotes"
	case strings.HasPrefix(value, theirs) && strings.HasPrefix(strings.TrimLeft(value[len(theirs):], " \t"), "#"):
		return "ends the value at the #"
	case strings.HasPrefix(theirs, value) && strings.HasPrefix(strings.TrimLeft(theirs[len(value):], " \t"), "#"):
		return "keeps the comment"
	case strings.TrimSpace(theirs) == value:
		return "keeps the white space"
	case strings.Contains(theirs, "$") && !strings.Contains(value, "$"):
		return "leaves the $ as it is"
	case strings.Contains(value, "$") && !strings.Contains(theirs, "$"):
		return "expands the $"
	case theirs == "":
		return "reads nothing"
	case strings.HasPrefix(value, theirs):
		return "ends the value earlier"
	case strings.HasPrefix(theirs, value):
		return "reads more"
	}
	return "reads another value"
}

// without drops one program.
func without(ds []difference, program string) []difference {
	var out []difference
	for _, d := range ds {
		if d.program != program {
			out = append(out, d)
		}
	}
	return out
}

// saidOf lists what programs do, those that do the same together:
// "python-dotenv, sh: expands the $; docker --env-file: keeps the quotes".
func saidOf(ds []difference) string {
	var hows []string
	who := map[string][]string{}
	for _, d := range ds {
		if who[d.how] == nil {
			hows = append(hows, d.how)
		}
		who[d.how] = append(who[d.how], d.program)
	}
	out := make([]string, 0, len(hows))
	for _, how := range hows {
		out = append(out, strings.Join(who[how], ", ")+": "+how)
	}
	return strings.Join(out, "; ")
}
