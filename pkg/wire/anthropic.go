package wire

import (
	"encoding/json"
	"strings"

	"github.com/llmctl/llmctl/pkg/llm"
	"github.com/llmctl/llmctl/pkg/resolve"
)

// anthropicMaxTokens is sent when the request sets no limit: the protocol
// requires one.
// Source: Anthropic Messages API reference; 4096 is the smallest upper limit
// among the models it lists, read 2026-11-21.
const anthropicMaxTokens = 4096

// anthropic speaks Anthropic's Messages, also as gateways copy them: without
// event names, with a second message_start, with a [DONE] after the end.
type anthropic struct {
	started bool
	stopped bool // message_stop: the proof of completion
	why     llm.Finish
	usage   anthropicUsage
	counted bool
}

type anthropicRequest struct {
	Model       string          `json:"model"`
	MaxTokens   int             `json:"max_tokens"`
	System      string          `json:"system,omitempty"`
	Messages    []openaiMessage `json:"messages"`
	Temperature *float64        `json:"temperature,omitempty"`
	TopP        *float64        `json:"top_p,omitempty"`
	Stop        []string        `json:"stop_sequences,omitempty"`
	Stream      bool            `json:"stream,omitempty"`
}

// encode moves every system message to the top: most servers refuse the role
// inside the list.
func (*anthropic) encode(r *resolve.Resolution, req llm.Request) ([]byte, error) {
	out := anthropicRequest{
		Model: r.Upstream, MaxTokens: req.MaxTokens, Messages: []openaiMessage{},
		Temperature: req.Temperature, TopP: req.TopP, Stop: req.Stop, Stream: req.Stream,
	}
	if out.MaxTokens == 0 {
		out.MaxTokens = anthropicMaxTokens
	}
	var system []string
	for _, m := range req.Messages {
		if m.Role == llm.System {
			system = append(system, m.Text)
			continue
		}
		out.Messages = append(out.Messages, openaiMessage{m.Role, m.Text})
	}
	out.System = strings.Join(system, "\n\n")
	return body(out)
}

// anthropicEvent is one event of a stream, or a whole message.
type anthropicEvent struct {
	Type    string            `json:"type"`
	Message *anthropicMessage `json:"message"`
	Block   anthropicBlock    `json:"content_block"`
	Delta   struct {
		anthropicBlock
		StopReason string `json:"stop_reason"`
	} `json:"delta"`
	Usage *anthropicUsage `json:"usage"`
	Error json.RawMessage `json:"error"`
}

type anthropicMessage struct {
	ID         string           `json:"id"`
	Type       string           `json:"type"`
	Model      string           `json:"model"`
	Content    []anthropicBlock `json:"content"`
	StopReason string           `json:"stop_reason"`
	Usage      *anthropicUsage  `json:"usage"`
	Error      json.RawMessage  `json:"error"`
}

type anthropicBlock struct {
	Type     string `json:"type"`
	Text     string `json:"text"`
	Thinking string `json:"thinking"`
}

type anthropicUsage struct {
	Input   number `json:"input_tokens"`
	Written number `json:"cache_creation_input_tokens"`
	Read    number `json:"cache_read_input_tokens"`
	Output  number `json:"output_tokens"`
	Details struct {
		Reasoning number `json:"reasoning_tokens"`
		Thinking  number `json:"thinking_tokens"`
	} `json:"output_tokens_details"`
}

func (a *anthropic) frame(f frame, emit func(llm.Event)) step {
	if strings.HasPrefix(string(f.data), "[DONE]") {
		return step{done: true}
	}
	var e anthropicEvent
	if err := json.Unmarshal(f.data, &e); err != nil && !laxly(err) {
		return step{failed: append([]byte{}, f.data...)}
	}
	if said(e.Error) || e.Type == "error" || e.Type == "" && f.event == "error" {
		return step{failed: append([]byte{}, f.data...)}
	}
	kind := e.Type
	if kind == "" {
		kind = f.event
	}
	switch kind {
	case "message_start":
		a.start(e.Message, emit)
	case "content_block_start":
		e.Block.emit(emit)
	case "content_block_delta":
		e.Delta.emit(emit)
	case "message_delta":
		if e.Delta.StopReason != "" {
			a.why = anthropicFinish(e.Delta.StopReason)
		}
		a.count(e.Usage)
	case "message_stop":
		a.stopped = true
		return step{done: true}
	case "content_block_stop", "ping":
	default: // new events are none of our business, and nor are other protocols
		return step{alien: true}
	}
	return step{}
}

// start tolerates a second message_start, which gateways send.
func (a *anthropic) start(m *anthropicMessage, emit func(llm.Event)) {
	if m == nil {
		m = &anthropicMessage{}
	}
	a.count(m.Usage)
	if a.started {
		return
	}
	a.started = true
	emit(llm.Event{Type: llm.EventStart, ID: m.ID, Model: m.Model})
}

func (b anthropicBlock) emit(emit func(llm.Event)) {
	if b.Thinking != "" {
		emit(llm.Event{Type: llm.EventReasoning, Text: b.Thinking})
	}
	if b.Text != "" {
		emit(llm.Event{Type: llm.EventText, Text: b.Text})
	}
}

// count keeps the last number said of each kind: they are cumulative, and some
// servers correct the input count at the end.
func (a *anthropic) count(u *anthropicUsage) {
	if u == nil {
		return
	}
	a.counted = true
	for _, p := range []struct{ to, from *number }{
		{&a.usage.Input, &u.Input},
		{&a.usage.Written, &u.Written},
		{&a.usage.Read, &u.Read},
		{&a.usage.Output, &u.Output},
		{&a.usage.Details.Reasoning, &u.Details.Reasoning},
		{&a.usage.Details.Thinking, &u.Details.Thinking},
	} {
		if count(*p.from) != nil {
			*p.to = *p.from
		}
	}
}

// anthropicFinish puts Anthropic's stop reasons into our words; pause_turn and
// what is not known pass as they are.
// Source: Anthropic Messages API reference, read 2026-11-21.
func anthropicFinish(raw string) llm.Finish {
	switch raw {
	case "end_turn", "stop_sequence":
		return llm.FinishStop
	case "max_tokens", "model_context_window_exceeded":
		return llm.FinishLength
	case "tool_use":
		return llm.FinishTools
	case "refusal":
		return llm.FinishFilter
	}
	return llm.Finish(raw)
}

func (a *anthropic) whole(body []byte, emit func(llm.Event)) step {
	var m anthropicMessage
	if err := json.Unmarshal(body, &m); err != nil && !laxly(err) {
		return step{alien: true}
	}
	if said(m.Error) || m.Type == "error" {
		return step{failed: body}
	}
	if m.Content == nil && m.StopReason == "" {
		return step{alien: true}
	}
	a.start(&m, emit)
	for _, b := range m.Content {
		b.emit(emit)
	}
	a.why, a.stopped = anthropicFinish(m.StopReason), true
	return step{done: true}
}

// proof counts the input as OpenAI does: with what came from the cache and
// what was written to it, which Anthropic counts beside it.
func (a *anthropic) proof(func(llm.Event)) (*llm.Usage, llm.Finish, bool) {
	if !a.counted {
		return nil, a.why, a.stopped
	}
	u := a.usage
	read, written := count(u.Read), count(u.Written)
	return &llm.Usage{
		Input:  add(add(count(u.Input), read), written),
		Cached: read, CacheWrite: written, Output: count(u.Output),
		Reasoning: firstOf(count(u.Details.Reasoning), count(u.Details.Thinking)),
	}, a.why, a.stopped
}
