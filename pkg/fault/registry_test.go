package fault_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/llmctl/llmctl/pkg/fault"
)

func TestRowsAreWellFormed(t *testing.T) {
	form := regexp.MustCompile(`^[a-z]+\.[a-z0-9]+(-[a-z0-9]+)*$`)
	seen := map[fault.Code]bool{}
	if len(fault.All()) < 100 {
		t.Fatalf("looked at the wrong table: %d rows", len(fault.All()))
	}
	for _, r := range fault.All() {
		if !form.MatchString(string(r.Code)) {
			t.Errorf("%s is not area.what", r.Code)
		}
		if seen[r.Code] {
			t.Errorf("%s stands twice", r.Code)
		}
		seen[r.Code] = true
		for name, text := range map[string]string{"title": r.Title, "hint": r.Hint} {
			first, _ := utf8.DecodeRuneInString(text)
			switch {
			case text == "", strings.TrimSpace(text) != text, strings.Contains(text, "\n"), strings.HasSuffix(text, "."):
				t.Errorf("%s: the %s is empty, padded, of two lines or ends in a full stop: %q", r.Code, name, text)
			case unicode.IsUpper(first) && !slices.Contains([]string{"LiteLLM's", "LiteLLM", "Windows", "OpenAI", "Azure"}, strings.Fields(text)[0]):
				t.Errorf("%s: the %s begins with a capital: %q", r.Code, name, text)
			}
		}
		if n := utf8.RuneCountInString(r.Title); n >= 60 {
			t.Errorf("%s: the title has %d columns, 59 fit: %q", r.Code, n, r.Title)
		}
	}
}

func TestColumnsHoldKnownWords(t *testing.T) {
	exits := []fault.Exit{
		fault.ExitOK, fault.ExitFindings, fault.ExitUsage, fault.ExitConfig, fault.ExitNoKey, fault.ExitRejected, fault.ExitQuota,
		fault.ExitNetwork, fault.ExitProvider, fault.ExitModel, fault.ExitUnknown, fault.ExitAnswer, fault.ExitFallback,
		fault.ExitTimeout, fault.ExitInterrupted, fault.ExitPipe,
	}
	for _, r := range fault.All() {
		if !slices.Contains([]fault.Severity{fault.Info, fault.Warning, fault.Unknown, fault.Error}, r.Severity) ||
			!slices.Contains(exits, r.Exit) ||
			!slices.Contains([]fault.Blame{fault.You, fault.Provider, fault.Network, fault.Config, fault.Llmctl}, r.Blame) ||
			!slices.Contains([]fault.Then{fault.Again, fault.Next, fault.Stop}, r.Then) ||
			!slices.Contains([]fault.Key{fault.Good, fault.Bad, fault.Unsaid}, r.Key) {
			t.Errorf("%s: a column holds a word that does not exist: %+v", r.Code, r)
		}
	}
}

// What the columns say together must make sense.
func TestColumnsAgree(t *testing.T) {
	for _, r := range fault.All() {
		if r.Key == fault.Bad && r.Then == fault.Again {
			t.Errorf("%s: a bad key is never worth the same call again", r.Code)
		}
		if r.Code.Area() == "net" && r.Key != fault.Unsaid {
			t.Errorf("%s: the network says nothing about a key", r.Code)
		}
		if (r.Code.Area() == "dotenv" || r.Code.Area() == "config" || r.Code.Area() == "base") && r.Then == fault.Again {
			t.Errorf("%s: a file does not change by trying again", r.Code)
		}
	}
}

func TestRetiredCodesStayRetired(t *testing.T) {
	for _, c := range fault.Retired() {
		if _, ok := fault.Lookup(c); ok {
			t.Errorf("%s is retired and in use", c)
		}
		if c.Page() != "" {
			t.Errorf("%s is retired and has a page", c)
		}
	}
}

func TestLookup(t *testing.T) {
	for _, r := range fault.All() {
		if got, ok := fault.Lookup(r.Code); !ok || got != r {
			t.Errorf("Lookup(%s) = %+v, %v", r.Code, got, ok)
		}
	}
	if r, ok := fault.Lookup("no.such"); ok || r.Exit == fault.ExitOK || r.Blame != fault.Llmctl {
		t.Errorf("an unknown code passes for something: %+v", r)
	}
}

func TestEveryCodeHasAPageAndEveryPageACode(t *testing.T) {
	for _, r := range fault.All() {
		text := r.Code.Page()
		if text == "" {
			t.Errorf("%s has no page: write pkg/fault/pages/%s.md", r.Code, r.Code)
			continue
		}
		for _, part := range []string{"**How to tell.** ", "**How to fix.** ", "```\n"} {
			if !strings.Contains(text, part) {
				t.Errorf("%s: the page lacks %q", r.Code, part)
			}
		}
		if n := strings.Count(text, "\n"); n < 6 || n > 22 {
			t.Errorf("%s: the page has %d lines", r.Code, n)
		}
		for i, line := range strings.Split(text, "\n") {
			if utf8.RuneCountInString(line) > 100 || strings.TrimRight(line, " \t") != line {
				t.Errorf("%s: line %d of the page is longer than 100 columns or ends in a blank", r.Code, i+1)
			}
		}
	}
	names, err := filepath.Glob("pages/*.md")
	if err != nil || len(names) < 100 {
		t.Fatalf("looked at the wrong place: %d pages, %v", len(names), err)
	}
	for _, n := range names {
		code := fault.Code(strings.TrimSuffix(filepath.Base(n), ".md"))
		if _, ok := fault.Lookup(code); !ok {
			t.Errorf("%s is the page of no code", n)
		}
	}
	if fault.Code("no.such").Page() != "" {
		t.Error("a code that does not exist has a page")
	}
}

// Pages name codes; those must exist.
func TestPagesNameKnownCodes(t *testing.T) {
	areas := map[string]bool{}
	for _, r := range fault.All() {
		areas[r.Code.Area()] = true
	}
	word := regexp.MustCompile(`\b([a-z]+)\.[a-z][a-z0-9]*(-[a-z0-9]+)*\b`)
	skip := []string{"config.yaml", "key.example", "proxy.corp", "provider.example", "gateway.example"}
	checked := 0
	for _, r := range fault.All() {
		for _, m := range word.FindAllStringSubmatch(r.Code.Page()+" "+r.Hint, -1) {
			if !areas[m[1]] || slices.Contains(skip, m[0]) {
				continue
			}
			checked++
			if _, ok := fault.Lookup(fault.Code(m[0])); !ok {
				t.Errorf("%s: the page names %s, which is no code", r.Code, m[0])
			}
		}
	}
	if checked < 10 {
		t.Errorf("only %d codes were named: the test looks at the wrong thing", checked)
	}
}

// A code that no test produces may be one that nothing can produce.
func TestEveryCodeIsProducedByATest(t *testing.T) {
	text := evidence(t)
	if len(text) < 10_000 {
		t.Fatalf("looked at the wrong place: %d bytes of tests", len(text))
	}
	for _, r := range fault.All() {
		made := named(text, string(r.Code))
		waits := slices.Contains(notYetProduced(), r.Code)
		switch {
		case made && waits:
			t.Errorf("%s is produced by a test now: delete it from notYetProduced", r.Code)
		case waits:
			t.Logf("not produced by any test yet: %s", r.Code)
		case !made:
			t.Errorf("%s is produced by no test: write one, or delete the code", r.Code)
		}
	}
	for _, c := range notYetProduced() {
		if _, ok := fault.Lookup(c); !ok {
			t.Errorf("notYetProduced has %s, which is no code", c)
		}
	}
}

// notYetProduced lists codes that wait for their test. It only shrinks.
func notYetProduced() []fault.Code {
	return nil
}

// named reports whether text has code as a word of its own.
func named(text, code string) bool {
	for i := 0; ; {
		j := strings.Index(text[i:], code)
		if j < 0 {
			return false
		}
		j += i
		i = j + len(code)
		if (j == 0 || !part(text[j-1])) && (i == len(text) || !part(text[i])) {
			return true
		}
	}
}

func part(b byte) bool {
	return b == '-' || b == '_' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9'
}

// evidence is the text of every test and fixture but those of this package.
func evidence(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	for _, root := range []string{"../../pkg", "../../cmd", "../../testdata"} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			slash := filepath.ToSlash(path)
			if strings.Contains(slash, "pkg/fault/") || !strings.HasSuffix(slash, "_test.go") && !strings.Contains(slash, "testdata/") {
				return nil
			}
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			b.Write(text)
			b.WriteByte('\n')
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return b.String()
}

func TestNamed(t *testing.T) {
	for _, tt := range []struct {
		text string
		want bool
	}{
		{`{"key.empty", 3}`, true}, {"key.empty", true}, {"config.key.empty", true},
		{"key.empty-line", false}, {"monkey.empty", false}, {"key.emptyish key.empty.", true}, {"", false},
	} {
		if got := named(tt.text, "key.empty"); got != tt.want {
			t.Errorf("named(%q) = %v", tt.text, got)
		}
	}
}

func TestErr(t *testing.T) {
	e := &fault.Err{Code: "key.missing", Subject: "groq/llama", Message: "looked for GROQ_API_KEY", Cause: fs.ErrNotExist}
	if e.Error() != "groq/llama: key.missing: looked for GROQ_API_KEY" || !errors.Is(e, fs.ErrNotExist) {
		t.Errorf("%s", e)
	}
	if e.Row().Exit != fault.ExitNoKey || e.Advice() != e.Row().Hint {
		t.Error("an error does not carry its row")
	}
	e.Hint = "own"
	if e.Advice() != "own" {
		t.Error("the own hint does not win")
	}
	if got := (&fault.Err{Code: "net.dns"}).Error(); got != "net.dns" {
		t.Errorf("empty parts leave traces: %q", got)
	}
}

func TestNewFinding(t *testing.T) {
	f := fault.New("key.shadowed", "detail")
	row, _ := fault.Lookup("key.shadowed")
	if f.Severity != row.Severity || f.Title != row.Title || f.Fix.Summary != row.Hint || f.Detail != "detail" || f.Docs != f.Code.Docs() {
		t.Errorf("%+v", f)
	}
	if f.Evidence == nil || f.Fix.Commands == nil {
		t.Error("a list is nil: documents have no null lists")
	}
	if f.Location != nil || f.Ignored != nil {
		t.Error("a new finding has a place or is ignored")
	}
	if !strings.HasSuffix(f.Docs, "/docs/codes/key.shadowed.md") || f.Code.Area() != "key" {
		t.Errorf("%s %s", f.Docs, f.Code.Area())
	}
}
