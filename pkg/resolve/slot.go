package resolve

import (
	"github.com/llmctl/llmctl/pkg/config"
	"github.com/llmctl/llmctl/pkg/secret"
)

// slot is one place in the order of a setting, before anything is chosen.
type slot struct {
	state  State         // Unset, Empty, Unresolved; "" when there is a value
	value  secret.Secret // as it stands
	clean  secret.Secret // trimmed, of a credential
	text   string        // of a setting that is no credential, cleaned
	origin Origin
	reason string
	broken *broken
	keyish bool // a setting that looks like a credential: its text is a fingerprint
	hid    bool // a base from which user, password or key were cut
}

// plain is the cleaned text of a setting.
type plain struct {
	text   string
	keyish bool
	hid    bool
}

// looseText is what the outcome of settle depends on.
type looseText struct {
	text  string
	loose bool
}

// keyedSlot is the slot of a credential.
func (x *index) keyedSlot(v secret.Secret, o Origin, b *broken) slot {
	s := anySlot(v, o, b)
	if s.state == "" {
		s.clean = x.look(v).clean
		if s.clean.IsZero() {
			s.state = Empty // nothing but white space or quotes
		}
	}
	return s
}

// anySlot knows only whether there is a value at all.
func anySlot(v secret.Secret, o Origin, b *broken) slot {
	s := slot{value: v, origin: o, broken: b}
	switch {
	case b != nil:
		s.state, s.reason = Unresolved, b.reason
	case v.IsZero():
		s.state = Empty
	}
	return s
}

// textSlot is the slot of a setting that is no credential. loose lets through
// what is long and mixed, as an account's id is: a vendor's key prefix never.
// What is not loose is a base.
func (x *index) textSlot(v secret.Secret, o Origin, b *broken, loose bool) slot {
	s := anySlot(v, o, b)
	if s.state != "" {
		return s
	}
	p := settle(v, loose)
	s.text, s.keyish, s.hid = p.text, p.keyish, p.hid
	if s.text == "" {
		s.state = Empty
	}
	return s
}

func settle(v secret.Secret, loose bool) plain {
	clean, _ := v.Clean()
	if clean.IsZero() {
		return plain{}
	}
	text, ok := clean.Setting()
	if !ok && loose {
		// In front of a brace a text is judged by its prefix alone.
		if t, good := clean.Map(func(t string) string { return "{" + t }).Setting(); good {
			return plain{text: t[1:]}
		}
	}
	if loose || !ok {
		return plain{text: text, keyish: !ok}
	}
	text, hid := bareBase(text)
	return plain{text: text, hid: hid}
}

// keySlot is the slot of a credential that stands in a config file.
func (x *index) keySlot(l Layer, name string, f *config.Field, missing config.Pos) slot {
	if f == nil || f.Value.Kind() == config.Null {
		return unset(l, name, f, missing)
	}
	o := at(l, name, f.Value.Pos(), f.Pos)
	if f.Value.Kind() != config.Scalar {
		return anySlot(secret.Secret{}, o, &broken{"key.unresolved", "it is a " + string(f.Value.Kind()) + " and not a text"})
	}
	if ref, ok := config.ParseReference(f.Value.Text()); ok {
		v, via, b := x.follow(ref, f.Value.Text(), true)
		o.Via = via
		return x.keyedSlot(v, o, b)
	}
	return x.keyedSlot(f.Value.Secret(), o, nil)
}

// settingSlot is the slot of another setting that stands in a config file.
func (x *index) settingSlot(l Layer, name string, f *config.Field, missing config.Pos, loose bool) slot {
	if f == nil || f.Value.Kind() == config.Null {
		return unset(l, name, f, missing)
	}
	o := at(l, name, f.Value.Pos(), f.Pos)
	n := f.Value
	if n.Kind() == config.List && len(n.Items()) > 0 && name == "organization" {
		n = n.Items()[0] // a list means one deployment each; the first stands for them
	}
	if n.Kind() != config.Scalar {
		return anySlot(secret.Secret{}, o, &broken{"key.unresolved", "it is a " + string(n.Kind()) + " and not a text"})
	}
	text := n.Text()
	if ref, ok := config.ParseReference(text); ok {
		v, via, b := x.follow(ref, text, true)
		o.Via = via
		return x.textSlot(v, o, b, loose)
	}
	memo := looseText{text, loose}
	p, ok := x.texts[memo]
	if !ok {
		p = settle(n.Secret(), loose)
		x.texts[memo] = p
	}
	s := slot{origin: o, text: p.text, keyish: p.keyish, hid: p.hid, value: secret.New(p.text)}
	if p.text == "" {
		s.state = Empty
	}
	return s
}

func unset(l Layer, name string, f *config.Field, missing config.Pos) slot {
	if f != nil {
		missing = f.Pos
	}
	return slot{state: Unset, origin: at(l, name, config.Pos{}, missing)}
}

// variableSlots are the slots of one variable: each place that has it, or one
// unset slot when none has.
func (x *index) variableSlots(name string, slotOf func(secret.Secret, Origin, *broken) slot) []slot {
	var out []slot
	for _, e := range x.variable(name) {
		out = append(out, slotOf(e.value, e.origin, e.broken))
	}
	if out == nil {
		out = append(out, slot{state: Unset, origin: Origin{Layer: Env, Name: name}})
	}
	return out
}

// pick walks the slots in order. won is the one in use; stop is the one at
// which the walk ended without one: nothing below it may take over. may forbids
// a slot without ending the walk; bad ends it. Both may be nil.
func pick(slots []*slot, may, bad func(*slot) string) (won, stop *slot) {
	for _, s := range slots {
		switch {
		case s.state == Unset, s.state == Empty:
			continue
		case s.state == Unresolved:
			return nil, s
		case may != nil && may(s) != "":
			continue
		case bad != nil && bad(s) != "":
			return nil, s
		}
		return s, nil
	}
	return nil, nil
}

// trace writes the walk down: every slot, with what became of it.
func trace(slots []*slot, won, stop *slot, may, bad func(*slot) string, key bool) []Candidate {
	out := make([]Candidate, len(slots))
	win := won
	if win == nil {
		win = stop
	}
	yes, no := true, false
	below := false // the winner has been passed
	for i, s := range slots {
		below = below || s == win
		c := Candidate{Rank: i + 1, State: s.state, Origin: s.origin, Reason: s.reason}
		if s.state == "" {
			if key {
				c.Key = s.clean
			} else {
				c.Value = s.text
			}
			same := win != nil && equal(s, win, key)
			if win != nil && s != win && win.state == "" {
				c.Differs = &yes
				if same {
					c.Differs = &no
				}
			}
			c.State, c.Reason = became(s, won, stop, same && below, may, bad)
		}
		out[i] = c
	}
	return out
}

// became says what became of a slot that has a value. A slot below the winner
// that holds the same value is no more than a second copy, whatever may says.
func became(s, won, stop *slot, same bool, may, bad func(*slot) string) (State, string) {
	if s == won {
		return Used, ""
	}
	if may != nil && !same {
		if why := may(s); why != "" {
			return Refused, why
		}
	}
	if s == stop && bad != nil {
		return Refused, bad(s)
	}
	return Shadowed, ""
}

func equal(a, b *slot, key bool) bool {
	if !key {
		return a.text == b.text
	}
	return a.clean == b.clean || a.clean.Equal(b.clean)
}
