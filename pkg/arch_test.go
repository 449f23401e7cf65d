package pkg_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

const module = "github.com/llmctl/llmctl"

const (
	viper    = "github.com/spf13/viper"
	godotenv = "github.com/joho/godotenv"
	lipgloss = "github.com/charmbracelet/lipgloss"
)

// row says what one package may know. Of our own packages it may import only
// those in may; never is what it must not touch of everybody else's.
type row struct {
	pkg   string
	may   []string
	never []string
	why   string
}

// rows is the map of docs/adr/0001-the-map.md. The two are compared below, and
// so is depguard's copy in .golangci.yaml: changing the map is one decision,
// written down in three places that cannot drift apart.
func rows() []row {
	return []row{
		{"secret", nil, []string{"os", "net/http"}, "credentials do not know who uses them"},
		{"fault", nil, []string{"os", "net/http", "time"}, "words only"},
		{"llm", nil, []string{"os", "net/http"}, "words only"},
		{"provider", nil, []string{"os", "net/http", "time"}, "data only"},
		{"catalog", []string{"provider"}, []string{"os", "net/http"}, "data only"},
		{"config", []string{"provider", "secret", "fault"}, []string{"os", "net/http"}, "reads bytes it is given"},
		{"resolve", []string{"provider", "config", "secret", "fault"}, []string{"os", "io", "net/http", "time", "context", "math/rand", "log/slog", viper, godotenv}, "pure: same input, same answer"},
		{"source", []string{"resolve", "config", "provider", "secret", "fault"}, []string{"net/http"}, "reads, does not choose"},
		{"verdict", []string{"provider", "fault"}, []string{"os", "net", "time", "context"}, "pure: same answer, same meaning"},
		{"wire", []string{"resolve", "provider", "secret", "llm", "verdict", "fault"}, []string{"os", viper, lipgloss}, "the only door to the network"},
		{"route", []string{"resolve", "llm", "fault", "catalog"}, []string{"os", "net/http", lipgloss}, "decides, does not print, does not dial: cmd hands it a send function"},
		{"state", []string{"route", "llm", "fault"}, []string{"net/http", lipgloss}, "remembers"},
		{"agent", []string{"resolve", "llm", "fault"}, []string{"net/http", lipgloss}, "loops over a send function it is handed"},
		{"check", []string{"resolve", "config", "wire", "verdict", "catalog", "llm", "agent", "route", "fault"}, []string{"os", lipgloss}, "asks, does not print"},
		{"sandbox", []string{"provider", "llm"}, []string{"resolve", "wire", "verdict"}, "a provider does not know its client: shared code would make both wrong together"},
		{"report", []string{"resolve", "config", "check", "route", "llm", "catalog", "fault"}, []string{"os", "net/http", "context"}, "prints, does not decide"},
	}
}

// notBuilt lists rows whose package comes later. An entry whose folder has Go
// files fails: delete it then.
func notBuilt() []string { return []string{"agent", "route", "state"} }

func TestEveryPackageHasARowAndEveryRowAPackage(t *testing.T) {
	built := packages(t)
	if len(built) < 5 {
		t.Fatalf("looked at the wrong place: only %v", built)
	}
	known := map[string]bool{}
	for _, r := range rows() {
		known[r.pkg] = true
		later := slices.Contains(notBuilt(), r.pkg)
		switch {
		case later && slices.Contains(built, r.pkg):
			t.Errorf("pkg/%s exists now: delete it from notBuilt", r.pkg)
		case later:
			t.Logf("not built yet: pkg/%s (%s)", r.pkg, r.why)
		case !slices.Contains(built, r.pkg):
			t.Errorf("the map has a row for pkg/%s, and there is no such package", r.pkg)
		}
	}
	for _, p := range built {
		if !known[p] {
			t.Errorf("pkg/%s has no row: say in the map what it may know, and why", p)
		}
	}
}

func TestImportsFollowTheMap(t *testing.T) {
	seen := 0
	for _, r := range rows() {
		for _, f := range files(t, r.pkg) {
			for _, path := range imports(t, f) {
				seen++
				if ours, ok := strings.CutPrefix(path, module+"/"); ok {
					name := strings.TrimPrefix(ours, "pkg/")
					if name != r.pkg && !slices.Contains(r.may, name) {
						t.Errorf("%s imports %s: %s", f, ours, r.why)
					}
				}
				for _, no := range r.never {
					if touches(path, no) {
						t.Errorf("%s touches %s: %s", f, path, r.why)
					}
				}
			}
		}
	}
	if seen < 10 {
		t.Fatalf("looked at the wrong place: only %d imports", seen)
	}
}

// touches reports whether an import is name or below it. What stands under net
// and is only text (addresses, no sockets) is not the network.
func touches(path, name string) bool {
	if name == "net" && slices.Contains([]string{"net/url", "net/netip", "net/textproto"}, path) {
		return false
	}
	return path == name || strings.HasPrefix(path, name+"/") || path == module+"/pkg/"+name
}

// cmd wires: only system.go names the operating system.
func TestOnlySystemNamesTheOperatingSystem(t *testing.T) {
	names := glob(t, "../cmd/*.go")
	if !slices.Contains(names, filepath.FromSlash("../cmd/system.go")) {
		t.Fatalf("looked at the wrong place: no system.go in %v", names)
	}
	for _, f := range names {
		if filepath.Base(f) == "system.go" {
			continue
		}
		for _, path := range imports(t, f) {
			if touches(path, "os") {
				t.Errorf("%s imports %s: take it from System, so that a test can give another", f, path)
			}
		}
	}
}

// The binary is cmd and nothing else.
func TestMainOnlyCallsCmd(t *testing.T) {
	for _, f := range glob(t, "../*.go") {
		for _, path := range imports(t, f) {
			if ours, ok := strings.CutPrefix(path, module+"/"); ok && ours != "cmd" {
				t.Errorf("%s imports %s: main only calls cmd", f, ours)
			}
		}
	}
}

// No state outside values: a package variable is an error, an embedded file, a
// table that is parsed once, or a proof that a type has an interface.
func TestNoGlobalState(t *testing.T) {
	all := glob(t, "../cmd/*.go")
	for _, p := range packages(t) {
		all = append(all, files(t, p)...)
	}
	for _, f := range all {
		tree, err := parser.ParseFile(token.NewFileSet(), f, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range tree.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Recv == nil && d.Name.Name == "init" {
					t.Errorf("%s has an init function: call it from where it is needed", f)
				}
			case *ast.GenDecl:
				for _, name := range globals(d) {
					t.Errorf("%s: package variable %s: make it a function that returns a literal, or a field", f, name)
				}
			}
		}
	}
}

// globals lists the variables of a declaration that would be state.
func globals(d *ast.GenDecl) []string {
	if d.Tok != token.VAR {
		return nil
	}
	var bad []string
	for _, s := range d.Specs {
		v, ok := s.(*ast.ValueSpec)
		if !ok || embedded(d.Doc) || embedded(v.Doc) {
			continue
		}
		for i, n := range v.Names {
			if n.Name == "_" || i < len(v.Values) && allowed(v.Values[i]) {
				continue
			}
			bad = append(bad, n.Name)
		}
	}
	return bad
}

func embedded(doc *ast.CommentGroup) bool {
	if doc == nil {
		return false
	}
	return slices.ContainsFunc(doc.List, func(c *ast.Comment) bool { return strings.HasPrefix(c.Text, "//go:embed ") })
}

// allowed reports whether a value is errors.New, fmt.Errorf or sync.OnceValue(s).
func allowed(e ast.Expr) bool {
	call, ok := e.(*ast.CallExpr)
	if !ok {
		return false
	}
	fun := call.Fun
	if ix, ok := fun.(*ast.IndexExpr); ok { // sync.OnceValue[T]
		fun = ix.X
	}
	sel, ok := fun.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	x, ok := sel.X.(*ast.Ident)
	return ok && slices.Contains([]string{"errors.New", "fmt.Errorf", "sync.OnceValue", "sync.OnceValues"}, x.Name+"."+sel.Sel.Name)
}

// The table that people read says what this test enforces.
func TestTheRecordShowsTheSameMap(t *testing.T) {
	text, err := os.ReadFile("../docs/adr/0001-the-map.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows() {
		want := "| " + strings.Join([]string{"`" + r.pkg + "`", ticked(r.may), ticked(r.never), r.why}, " | ") + " |"
		if !strings.Contains(string(text), want+"\n") {
			t.Errorf("docs/adr/0001-the-map.md lacks the row\n%s", want)
		}
	}
	const cmd = 1 // its row is TestOnlySystemNamesTheOperatingSystem
	if got := strings.Count(string(text), "\n| `"); got != len(rows())+cmd {
		t.Errorf("docs/adr/0001-the-map.md has %d rows, the tests have %d", got, len(rows())+cmd)
	}
}

func ticked(names []string) string {
	if len(names) == 0 {
		return "–"
	}
	out := make([]string, len(names))
	for i, n := range names {
		if strings.HasPrefix(n, "github.com/") {
			n = n[strings.LastIndexByte(n, '/')+1:]
		}
		out[i] = "`" + n + "`"
	}
	return strings.Join(out, " ")
}

// depguard shows a broken row in the editor; its rules are these rows.
func TestDepguardHasTheSameMap(t *testing.T) {
	text, err := os.ReadFile("../.golangci.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var lint struct {
		Linters struct {
			Settings struct {
				Depguard struct {
					Rules map[string]struct {
						Files []string `yaml:"files"`
						Allow []string `yaml:"allow"`
						Deny  []struct {
							Pkg  string `yaml:"pkg"`
							Desc string `yaml:"desc"`
						} `yaml:"deny"`
					} `yaml:"rules"`
				} `yaml:"depguard"`
			} `yaml:"settings"`
		} `yaml:"linters"`
	}
	if err := yaml.Unmarshal(text, &lint); err != nil {
		t.Fatal(err)
	}
	rules := maps.Clone(lint.Linters.Settings.Depguard.Rules)
	for _, r := range rows() {
		rule, ok := rules[r.pkg]
		if !ok {
			t.Errorf(".golangci.yaml: depguard has no rule %s", r.pkg)
			continue
		}
		delete(rules, r.pkg)
		if want := "**/pkg/" + r.pkg + "/*.go"; !slices.Contains(rule.Files, want) {
			t.Errorf(".golangci.yaml: depguard rule %s is not for %s", r.pkg, want)
		}
		var allow []string
		for _, a := range rule.Allow {
			if ours, ok := strings.CutPrefix(a, module+"/pkg/"); ok {
				allow = append(allow, strings.TrimSuffix(ours, "$"))
			}
		}
		if want := append([]string{r.pkg}, r.may...); !same(allow, want) {
			t.Errorf(".golangci.yaml: depguard rule %s allows %v, the map says %v", r.pkg, allow, want)
		}
		denied := map[string]string{}
		for _, d := range rule.Deny {
			denied[strings.TrimRight(d.Pkg, "$/")] = d.Desc
		}
		for _, no := range append([]string{module}, r.never...) {
			if slices.Contains([]string{"resolve", "wire", "verdict"}, no) {
				continue // one of ours: the module as a whole is denied
			}
			if denied[no] != r.why {
				t.Errorf(".golangci.yaml: depguard rule %s must deny %s with the reason %q", r.pkg, no, r.why)
			}
		}
	}
	for name := range rules {
		t.Errorf(".golangci.yaml: depguard rule %s has no row", name)
	}
}

func same(a, b []string) bool {
	a, b = slices.Clone(a), slices.Clone(b)
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(a, b)
}

// packages lists the folders of pkg that hold Go files.
func packages(t *testing.T) []string {
	t.Helper()
	seen := map[string]bool{}
	for _, f := range glob(t, "*/*.go") {
		seen[filepath.Dir(f)] = true
	}
	return slices.Sorted(maps.Keys(seen))
}

func files(t *testing.T, pkg string) []string {
	t.Helper()
	return glob(t, pkg+"/*.go")
}

// glob finds Go files that are no tests.
func glob(t *testing.T, pattern string) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.FromSlash(pattern))
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(names, func(n string) bool { return strings.HasSuffix(n, "_test.go") })
}

func imports(t *testing.T, file string) []string {
	t.Helper()
	tree, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	var paths []string
	for _, s := range tree.Imports {
		p, err := strconv.Unquote(s.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		paths = append(paths, p)
	}
	return paths
}
