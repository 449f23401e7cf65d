package resolve

import (
	"slices"
	"strconv"
	"strings"

	"github.com/llmctl/llmctl/pkg/fault"
	"github.com/llmctl/llmctl/pkg/provider"
)

// judgeKey says what is wrong with the outcome of the walk, and what a person
// should know of it although it works.
func (x *index) judgeKey(d *deployment, b *base, cands []Candidate, won, stop *slot) {
	switch {
	case stop != nil:
		x.keyStops(d, b, stop)
	case won == nil:
		x.noKey(d, b, cands)
	default:
		x.keyWorks(d, b, won)
		x.shadowed(d, cands)
	}
	x.empties(d, cands)
	if won == nil {
		x.otherKeyNames(d)
	} else {
		x.refusals(d, b, cands)
	}
}

// keyStops: the walk ended at a place that cannot be used.
func (x *index) keyStops(d *deployment, b *base, s *slot) {
	if s.broken != nil {
		f := x.note(d, s.broken.code, s.origin, s.origin.String()+": "+s.broken.reason, true)
		if s.origin.Layer == Credential && s.broken.code == "config.credential-undefined" {
			return
		}
		if s.broken.code == "key.unresolved" {
			f.Fix.Summary = "set the variable or mend the reference: no other key takes its place"
		}
		return
	}
	code, why := x.bad(s, anyText(d.row, b))
	f := x.note(d, code, s.origin.Source(), "the key from "+s.origin.String()+": "+why, true)
	if d.row.KeyPage != "" && (code == "key.placeholder" || code == "key.masked") {
		f.Fix.Summary += "; get one at " + d.row.KeyPage
	}
}

// noKey: no place had a key that may be used.
func (x *index) noKey(d *deployment, b *base, cands []Candidate) {
	refused := slices.IndexFunc(cands, func(c Candidate) bool { return c.State == Refused && c.Reason != noToken })
	switch {
	case refused >= 0 && b.local:
		x.loopback(d, b, cands[refused])
	case refused >= 0:
		x.foreign(d, b, cands[refused], !d.row.Local && d.row.Auth != provider.None)
	case optional(d.row, b) || d.otherAuth:
	case b.private && !b.own:
	case d.row.Name != "":
		x.missing(d, b)
	}
}

func (x *index) loopback(d *deployment, b *base, c Candidate) {
	f := x.note(d, "binding.loopback", b.setting.Origin,
		"the key from "+c.Origin.String()+" is not sent to "+b.host+" ("+b.setting.Origin.String()+")", false)
	f.Fix.Commands = besideBase(d)
}

// foreign: a key is at hand and belongs to another host.
func (x *index) foreign(d *deployment, b *base, c Candidate, blocks bool) {
	f := x.note(d, "binding.foreign-host", b.setting.Origin,
		"the key from "+c.Origin.String()+" is not sent to "+b.host+", the base from "+b.setting.Origin.String()+": "+c.Reason, blocks)
	if !blocks {
		f.Severity = fault.Warning
	}
	if b.setting.Origin.Layer == Flag {
		f.Fix.Summary = "name the key for this call too: --key-env NAME"
		if name := variableOf(c.Origin); name != "" {
			f.Fix.Commands = []string{"--key-env " + name}
		}
		return
	}
	f.Fix.Commands = besideBase(d)
}

// besideBase is the line that names a key beside the base, when there is a
// config to put it in. The variable gets a new name: to name the provider's own
// would send that key to this host.
func besideBase(d *deployment) []string {
	if d.group == "" {
		return []string{}
	}
	name := strings.Map(func(c rune) rune {
		switch {
		case c >= 'a' && c <= 'z':
			return c - 'a' + 'A'
		case c >= 'A' && c <= 'Z', c >= '0' && c <= '9':
			return c
		}
		return '_'
	}, d.group)
	return []string{"api_key: os.environ/" + strings.Trim(name, "_") + "_API_KEY"}
}

func variableOf(o Origin) string {
	o = o.Source()
	switch o.Layer {
	case Env, DotEnv, EnvVariables:
		return o.Name
	case Flag, Deployment, Credential, KeyStore, ProviderGlobal, Global, Default:
	}
	return ""
}

// missing: nothing was found anywhere.
func (x *index) missing(d *deployment, b *base) {
	if d.named != "" && !b.own {
		x.note(d, "key.missing", b.setting.Origin, "a base of its own ("+b.host+") and no key beside it", true).Fix.Summary =
			"name the key beside the base: api_key: os.environ/NAME"
		return
	}
	f := x.note(d, "key.missing", Origin{}, "looked for "+orNothing(d.row.Keys)+" in "+x.where, true)
	if len(d.row.Keys) > 0 {
		f.Fix.Summary = "set " + usual(d.row) + ", or store the key"
	}
	if d.row.KeyPage != "" {
		f.Fix.Summary += "; get one at " + d.row.KeyPage
	}
	f.Fix.Commands = []string{"llmctl keys set " + d.row.Name}
}

// usual is the variable that people of this provider set: not always the one
// that is read first (MISTRAL_AZURE_API_KEY, GOOGLE_API_KEY).
func usual(p *provider.Provider) string {
	own := strings.ToUpper(p.Name) + "_API_KEY"
	if slices.Contains(p.Keys, own) {
		return own
	}
	return p.Keys[0]
}

func orNothing(names []string) string {
	if len(names) == 0 {
		return "a key"
	}
	return strings.Join(names, ", ")
}

// keyWorks: a key is in use; these are the notes about its text.
func (x *index) keyWorks(d *deployment, b *base, s *slot) {
	n := x.look(s.value)
	from := "the key from " + s.origin.String()
	src := s.origin.Source()
	if n.lint.TrimmedSpace {
		x.note(d, "key.whitespace", src, from+" had white space round it", false)
	}
	if n.lint.Quotes != "" {
		x.note(d, "key.quotes", src, from+" stood in "+n.lint.Quotes+" that survived parsing", false)
	}
	if anyText(d.row, b) || d.row.Name == "" {
		return
	}
	if n.lint.Word {
		x.note(d, "key.is-name", src, from+" is a short word", false)
	}
	k := x.kind(s.value, d.row)
	if k == nil {
		return
	}
	if !k.Inference {
		x.note(d, "key.not-for-inference", src, from+" is of the kind "+k.Title, false)
	} else if foreignKind(k, d.row) && b.own {
		x.note(d, "key.wrong-vendor", src, from+" has the shape of a key of "+k.Title+"; "+d.row.Title+" is called", false)
	}
}

// foreignKind: the shape is one vendor's, and the provider has shapes of its
// own among which it is not.
func foreignKind(k *provider.KeyKind, p *provider.Provider) bool {
	return k.Provider != "" && k.Provider != p.Name && len(p.KeyKinds) > 0 && !slices.Contains(p.KeyKinds, k.Name)
}

// shadowed: a different key further down is hidden. When the deployment names a
// variable of its own, that is what it was written for, and no more than worth
// knowing.
func (x *index) shadowed(d *deployment, cands []Candidate) {
	var used *Candidate
	var hidden []string
	for i := range cands {
		c := &cands[i]
		switch {
		case c.State == Used:
			used = c
		case used != nil && c.State == Shadowed && c.Differs != nil && *c.Differs:
			hidden = append(hidden, c.Origin.String())
		}
	}
	if used == nil || len(hidden) == 0 {
		return
	}
	f := x.note(d, "key.shadowed", used.Origin.Source(),
		"the key from "+used.Origin.String()+" is used; a different one in "+strings.Join(hidden, " and in ")+" is not", false)
	if o := used.Origin; (o.Layer == Deployment || o.Layer == Credential || o.Layer == Flag) && o.Via != nil && !slices.Contains(d.row.Keys, o.Via.Name) {
		f.Severity = fault.Info
		f.Fix.Summary = "nothing to do if the deployment's own key is meant"
	}
	f.Fix.Commands = append(f.Fix.Commands, "llmctl keys why "+quote(d.name))
}

// empties: a place that is set and holds nothing.
func (x *index) empties(d *deployment, cands []Candidate) {
	var where []string
	var first Origin
	for _, c := range cands {
		if c.State == Empty {
			if where == nil {
				first = c.Origin
			}
			where = append(where, c.Origin.String())
		}
	}
	if where != nil {
		x.note(d, "key.empty", first.Source(), strings.Join(where, " and ")+": set but empty, which counts as unset", false)
	}
}

// otherKeyNames: a key is missing, and the vendor's own variable is set.
func (x *index) otherKeyNames(d *deployment) {
	if len(d.row.Keys) == 0 || len(d.keys) > 0 && d.keys[0].state == Unresolved {
		return
	}
	for _, o := range x.surroundings(d.row).others {
		if !o.base {
			x.otherName(d, o, usual(d.row))
		}
	}
}

func (x *index) otherName(d *deployment, o otherName, read string) {
	f := x.note(d, "key.other-name", o.origin.Source(), "you set "+o.origin.String()+"; this reads "+read, false)
	f.Fix.Commands = []string{"export " + read + `="$` + o.name + `"`}
}

// refusals: a key is in use, and one that would have come first was not let
// through.
func (x *index) refusals(d *deployment, b *base, cands []Candidate) {
	for _, c := range cands {
		if c.State == Used {
			return
		}
		if c.State == Refused {
			x.passed(d, b, c)
			return
		}
	}
}

// passed: the call works with the key that came with the base, or was named
// beside it; that the other one stayed at home is worth knowing.
func (x *index) passed(d *deployment, b *base, c Candidate) {
	f := x.note(d, "binding.foreign-host", b.setting.Origin,
		"the key from "+c.Origin.String()+" is not sent to "+b.host+": "+c.Reason+"; the next one that may go there is used", false)
	f.Severity = fault.Info
	f.Fix.Summary = "nothing to do if the key in use is meant"
}

// quote makes a name safe to paste into a shell.
func quote(s string) string {
	if s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:@+,") == "" {
		return s
	}
	if strings.ContainsAny(s, "'\n") {
		return strconv.Quote(s)
	}
	return "'" + s + "'"
}
