package source

import (
	"encoding/json"
	"maps"
	"os"
	"testing"
)

// table is testdata/dotenv/table.json: what the real programs answered.
type table struct {
	Programs map[string]string
	Cases    []struct {
		ID       string
		File     string
		Readings map[string]struct {
			Values   map[string]string
			Refused  bool
			Complain bool
		}
	}
}

func readTable(t testing.TB) table {
	t.Helper()
	b, err := os.ReadFile("../../testdata/dotenv/table.json")
	if err != nil {
		t.Fatal(err)
	}
	var tab table
	if err := json.Unmarshal(b, &tab); err != nil {
		t.Fatal(err)
	}
	if len(tab.Cases) < 60 {
		t.Fatalf("%d cases, want at least 60", len(tab.Cases))
	}
	return tab
}

// outer is the environment that docs/oracle/dotenv/run.py gives the programs.
func outer(name string) (string, bool) {
	v, ok := map[string]string{"PATH": "/usr/bin:/bin", "HOME": "/home/user", "OUTER": "outer"}[name]
	return v, ok
}

// Every program's prediction is what the program answered, or says that it is
// not sure; and there are few of those.
func TestDialects(t *testing.T) {
	unsure := 0
	for _, p := range programs() {
		for _, c := range readTable(t).Cases {
			want, ok := c.Readings[p.name]
			if !ok {
				t.Fatalf("%s: no reading of %s in the table", c.ID, p.name)
			}
			d, err := parseDotEnv("x", []byte(c.File))
			if err != nil {
				t.Fatal(err)
			}
			if d.bom && (p.name == "sh" || p.name == "node --env-file") {
				continue // they lose the first name; dotenv.bom says so
			}
			if d.crlf > 0 && p.name == "sh" {
				continue // it keeps the CR; dotenv.crlf says so
			}
			got := p.read(d.text, outer)
			if len(got.unsure)+len(got.lost) > 0 {
				unsure++
				t.Logf("%s, %s: not sure", p.name, c.ID)
				continue
			}
			if (len(got.refused) > 0) != want.Refused {
				t.Errorf("%s, %s: refused %v, want %v", p.name, c.ID, got.refused, want.Refused)
			}
			if want.Refused {
				continue
			}
			for name, v := range want.Values {
				if g, ok := got.values[name]; !ok || g != v {
					t.Errorf("%s, %s: %q = %q (%v), want %q", p.name, c.ID, name, g, ok, v)
				}
			}
			for name, v := range got.values {
				if _, set := outer(name); !set {
					if _, ok := want.Values[name]; !ok {
						t.Errorf("%s, %s: %q = %q, want it unset", p.name, c.ID, name, v)
					}
				}
			}
		}
	}
	if unsure > 12 {
		t.Errorf("%d predictions are not sure", unsure)
	}
}

// What is said of "a shell" is true of bash too, wherever dash does not stop.
func TestBashIsDash(t *testing.T) {
	compared := 0
	for _, c := range readTable(t).Cases {
		dash, bash := c.Readings["sh"], c.Readings["bash"]
		if dash.Refused {
			continue
		}
		compared++
		if !maps.Equal(dash.Values, bash.Values) {
			t.Errorf("%s: dash %v, bash %v", c.ID, dash.Values, bash.Values)
		}
	}
	if compared < 100 {
		t.Errorf("%d cases compared", compared)
	}
}
