package source

import (
	"bytes"
	"strings"
	"testing"

	"github.com/joho/godotenv"
)

// compare holds the scanner against godotenv itself: the same names, the same
// verdict on the file, and every value stands where the scanner says.
func compare(t *testing.T, data []byte) {
	t.Helper()
	d, err := parseDotEnv("x", data)
	if err != nil {
		return // UTF-16 is refused before godotenv sees it
	}
	want, failed := godotenv.Parse(bytes.NewReader(bytes.TrimPrefix(data, []byte("\uFEFF"))))
	if d.unsure {
		t.Fatalf("the scanner disagrees with godotenv about %q", data)
	}
	if (d.broken != nil) != (failed != nil) {
		t.Fatalf("broken %v, godotenv %v: %q", d.broken, failed, data)
	}
	_, mistake := scan(d.text)
	if (mistake != nil) != (failed != nil) {
		t.Fatalf("mistake %v, godotenv %v: %q", mistake, failed, data)
	}
	if failed != nil {
		return
	}
	for _, e := range d.entries() {
		a, _ := d.last(e.Name)
		if e.Value.Len() != len(want[e.Name]) {
			t.Fatalf("%q has %d bytes, want %d: %q", e.Name, e.Value.Len(), len(want[e.Name]), data)
		}
		// The place: what stands there, alone under the same name and behind
		// the same earlier lines, is the same value to godotenv.
		lines := strings.Split(d.text, "\n")
		line := string([]rune(lines[a.value.line-1])[a.value.col-1:])
		if !strings.HasPrefix(line, firstLine(a.raw)) {
			t.Fatalf("%q is not at %v: %q", e.Name, a.value, data)
		}
		again, err := godotenv.Parse(strings.NewReader(d.text[:a.end]))
		if err != nil || again[e.Name] != want[e.Name] {
			t.Fatalf("%q ends elsewhere (%v): %q", e.Name, err, data)
		}
	}
}

func firstLine(s string) string {
	first, _, _ := strings.Cut(s, "\n")
	return string([]rune(first)) // as the line above: not UTF-8 becomes U+FFFD
}

func TestGodotenvTable(t *testing.T) {
	for _, c := range readTable(t).Cases {
		compare(t, []byte(c.File))
		d, err := parseDotEnv("x", []byte(c.File))
		if err != nil {
			t.Fatal(err)
		}
		want := c.Readings["godotenv"]
		if d.bom {
			continue // godotenv refuses the mark; it is read without
		}
		if (d.broken != nil) != want.Refused {
			t.Errorf("%s: broken %v, want %v", c.ID, d.broken, want.Refused)
		}
		if d.broken == nil && len(d.values) != len(want.Values) {
			t.Errorf("%s: %d values, want %d", c.ID, len(d.values), len(want.Values))
		}
		for name, v := range want.Values {
			if d.values[name] != v {
				t.Errorf("%s: %q = %q, want %q", c.ID, name, d.values[name], v)
			}
		}
	}
}

func FuzzDotEnv(f *testing.F) {
	for _, c := range readTable(f).Cases {
		f.Add([]byte(c.File))
	}
	f.Add([]byte("\xff\xfeK\x00=\x00v\x00"))
	f.Add([]byte("K=\x00v\nB=\xff\xfe\n"))
	f.Add([]byte("K\xa0=v\u0085\n\u00b2=1"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 4096 {
			return
		}
		compare(t, data)
		for _, p := range programs() { // none may hang or crash
			p.read(string(data), outer)
		}
	})
}

func TestPlaces(t *testing.T) {
	const text = "# one\n\nexport OPENAI_API_KEY = \"sk-x\" # two\nA=1\r\nÄ='x\ny' B=2\n"
	d, err := parseDotEnv(".env", []byte(strings.Replace(text, "Ä", "G", 1)))
	if err != nil || d.broken != nil {
		t.Fatal(err, d.broken)
	}
	for _, want := range []struct {
		name        string
		name0, val0 place
	}{
		{"OPENAI_API_KEY", place{3, 8}, place{3, 25}},
		{"A", place{4, 1}, place{4, 3}},
		{"G", place{5, 1}, place{5, 3}},
		{"B", place{6, 4}, place{6, 6}},
	} {
		a, ok := d.last(want.name)
		if !ok || a.at != want.name0 || a.value != want.val0 {
			t.Errorf("%s: name at %v, value at %v, want %v and %v", want.name, a.at, a.value, want.name0, want.val0)
		}
	}
	es := d.entries()
	if len(es) != 4 || es[0].Origin.Line != 3 || es[0].Origin.Column != 25 || es[0].Origin.File != ".env" {
		t.Errorf("entries %+v", es)
	}
}
