package resolve

import (
	"slices"

	"github.com/llmctl/llmctl/pkg/config"
	"github.com/llmctl/llmctl/pkg/fault"
	"github.com/llmctl/llmctl/pkg/provider"
)

// other is what the other policy would choose for the same deployment.
func (x *index) other(d *deployment, r *Resolution, chosen *base) Choice {
	c := Choice{Policy: EnvFirst}
	if x.policy == EnvFirst {
		c.Policy = Explicit
	}
	b := &base{}
	if won, _ := pick(x.baseSlots(d, c.Policy), nil, keyish); won != nil && won == chosen.slot {
		b = chosen
	} else if won != nil {
		if filled, holes, missing := fillBase(won.text, r.Settings); len(missing) == 0 {
			b.setting = Setting{Value: trimmed(filled), Origin: won.origin}
			b.from = comesFrom(won.origin, holes, r.Settings)
			b.spot = x.spotOf(d.row, b.setting.Value)
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
	key := rowAddress{p.Name, address}
	found, ok := x.checked[key]
	if !ok {
		found = slices.DeleteFunc(config.CheckBase(address, *p), func(f fault.Finding) bool {
			// Said here, with the place of the base and what it means for the call.
			return f.Code == "base.not-url" || f.Code == "base.missing-scheme" || f.Code == "base.without-key" || f.Code == "base.looks-like-key"
		})
		x.checked[key] = found
	}
	return found
}
