package config

import (
	"testing"

	"github.com/llmctl/llmctl/pkg/fault"
)

// A row of a config cannot make a stranger's host the home of a known key.
func TestRowsDoNotBorrowKeys(t *testing.T) {
	for name, c := range map[string]struct {
		yaml    string
		rows    int
		keys    int
		refused bool
	}{
		"own name, own variable":         {"{name: own, base: 'https://llm.own.example/v1', keys: [OWN_KEY]}", 1, 1, false},
		"a known variable":               {"{name: own, base: 'https://llm.own.example/v1', keys: [OPENAI_API_KEY, OWN_KEY]}", 1, 1, true},
		"a known name":                   {"{name: openai, base: 'https://llm.own.example/v1', keys: [OWN_KEY]}", 0, 0, true},
		"a known name, another case":     {"{name: OpenAI, base: 'https://llm.own.example/v1'}", 0, 0, true},
		"a known alias":                  {"{name: own, prefix: anthropic, base: 'https://llm.own.example/v1'}", 0, 0, true},
		"a known name, at home":          {"{name: openai, base: 'https://api.openai.com/v1', keys: [OPENAI_API_KEY]}", 1, 1, false},
		"a known name, a host beside":    {"{name: openai, base: 'https://api.openai.com/v1', hosts: [llm.own.example], keys: [OPENAI_API_KEY]}", 0, 0, true},
		"a known name, base by variable": {"{name: openai, bases: [OWN_BASE], keys: [OPENAI_API_KEY]}", 0, 0, true},
	} {
		conf, err := Parse("c.yaml", []byte("providers:\n  - "+c.yaml+"\n"))
		if err != nil {
			t.Fatal(name, err)
		}
		rows, found := conf.ProviderRows()
		refused := false
		for _, f := range found {
			refused = refused || f.Code == fault.Code("binding.foreign-host")
		}
		if len(rows) != c.rows || refused != c.refused || len(rows) == 1 && len(rows[0].Keys) != c.keys {
			t.Errorf("%s: %d rows, refused %v, %v", name, len(rows), refused, rows)
		}
	}
}
