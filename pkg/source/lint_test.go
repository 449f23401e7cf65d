package source

import (
	"encoding/json"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/llmctl/llmctl/pkg/fault"
)

func codes(fs []fault.Finding) []string {
	out := []string{}
	for _, f := range fs {
		line := 0
		if f.Location != nil {
			line = f.Location.Line
		}
		out = append(out, string(f.Code)+":"+strconv.Itoa(line))
	}
	return out
}

const key = "sk-proj-AbCd1234EfGh5678IjKl"

// Each line of trouble gives its code at its line, and nothing else.
func TestLint(t *testing.T) {
	known := []string{"OPENAI_API_KEY", "OPENAI_BASE_URL", "ANTHROPIC_API_KEY", "XAI_API_KEY", "HF_TOKEN"}
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"healthy":              {"# keys\nOPENAI_API_KEY=" + key + "\nOPENAI_BASE_URL=https://api.example.com/v1\nEMPTY=\n", nil},
		"crlf once":            {"A=1\r\nB=2\r\nC=3\r\n", []string{"dotenv.crlf:1"}},
		"bom":                  {"\ufeffA=1\n", []string{"dotenv.bom:1"}},
		"export once":          {"export A=1\nexport B=2\n", []string{"dotenv.export:1"}},
		"quotes once":          {"A=1\nB=\"2\"\nC='3'\n", []string{"dotenv.dialect:2"}},
		"spaces":               {"A=1\nB = 2\n", []string{"dotenv.spaces:2"}},
		"kept at one end":      {"A=1\nB=v\"\n", []string{"dotenv.quotes-kept:2"}},
		"kept pair":            {"B=`v`\n", []string{"dotenv.quotes-kept:1"}},
		"john's":               {"B=John's\n", []string{"dotenv.dialect:1"}},
		"curly":                {"B=\u201cv\u201d\n", []string{"dotenv.curly-quotes:1"}},
		"comment cut":          {"B=a#b\n", []string{"dotenv.inline-comment:1"}},
		"comment kept":         {"B=a # b\n", []string{"dotenv.inline-comment:1"}},
		"comment is the value": {"OPENAI_API_KEY= # yours\n", []string{"dotenv.inline-comment:1"}},
		"expansion of nothing": {"B=${HOME}/x\n", []string{"dotenv.expansion:1"}},
		"expansion":            {"A=1\nB=${A}\n", []string{"dotenv.expansion:2"}},
		"duplicate":            {"A=1\n\nA=2\n", []string{"dotenv.duplicate:3"}},
		"trailing":             {"A=1 \n", []string{"dotenv.trailing-space:1"}},
		"non-ascii key":        {"OPENAI_API_KEY=sk-\u0430bc\n", []string{"dotenv.non-ascii:1"}},
		"non-ascii text":       {"TITLE=schl\u00fcssel\n", nil},
		"unseen":               {"TITLE=a\u200bb\n", []string{"dotenv.non-ascii:1"}},
		"typo":                 {"OPENAI_API_KYE=x\n", []string{"dotenv.typo:1"}},
		"typo of underscores":  {"OPEN_AI_API_KEY=x\n", []string{"dotenv.typo:1"}},
		"typo of case":         {"openai_api_key=x\n", []string{"dotenv.typo:1"}},
		"typo left empty":      {"OPENAI_API_KYE=\n", nil},
		"no typo":              {"OPENAI_API_KEY_2=x\nMY_API_KEY=x\nZAI_API_KEY=x\nAPP_ENV=x\n", nil},
		"name with space":      {"set A=1\n", []string{"dotenv.name:1"}},
		"no name":              {"A=1\n=2\n", []string{"dotenv.name:2"}},
		"syntax":               {"A=1\nnonsense\nB=2\n", []string{"dotenv.syntax:2"}},
		"open quote":           {"A=1\nB=\"2\n", []string{"dotenv.syntax:2"}},
		"dash":                 {"MY-A=1\n", []string{"dotenv.syntax:1"}},
		"colon":                {"A: 1\n", []string{"dotenv.dialect:1"}},
		"shell words":          {"A=a b\n", []string{"dotenv.dialect:1"}},
		"binary":               {"\x7fELF\x02\x01\x01\x00\x00", []string{"dotenv.syntax:1"}},
	} {
		t.Run(name, func(t *testing.T) {
			sys := newDisk(map[string]string{"/p/.env": c.text}).system("/p", "")
			got, err := Lint(sys, "/p/.env", known)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(codes(got), append([]string{}, c.want...)) {
				t.Errorf("got %v, want %v", codes(got), c.want)
			}
			for _, f := range got {
				if _, ok := fault.Lookup(f.Code); !ok {
					t.Errorf("%s is not in the table", f.Code)
				}
			}
		})
	}
}

// The same value twice is no danger.
func TestDuplicateSeverity(t *testing.T) {
	for text, want := range map[string]fault.Severity{"A=1\nA=1\n": fault.Info, "A=1\nA=2\n": fault.Warning} {
		got, err := Lint(newDisk(map[string]string{"/p/.env": text}).system("/p", ""), "/p/.env", nil)
		if err != nil || len(got) != 1 || got[0].Code != "dotenv.duplicate" || got[0].Severity != want {
			t.Errorf("%q: %v %v, want %s", text, got, err, want)
		}
	}
}

// No finding holds a value, whatever stands in the file.
func TestLintLeaksNothing(t *testing.T) {
	const canary = "sk-canaryQ7w8E9r0T1y2U3i4O5"
	found := 0
	for _, text := range []string{
		"A=X\n", "A='X'\n", "A=\"X\n", "A = X\n", "X\n", "X=1\n", "A=1\nX = 2\n", "A=X # X\n", "# X\n  #X\nB = 1\n", "A=`X`\n",
		"A=X#b\n", "A=b${X}\n", "A=$X\n", "A=p$PIECE1OF2KEY\n", "A=p${PIECE1OF2KEY\n", "A=\u201cX\u201d\n", "A=1\nA=X\nA=\"X\"x\n", "export A=X B=X\n", "A=X\u00e9\n", "set X=X\n",
		"A=\"a\nX\"\nB = 1\n", "A: X\n", "A=X X\n", "A={\"k\": \"X\"}\n", "X: 1\n", "A=\"1\" X=2\n", "A=X\r\n", "A=X \n",
	} {
		text = strings.ReplaceAll(text, "X", canary)
		sys := newDisk(map[string]string{"/p/.env": text}).system("/p", "")
		got, err := Lint(sys, "/p/.env", []string{"OPENAI_API_KEY"})
		if err != nil {
			t.Fatal(err)
		}
		found += len(got)
		b, err := json.Marshal(got)
		if err != nil {
			t.Fatal(err)
		}
		for _, piece := range []string{canary, "canary", "Q7w8E9", "PIECE1OF"} {
			if strings.Contains(string(b), piece) {
				t.Errorf("%q leaks %q: %s", text, piece, b)
			}
		}
	}
	if found < 25 {
		t.Errorf("only %d findings: the test looks at nothing", found)
	}
}

func TestPermissions(t *testing.T) {
	for _, c := range []struct {
		text string
		mode fs.FileMode
		goos string
		want int
	}{
		{"OPENAI_API_KEY=" + key, 0o644, "linux", 1},
		{"OPENAI_API_KEY=" + key, 0o640, "darwin", 1},
		{"OPENAI_API_KEY=" + key, 0o600, "linux", 0},
		{"OPENAI_API_KEY=" + key, 0o666, "windows", 0},
		{"PORT=80", 0o644, "linux", 0},
		{"OPENAI_API_KEY=sk-xxxxxxxxxxxxxxxxxxxx", 0o644, "linux", 0},
	} {
		d := newDisk(map[string]string{"/p/.env": c.text})
		d.files["p/.env"].Mode = c.mode
		sys := d.system("/p", "")
		sys.GOOS = c.goos
		got, err := Lint(sys, "/p/.env", nil)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, f := range got {
			if f.Code == "dotenv.permissions" {
				n++
			}
		}
		if n != c.want {
			t.Errorf("%+v: %v", c, codes(got))
		}
	}
}

// endless is a file without an end that counts what is read of it.
type endless struct{ read int }

func (e *endless) Stat() (fs.FileInfo, error) { return nil, fs.ErrInvalid }
func (e *endless) Close() error               { return nil }
func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	e.read += len(p)
	return len(p), nil
}

func TestBadFiles(t *testing.T) {
	d := newDisk(map[string]string{"/p/.env/x": "", "/p/wide": "\xff\xfeA\x00=\x00", "/p/wider": "A\x00=\x00v\x00\n\x00", "/p/line": "", "/p/shut": ""})
	sys := d.system("/p", "")
	open, line := sys.Open, &endless{}
	sys.Open = func(name string) (fs.File, error) {
		switch name {
		case "/p/line":
			return line, nil
		case "/p/shut":
			return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
		}
		return open(name)
	}
	for path, want := range map[string]fault.Code{
		"/p/.env": "dotenv.unreadable", "/p/wide": "dotenv.utf16", "/p/wider": "dotenv.utf16",
		"/p/line": "dotenv.too-large", "/p/shut": "dotenv.unreadable", "/p/none": "dotenv.unreadable",
	} {
		got, err := Lint(sys, path, nil)
		var e *fault.Err
		if e = asErr(err); err == nil || e.Code != want || len(got) != 1 || got[0].Code != want {
			t.Errorf("%s: %v %v, want %s", path, codes(got), err, want)
		}
	}
	if line.read < maxDotEnv || line.read > 2*maxDotEnv {
		t.Errorf("read %d bytes of an endless line", line.read)
	}
}

// A name of a file that nobody asked for is opened only when it is a regular
// file: a pipe would hang.
func TestPipeIsNotOpened(t *testing.T) {
	d := newDisk(map[string]string{"/p/.env": "A=1"})
	d.files["p/.env"].Mode = fs.ModeNamedPipe
	sys := d.system("/p", "")
	sys.Open = func(string) (fs.File, error) { t.Error("opened"); return nil, fs.ErrInvalid }
	s, got := Read(t.Context(), sys, Options{})
	if len(s.EnvFiles) != 1 || s.EnvFiles[0].Status != "unreadable" || len(got) != 1 || got[0].Code != "dotenv.unreadable" {
		t.Errorf("%+v %v", s.EnvFiles, codes(got))
	}
}
