package wire

import (
	"encoding/json"
	"errors"
	"regexp"
	"strings"
	"sync"

	"github.com/llmctl/llmctl/pkg/llm"
	"github.com/llmctl/llmctl/pkg/resolve"
)

// openai speaks OpenAI chat completions and everything that calls itself
// compatible with them, Azure included. It asks for nothing in an answer that
// some provider leaves out: no id, no model, no role, no choices.
type openai struct {
	started bool
	open    map[int]bool // choices seen → still without a finish reason
	why     llm.Finish
	usage   *llm.Usage
	think   thinking
}

type openaiMessage struct {
	Role    llm.Role `json:"role"`
	Content string   `json:"content"`
}

type openaiRequest struct {
	Model               string          `json:"model"`
	Messages            []openaiMessage `json:"messages"`
	MaxTokens           int             `json:"max_tokens,omitempty"`
	MaxCompletionTokens int             `json:"max_completion_tokens,omitempty"`
	Temperature         *float64        `json:"temperature,omitempty"`
	TopP                *float64        `json:"top_p,omitempty"`
	Stop                []string        `json:"stop,omitempty"`
	Stream              bool            `json:"stream,omitempty"`
	StreamOptions       *streamOptions  `json:"stream_options,omitempty"`
}

type streamOptions struct {
	IncludeUsage bool `json:"include_usage"`
}

func (*openai) encode(r *resolve.Resolution, req llm.Request) ([]byte, error) {
	out := openaiRequest{
		Model: r.Upstream, Messages: []openaiMessage{}, Temperature: req.Temperature,
		TopP: req.TopP, Stop: req.Stop, Stream: req.Stream,
	}
	for _, m := range req.Messages {
		out.Messages = append(out.Messages, openaiMessage{m.Role, m.Text})
	}
	if newLimitName(r.Provider.Name, r.Upstream) {
		out.MaxCompletionTokens = req.MaxTokens
	} else {
		out.MaxTokens = req.MaxTokens
	}
	if req.Stream {
		out.StreamOptions = &streamOptions{IncludeUsage: true}
	}
	return body(out)
}

// newLimitName reports whether the limit of the answer is sent as
// max_completion_tokens: OpenAI's reasoning models refuse the old name, xAI,
// Groq and Cerebras document the new one, everybody else knows the old one
// (Ollama ignores the new one without a word).
// Sources: OpenAI API reference, the SDKs of xAI, Groq and Cerebras, Ollama
// openai/openai.go; read 2026-11-21.
func newLimitName(name, model string) bool {
	switch name {
	case "xai", "groq", "cerebras":
		return true
	case "openai", "azure", "azure_ai", "openrouter":
		model = strings.ToLower(model[strings.LastIndexByte(model, '/')+1:])
		return reasoningModel().MatchString(model) && !strings.Contains(model, "-chat")
	}
	return false
}

// reasoningModel matches o1 … o9 and gpt-5 and later.
var reasoningModel = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(o[1-9]\b|gpt-([5-9]|[1-9][0-9])\b)`)
})

// openaiChunk is a chunk of a stream, or a whole answer. What comes in several
// shapes stays raw.
type openaiChunk struct {
	ID      json.RawMessage `json:"id"`
	Model   json.RawMessage `json:"model"`
	Object  json.RawMessage `json:"object"`
	Choices []openaiChoice  `json:"choices"`
	Usage   *openaiUsage    `json:"usage"`
	Error   json.RawMessage `json:"error"`
	Groq    *struct {
		Usage *openaiUsage    `json:"usage"`
		Error json.RawMessage `json:"error"`
	} `json:"x_groq"`
}

type openaiChoice struct {
	Index   *int            `json:"index"`
	Delta   *openaiDelta    `json:"delta"`
	Message *openaiDelta    `json:"message"` // whole answers, and some servers' chunks
	Text    json.RawMessage `json:"text"`    // legacy completions
	Finish  json.RawMessage `json:"finish_reason"`
	Error   json.RawMessage `json:"error"` // OpenRouter
}

type openaiDelta struct {
	Content   json.RawMessage   `json:"content"` // null, string or array
	Refusal   json.RawMessage   `json:"refusal"`
	Reasoning json.RawMessage   `json:"reasoning"`         // Groq, OpenRouter, Cerebras, vLLM, Ollama
	Thoughts  json.RawMessage   `json:"reasoning_content"` // DeepSeek, xAI, Fireworks, NVIDIA
	Details   []reasoningDetail `json:"reasoning_details"` // OpenRouter, beside reasoning
}

type reasoningDetail struct {
	Text    json.RawMessage `json:"text"`
	Summary json.RawMessage `json:"summary"`
}

type openaiUsage struct {
	Prompt     number `json:"prompt_tokens"`
	Completion number `json:"completion_tokens"`
	Total      number `json:"total_tokens"`
	CacheHit   number `json:"prompt_cache_hit_tokens"` // DeepSeek
	In         struct {
		Cached number `json:"cached_tokens"`
		Write  number `json:"cache_write_tokens"`
	} `json:"prompt_tokens_details"`
	Out struct {
		Reasoning number `json:"reasoning_tokens"`
	} `json:"completion_tokens_details"`
}

func (o *openai) frame(f frame, emit func(llm.Event)) step {
	if strings.HasPrefix(string(f.data), "[DONE]") {
		return step{done: true}
	}
	var c openaiChunk
	if err := json.Unmarshal(f.data, &c); err != nil && !laxly(err) {
		return step{failed: append([]byte{}, f.data...)} // "error: …" in plain text, or garbage
	}
	return o.chunk(f.event, &c, f.data, emit)
}

// laxly reports whether a decoding error is only about one field's type: the
// rest was decoded.
func laxly(err error) bool {
	var typed *json.UnmarshalTypeError
	return errors.As(err, &typed)
}

func (o *openai) chunk(event string, c *openaiChunk, data []byte, emit func(llm.Event)) step {
	if o.failedIn(event, c) {
		return step{failed: append([]byte{}, data...)}
	}
	if c.Choices == nil && c.Usage == nil {
		return step{alien: true}
	}
	if !o.started {
		o.started = true
		emit(llm.Event{Type: llm.EventStart, ID: text(c.ID), Model: text(c.Model)})
	}
	for i := range c.Choices {
		if why := o.choice(i, &c.Choices[i], emit); broken(why) {
			return step{failed: append([]byte{}, data...)}
		}
	}
	if c.Usage != nil {
		o.usage = c.Usage.count()
	} else if c.Groq != nil && c.Groq.Usage != nil {
		o.usage = c.Groq.Usage.count()
	}
	return step{}
}

// failedIn finds the places where compatible servers put an error under 200.
// A null or empty error is none.
func (o *openai) failedIn(event string, c *openaiChunk) bool {
	if said(c.Error) || c.Groq != nil && said(c.Groq.Error) || event == "error" {
		return true
	}
	if text(c.Object) == "error" { // Mistral, vLLM: {"object":"error","message":…}
		return true
	}
	for _, ch := range c.Choices {
		if said(ch.Error) {
			return true
		}
	}
	return false
}

// broken reports finish reasons that mean a failure and not an end.
// Sources: OpenRouter and Mistral API references, DeepSeek API reference.
func broken(raw string) bool { return raw == "error" || raw == "insufficient_system_resource" }

// choice reads one choice and returns its raw finish reason. Only the first
// choice is printed: more than one is never asked for.
func (o *openai) choice(position int, c *openaiChoice, emit func(llm.Event)) (why string) {
	index := position
	if c.Index != nil {
		index = *c.Index
	}
	if o.open == nil {
		o.open = map[int]bool{}
	}
	if _, seen := o.open[index]; !seen {
		o.open[index] = true
	}
	if index == 0 {
		d := c.Delta
		if d == nil {
			d = c.Message
		}
		if d != nil {
			o.delta(d, emit)
		}
		o.think.write(text(c.Text), emit)
	}
	if why = text(c.Finish); why != "" {
		o.open[index] = false
		if index == 0 || o.why == "" {
			o.why = openaiFinish(why)
		}
	}
	return why
}

// delta hands out what a delta says, reasoning first. Servers that send one
// thought under two names are heard once.
func (o *openai) delta(d *openaiDelta, emit func(llm.Event)) {
	thought := text(d.Thoughts)
	if thought == "" {
		thought = text(d.Reasoning)
	}
	for i := 0; thought == "" && i < len(d.Details); i++ {
		thought = text(d.Details[i].Text) + text(d.Details[i].Summary)
	}
	if thought != "" {
		emit(llm.Event{Type: llm.EventReasoning, Text: thought})
	}
	switch {
	case len(d.Content) > 0 && d.Content[0] == '"':
		o.think.write(text(d.Content), emit)
	case len(d.Content) > 0 && d.Content[0] == '[':
		o.parts(d.Content, emit)
	}
	o.think.write(text(d.Refusal), emit)
}

// parts reads content that is an array: Mistral's {type:thinking,
// thinking:[{text}]} and {type:text,text}.
func (o *openai) parts(raw json.RawMessage, emit func(llm.Event)) {
	var all []struct {
		Text     json.RawMessage `json:"text"`
		Thinking json.RawMessage `json:"thinking"`
	}
	if json.Unmarshal(raw, &all) != nil {
		return
	}
	for _, p := range all {
		thought := text(p.Thinking)
		var inner []struct {
			Text string `json:"text"`
		}
		if thought == "" && json.Unmarshal(p.Thinking, &inner) == nil {
			for _, t := range inner {
				thought += t.Text
			}
		}
		if thought != "" {
			emit(llm.Event{Type: llm.EventReasoning, Text: thought})
		}
		o.think.write(text(p.Text), emit)
	}
}

// openaiFinish puts the finish reasons of compatible servers into our words.
// Sources: OpenAI, Together (eos), Mistral (model_length) API references.
func openaiFinish(raw string) llm.Finish {
	switch raw {
	case "stop", "eos", "end_turn", "stop_sequence":
		return llm.FinishStop
	case "length", "model_length", "max_tokens":
		return llm.FinishLength
	case "tool_calls", "function_call":
		return llm.FinishTools
	case "content_filter":
		return llm.FinishFilter
	}
	return llm.Finish(raw)
}

// count normalises. xAI counts reasoning beside the completion and not in it,
// which shows in its total.
// Source: usage recorded from xAI, 12 + 1 + 290 = 303.
func (u *openaiUsage) count() *llm.Usage {
	out := &llm.Usage{
		Input: count(u.Prompt), Output: count(u.Completion), Reasoning: count(u.Out.Reasoning),
		Cached: firstOf(count(u.In.Cached), count(u.CacheHit)), CacheWrite: count(u.In.Write),
	}
	total := count(u.Total)
	if out.Input != nil && out.Output != nil && out.Reasoning != nil && total != nil && *out.Reasoning > 0 &&
		*total == *out.Input+*out.Output+*out.Reasoning {
		out.Output = add(out.Output, out.Reasoning)
	}
	return out
}

func (o *openai) whole(body []byte, emit func(llm.Event)) step {
	var c openaiChunk
	if err := json.Unmarshal(body, &c); err != nil && !laxly(err) {
		return step{alien: true}
	}
	if o.failedIn("", &c) {
		return step{failed: body}
	}
	if c.Choices == nil { // some JSON, but no completion
		return step{alien: true}
	}
	s := o.chunk("", &c, body, emit)
	for index := range o.open { // the JSON was whole, so the answer is
		o.open[index] = false
	}
	s.done = true
	return s
}

func (o *openai) proof(emit func(llm.Event)) (*llm.Usage, llm.Finish, bool) {
	o.think.flush(emit)
	for _, open := range o.open {
		if open {
			return o.usage, o.why, false
		}
	}
	return o.usage, o.why, len(o.open) > 0
}
