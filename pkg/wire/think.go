package wire

import (
	"strings"

	"github.com/llmctl/llmctl/pkg/llm"
)

// thinking takes a <think> block at the front of a text apart: servers without
// a reasoning parser leave it there. A tag further in belongs to the text.
type thinking struct {
	where int
	held  string // what may be the beginning of a tag
}

// Where thinking is: before the first visible character, in the block, right
// behind it (its blank lines are dropped), in the text.
const (
	atFront = iota
	inBlock
	behind
	inText
)

const (
	openTag  = "<think>"
	closeTag = "</think>"
)

func (t *thinking) write(s string, emit func(llm.Event)) {
	if s == "" {
		return
	}
	if t.where == inText {
		emit(llm.Event{Type: llm.EventText, Text: s})
		return
	}
	s, t.held = t.held+s, ""
	if t.where == atFront {
		if s = t.front(s, emit); s == "" {
			return
		}
	}
	if t.where == inBlock {
		s = t.block(s, emit)
	}
	if t.where == behind {
		if s = strings.TrimLeft(s, "\r\n"); s != "" {
			t.where = inText
		}
	}
	if t.where == inText && s != "" {
		emit(llm.Event{Type: llm.EventText, Text: s})
	}
}

// front decides whether the text begins with a block, and returns what is left
// to be read; "" when it is too early to say or all is handed out.
func (t *thinking) front(s string, emit func(llm.Event)) string {
	seen := strings.TrimLeft(s, " \t\r\n")
	switch {
	case strings.HasPrefix(seen, openTag):
		t.where = inBlock
		return seen[len(openTag):]
	case seen != "" && strings.HasPrefix(openTag, seen):
		t.held = s
		return ""
	case seen == "": // white space is no reason to hold anything back
		emit(llm.Event{Type: llm.EventText, Text: s})
		return ""
	}
	t.where = inText
	return s
}

// block hands out the thought and returns what follows it.
func (t *thinking) block(s string, emit func(llm.Event)) string {
	thought, rest, closed := strings.Cut(s, closeTag)
	if closed {
		t.where = behind
	} else {
		n := overlap(thought, closeTag)
		thought, t.held = thought[:len(thought)-n], thought[len(thought)-n:]
	}
	if thought != "" {
		emit(llm.Event{Type: llm.EventReasoning, Text: thought})
	}
	return rest
}

// overlap is the length of the longest end of s that begins tag.
func overlap(s, tag string) int {
	for n := min(len(s), len(tag)-1); n > 0; n-- {
		if strings.HasSuffix(s, tag[:n]) {
			return n
		}
	}
	return 0
}

// flush hands out what was held back when nothing more comes.
func (t *thinking) flush(emit func(llm.Event)) {
	if t.held == "" {
		return
	}
	kind := llm.EventText
	if t.where == inBlock {
		kind = llm.EventReasoning
	}
	emit(llm.Event{Type: kind, Text: t.held})
	t.held = ""
}
