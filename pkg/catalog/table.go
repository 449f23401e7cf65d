package catalog

import (
	_ "embed"
	"strconv"
	"strings"
	"sync"

	"github.com/llmctl/llmctl/pkg/provider"
)

//go:embed models.tsv
var text string

// parsed is the table with its ways in.
type parsed struct {
	models []Model
	at     map[string]int // provider/model in lower case → index
	words  []words        // of each model's name
	order  []string       // providers that have models, in the order of their table
}

var table = sync.OnceValue(func() parsed { return parse(text) })

// Where the rows are from.
const (
	figures     = "models.dev catalogue"
	figuresDate = "2026-07-02"
	named       = "LiteLLM 1.109.1, executed"
	namedDate   = "2026-11-21"
)

// parse reads the embedded table. Its form is the program's own, and a test
// reads every line of it, so a cell that is missing is an unknown figure.
func parse(text string) parsed {
	p := parsed{at: map[string]int{}}
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		if line == "" || line[0] == '#' {
			continue
		}
		m := model(strings.Split(line, "\t"))
		p.at[m.Provider+"/"+strings.ToLower(m.Name)] = len(p.models)
		p.models = append(p.models, m)
		p.words = append(p.words, wordsOf(m.Name))
	}
	p.order = order(p.models)
	return p
}

func model(cells []string) Model {
	cell := func(i int) string {
		if i < len(cells) {
			return cells[i]
		}
		return ""
	}
	m := Model{
		Provider: cell(0), Name: cell(1), Released: cell(2), Context: count(cell(3)), Output: count(cell(4)),
		Input: price(cell(5)), Answer: price(cell(6)), CacheRead: price(cell(7)), CacheWrite: price(cell(8)),
		Reasoning: strings.Contains(cell(9), "r"), Tools: strings.Contains(cell(9), "t"), Temperature: strings.Contains(cell(9), "T"),
		Inputs: media(cell(10)), Outputs: media(cell(11)), Status: cell(12),
		Source: figures, Date: figuresDate,
	}
	// A model without media was listed with prices only: its flags say nothing.
	m.Known = len(m.Inputs) > 0
	if m.Status == "named" {
		m.Status, m.Source, m.Date = "", named, namedDate
	}
	m.Mode = mode(m)
	return m
}

// count is 0 for a figure that is not there.
func count(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}

// price is nil for a figure that is not there.
func price(s string) *float64 {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return nil
	}
	return &f
}

func media(letters string) []string {
	names := map[rune]string{'t': "text", 'i': "image", 'a': "audio", 'v': "video", 'p': "pdf"}
	out := make([]string, 0, len(letters))
	for _, l := range letters {
		out = append(out, names[l])
	}
	return out
}

// mode follows from the name, then from what goes in and comes out.
func mode(m Model) Mode {
	in, out := strings.Join(m.Inputs, " "), strings.Join(m.Outputs, " ")
	switch {
	case strings.Contains(strings.ToLower(m.Name), "rerank"):
		return Rerank
	case provider.EmbeddingName(m.Name):
		return Embedding
	case strings.HasPrefix(in, "audio") && out == "text" && len(m.Inputs) == 1:
		return Transcription
	case out == "audio":
		return Speech
	case out == "video":
		return Video
	case strings.HasPrefix(out, "image") && !strings.Contains(out, "text"):
		return Image
	}
	return Chat
}
