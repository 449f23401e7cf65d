package resolve

import (
	"slices"
	"strings"

	"github.com/llmctl/llmctl/pkg/fault"
	"github.com/llmctl/llmctl/pkg/provider"
)

// other is what the other policy would choose for the same deployment.
func (x *index) other(d *deployment, r *Resolution) Choice {
	c := Choice{Policy: EnvFirst}
	if x.policy == EnvFirst {
		c.Policy = Explicit
	}
	b := &base{}
	if won, _ := pick(x.baseSlots(d, c.Policy), nil, keyish); won != nil {
		if filled, holes, missing := fillBase(won.text, r.Settings); len(missing) == 0 {
			b.setting = Setting{Value: strings.TrimRight(filled, "/"), Origin: won.origin}
			b.from = comesFrom(won.origin, holes, r.Settings)
			b.place(d.row)
		}
	}
	may, bad := x.rules(d, b)
	won, _ := pick(x.keySlots(d, c.Policy), may, bad)
	if won != nil {
		c.Key = won.clean
		c.KeyFrom = won.origin
	}
	c.Base = b.setting
	c.Differs = !c.Key.Equal(r.Key) || c.Base.Value != r.Base.Value
	return c
}

// checkBase is what can be said of an address by itself, for each row and
// address once.
func (x *index) checkBase(p *provider.Provider, address string) []fault.Finding {
	key := p.Name + " " + address
	found, ok := x.checked[key]
	if !ok {
		found = slices.DeleteFunc(checkBase(address, *p), func(f fault.Finding) bool {
			// Said here, with the place of the base and what it means for the call.
			return f.Code == "base.not-url" || f.Code == "base.missing-scheme" || f.Code == "base.without-key"
		})
		x.checked[key] = found
	}
	return found
}

// checkBase stands in for config.CheckBase.
func checkBase(string, provider.Provider) []fault.Finding { return nil }
