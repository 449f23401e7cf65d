package cmd

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/llmctl/llmctl/pkg/fault"
	"github.com/llmctl/llmctl/pkg/llm"
	"github.com/llmctl/llmctl/pkg/report"
)

// answer prints what a model says as it arrives: text as it is, jsonl one
// event a line, json one document at the end.
type answer struct {
	w      io.Writer
	format string
	last   string // last text printed, to end the output with a line end
}

// step is one line of chat -o jsonl.
type step struct {
	Type   llm.EventType `json:"type"`
	Text   string        `json:"text,omitempty"`
	ID     string        `json:"id,omitempty"`
	Model  string        `json:"model,omitempty"`
	Finish llm.Finish    `json:"finish_reason,omitempty"`
	Usage  *llm.Usage    `json:"usage,omitempty"`
}

func (p *answer) event(e llm.Event) error {
	switch p.format {
	case "json":
		return nil
	case "jsonl":
		return p.line(step{e.Type, e.Text, e.ID, e.Model, e.Finish, e.Usage})
	}
	if e.Type != llm.EventText || e.Text == "" {
		return nil
	}
	p.last = e.Text
	_, err := io.WriteString(p.w, e.Text)
	return err
}

// end closes the output. f is nil for a whole answer; the document of a broken
// one is printed all the same: nothing that arrived is lost.
func (p *answer) end(doc report.Chat, f *fault.Err) error {
	switch p.format {
	case "json":
		if f != nil && doc.Text == "" && doc.Reasoning == "" {
			return nil // there is no answer: the error document says it all
		}
		return report.JSON(p.w, doc)
	case "jsonl":
		if f != nil {
			return p.line(struct {
				Type string `json:"type"`
				report.Failure
			}{"error", report.NewFailure(f)})
		}
		return nil
	}
	if p.last != "" && !strings.HasSuffix(p.last, "\n") {
		_, err := fmt.Fprintln(p.w)
		return err
	}
	return nil
}

func (p *answer) line(v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	_, err = p.w.Write(append(b, '\n'))
	return err
}
