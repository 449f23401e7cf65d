package report

import (
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"

	"github.com/llmctl/llmctl/pkg/check"
	"github.com/llmctl/llmctl/pkg/fault"
	"github.com/llmctl/llmctl/pkg/resolve"
)

// DoctorText prints a doctor's document for a person: what needs them, then
// every deployment on a line, then what was not looked at, then one line that
// sums it up and can be searched for.
func DoctorText(w io.Writer, d Doctor, s Style) error {
	p := newInk(w, s)
	p.files(d)
	p.findings(d.Findings)
	p.deployments(d)
	if s.Verbose {
		p.checks(d)
	} else {
		p.skipped(d.Checks)
	}
	p.line()
	p.verdict(d)
	return p.flush(w)
}

// files says what was read, and what was found and not read.
func (p *ink) files(d Doctor) {
	p.line(p.head.Render("llmctl doctor"), " ", p.faint.Render(d.Version))
	var configs, envs []string
	for _, f := range d.ConfigFiles {
		text := f.Path
		if f.Status != "read" {
			text += " (" + string(f.Status) + ")"
		}
		configs = append(configs, text)
	}
	if len(configs) == 0 {
		configs = []string{"none: every provider with a key is a deployment"}
	}
	for _, f := range d.EnvFiles {
		text := fmt.Sprintf("%s (%s)", f.Path, plural(f.Entries, "variable"))
		if f.Status != "read" {
			text = f.Path + " (" + f.Status
			if f.Reason != "" {
				text += ": " + f.Reason
			}
			text += ")"
		}
		envs = append(envs, text)
	}
	if len(envs) == 0 {
		envs = []string{"none"}
	}
	p.fact("config", strings.Join(configs, ", "))
	p.fact(".env", strings.Join(envs, ", "))
}

func (p *ink) fact(label, text string) {
	for i, l := range wrap(p.say(text), p.width-8) {
		if i == 0 {
			p.line(p.faint.Render(label), strings.Repeat(" ", 8-len(label)), l)
			continue
		}
		p.line(strings.Repeat(" ", 8), l)
	}
}

// standing is what became of one deployment.
type standing struct {
	worst check.Outcome
	word  string // a code, a grade, or why it is not known
}

// deployments prints one line each. The sign is the worst outcome; the word
// says what the probe proved, or what stands in its way.
func (p *ink) deployments(d Doctor) {
	if len(d.Deployments) == 0 {
		return
	}
	p.section("Deployments")
	by := map[string]standing{}
	for _, c := range d.Checks {
		if c.Deployment != "" {
			k := c.Deployment + "\n" + c.Place
			by[k] = by[k].with(c)
		}
	}
	var rows [][]cell
	for _, x := range d.Deployments {
		st := by[x.ModelName+"\n"+entryPlace(x.Location)]
		if !x.Callable { // whichever check has said why
			st.word = string(x.Code)
			if severity(st.worst) < severity(check.Unknown) {
				st.worst = check.Error
			}
		}
		if st.word == "" {
			st.word = "not probed"
			if severity(st.worst) < severity(check.Skipped) { // --only left the probe out: no green without proof
				st.worst = check.Skipped
			}
		}
		rows = append(rows, p.deployment(x, st))
	}
	if len(rows) > manyRows && !p.style.Verbose {
		rows = fold(rows, p.g.x)
	}
	p.table(0, nil, rows, 0, 3)
}

// manyRows is how many deployments are shown one by one: about a screen.
const manyRows = 30

// fold puts the rows together that differ in their name and model only, and
// says how many they are.
func fold(rows [][]cell, times string) [][]cell {
	var out [][]cell
	at, n := map[string]int{}, map[string]int{}
	for _, r := range rows {
		id := r[0].text + "\n" + r[3].text + "\n" + r[4].text
		n[id]++
		i, ok := at[id]
		if !ok {
			i = len(out)
			at[id] = i
			out = append(out, []cell{r[0], {paint: r[4].paint}, r[1], r[3], r[4]})
		}
		out[i][1].text = strconv.Itoa(n[id]) + " " + times
		out[i][2].text = addName(out[i][2].text, r[1].text)
	}
	return out
}

// addName adds a name to a list of names that stands there already or not.
func addName(list, name string) string {
	for _, x := range strings.Split(list, ", ") {
		if x == name {
			return list
		}
	}
	return list + ", " + name
}

// deployment is one line of the table. A narrow page shows the provider for
// the model and the place of the key for its name.
func (p *ink) deployment(d Deployment, st standing) []cell {
	plain := p.faint.UnsetFaint()
	what, key := modelWords(d), keyShort(d)
	if p.width < 110 {
		what, key = d.Provider, keyPlace(d)
	}
	return []cell{
		{p.g.outcome[st.worst] + " " + st.word, p.paint(st.worst)},
		{p.say(d.ModelName), plain},
		{p.say(what), plain},
		{p.say(key), p.faint},
		{p.g.arrow + " " + p.say(host(d)), p.faint},
	}
}

// with adds the outcome of one more check.
func (s standing) with(c check.Checked) standing {
	was := s.worst
	if severity(c.Outcome) > severity(s.worst) && (c.Outcome != check.Skipped || c.ID == "probe.auth") {
		s.worst = c.Outcome
	}
	switch {
	case c.Outcome == check.Error || c.Outcome == check.Unknown || c.Outcome == check.Crashed:
		if s.worst == c.Outcome && (was != c.Outcome || c.ID == "probe.auth") { // the first cause, unless the provider has spoken
			s.word = string(c.Code)
		}
	case c.ID != "probe.auth" || severity(s.worst) >= severity(check.Unknown):
	case c.Grade != "":
		s.word = string(c.Grade)
	case c.Outcome == check.Skipped:
		s.word = "not probed"
	case c.Code != "":
		s.word = string(c.Code)
	}
	return s
}

// severity orders outcomes for the sign of a deployment. A skipped probe is
// worse than ok: green must be proven.
func severity(o check.Outcome) int {
	for i, x := range []check.Outcome{"", check.OK, check.Info, check.Skipped, check.Warning, check.Unknown, check.Error, check.Crashed} {
		if x == o {
			return i
		}
	}
	return 0
}

func entryPlace(l *fault.Location) string {
	if l == nil {
		return ""
	}
	return l.File + ":" + strconv.Itoa(l.Line)
}

// modelWords is the model as written, with the provider where the name does
// not say it.
func modelWords(d Deployment) string {
	switch {
	case d.Model == "":
		return d.Provider
	case d.Provider == "" || strings.HasPrefix(d.Model, d.Provider+"/"):
		return d.Model
	}
	return d.Model + " (" + d.Provider + ")"
}

// keyShort says in a few words where a key stands.
func keyShort(d Deployment) string {
	if d.APIKey == nil {
		return "no key"
	}
	return originShort(d.APIKey.Origin)
}

// keyPlace says it in one word.
func keyPlace(d Deployment) string {
	switch {
	case d.APIKey == nil:
		return "no key"
	case d.APIKey.Origin.Source().Layer == resolve.Env:
		return "env"
	case d.APIKey.Origin.Source().Place() != "":
		return d.APIKey.Origin.Source().Place()
	}
	return originShort(d.APIKey.Origin)
}

func originShort(o resolve.Origin) string {
	src := o.Source()
	switch src.Layer {
	case resolve.Env:
		return src.Name
	case resolve.DotEnv, resolve.EnvVariables:
		return src.Name + " " + src.Place()
	case resolve.KeyStore:
		return "key store"
	case resolve.Flag:
		return src.Name
	case resolve.Default:
		return "default"
	case resolve.Deployment, resolve.Credential, resolve.ProviderGlobal, resolve.Global:
	}
	if src.Place() == "" {
		return src.Name
	}
	return src.Place()
}

// host is where calls go, as short as it can be said.
func host(d Deployment) string {
	if u, err := url.Parse(d.URL); err == nil && u.Host != "" {
		return u.Host
	}
	return "nowhere"
}

// skipped folds what was not looked at, by reason.
func (p *ink) skipped(checks []check.Checked) {
	var reasons []string
	n, who, seen := map[string]int{}, map[string][]string{}, map[string]bool{}
	for _, c := range checks {
		if c.Outcome != check.Skipped {
			continue
		}
		if n[c.Reason] == 0 {
			reasons = append(reasons, c.Reason)
		}
		n[c.Reason]++
		if id := c.Reason + "\n" + c.Deployment; c.Deployment != "" && !seen[id] {
			seen[id] = true
			who[c.Reason] = append(who[c.Reason], c.Deployment)
		}
	}
	if len(reasons) == 0 {
		return
	}
	p.section("Skipped")
	for _, r := range reasons {
		text := plural(n[r], "check") + ": " + p.say(r)
		if need, ok := strings.CutPrefix(r, "needs "); ok {
			text = fmt.Sprintf("%d checks need %s", n[r], p.say(need))
			if n[r] == 1 {
				text = "1 check needs " + p.say(need)
			}
		}
		if names := p.some(who[r], 3); names != "" && r != "offline" {
			text += ": " + names
		}
		for i, l := range wrap(text, p.width-2) {
			lead := "  "
			if i == 0 {
				lead = p.g.outcome[check.Skipped] + " "
			}
			p.line(p.faint.Render(lead + l))
		}
	}
}

// checks prints every check with its time, for -v.
func (p *ink) checks(d Doctor) {
	p.section("Checks")
	last := "\n"
	for _, c := range d.Checks {
		if at := c.Deployment + "\n" + c.Place; at != last {
			last = at
			name := "project"
			if c.Deployment != "" {
				name = c.Deployment + "  " + c.Place
			}
			p.line(p.head.Render(p.say(name)))
		}
		reason := c.Reason
		if c.Code != "" && !strings.Contains(reason, string(c.Code)) {
			reason += " (" + string(c.Code) + ")"
		}
		if c.Grade != "" {
			reason += " [" + string(c.Grade) + "]"
		}
		tag := fmt.Sprintf("%s %-8s %-13s %5d ms", p.g.outcome[c.Outcome], c.Outcome, c.ID, c.DurationMS)
		for i, l := range wrap(p.say(reason), p.width-37) {
			if i == 0 {
				p.line("  ", p.paint(c.Outcome).Render(tag), "  ", l)
				continue
			}
			p.line(strings.Repeat(" ", 37), l)
		}
		for _, l := range strings.Split(strings.TrimSpace(c.Stack), "\n") {
			if l != "" {
				p.line("      ", p.faint.Render(p.say(l)))
			}
		}
	}
}

// verdict is the last line: "doctor: 7 ok · 2 warnings · 3 errors (exit 1)". It
// is never wrapped, and what needs nobody (info) is not counted in it.
func (p *ink) verdict(d Doctor) {
	s := d.Summary
	parts := []string{fmt.Sprintf("%d ok", s.OK), plural(s.Warning, "warning"), plural(s.Error, "error")}
	for _, x := range []struct {
		n    int
		word string
	}{{s.Unknown, "unknown"}, {s.Skipped, "skipped"}, {s.Crashed, "crashed"}, {s.Ignored, "ignored"}} {
		if x.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", x.n, x.word))
		}
	}
	if d.ExitCode != fault.ExitOK && d.ExitCode != fault.ExitFindings {
		for _, l := range wrap(p.say(d.ExitReason), p.width) {
			p.line(l)
		}
	}
	p.line(p.head.Render("doctor:"), " ", p.join(parts), fmt.Sprintf(" (exit %d)", d.ExitCode))
}
