package sandbox

import (
	"encoding/json"
)

type anthropicRequest struct {
	Model     string          `json:"model"`
	MaxTokens *int            `json:"max_tokens"`
	System    json.RawMessage `json:"system"`
	Messages  []struct {
		Role    string          `json:"role"`
		Content json.RawMessage `json:"content"`
	} `json:"messages"`
	Stream bool `json:"stream"`
}

type anthropicUsage struct {
	Input  int `json:"input_tokens"`
	Output int `json:"output_tokens"`
}

type anthropicBlock struct {
	Type string `json:"type"`
	Text string `json:"text"`
}

type anthropicMessage struct {
	ID         string           `json:"id"`
	Type       string           `json:"type"`
	Role       string           `json:"role"`
	Model      string           `json:"model"`
	Content    []anthropicBlock `json:"content"`
	StopReason *string          `json:"stop_reason"`
	StopSeq    *string          `json:"stop_sequence"`
	Usage      anthropicUsage   `json:"usage"`
}

// messages plays POST /v1/messages.
func (v *visit) messages() {
	if v.r.Header.Get("Anthropic-Version") == "" {
		v.refuse(invalid("anthropic", "anthropic-version: header is required"))
		return
	}
	var q anthropicRequest
	if !v.body(&q) {
		return
	}
	v.asked(q.Model, q.Stream)
	switch {
	case q.Model == "":
		v.refuse(invalid("anthropic", "model: Field required"))
		return
	case q.MaxTokens == nil:
		v.refuse(invalid("anthropic", "max_tokens: Field required"))
		return
	case len(q.Messages) == 0:
		v.refuse(invalid("anthropic", "messages: at least one message is required"))
		return
	case !v.serves(q.Model):
		v.refuse(noModel("anthropic", q.Model))
		return
	}
	said, in := "", 0
	for _, m := range q.Messages {
		t := text(m.Content)
		in += tokens(t)
		switch m.Role {
		case "user":
			said = t
		case "assistant":
		default:
			v.refuse(invalid("anthropic", "messages: Unexpected role \""+head(m.Role, 20)+"\""))
			return
		}
	}
	answer := reply(said)
	m := anthropicMessage{"msg_sandbox", "message", "assistant", q.Model, []anthropicBlock{}, nil, nil, anthropicUsage{in, 1}}
	v.w.Header().Set("Request-Id", "req_sandbox")
	if q.Stream {
		v.messageStream(m, answer)
		return
	}
	end := "end_turn"
	m.Content, m.StopReason, m.Usage.Output = []anthropicBlock{{"text", answer}}, &end, tokens(answer)
	v.encode(m)
}

// messageStream sends the events in the order in which Anthropic sends them,
// with its ping after the first block began.
func (v *visit) messageStream(m anthropicMessage, answer string) {
	out := v.events("\n")
	out.send("message_start", object{"type": "message_start", "message": m})
	out.send("content_block_start", object{"type": "content_block_start", "index": 0, "content_block": anthropicBlock{"text", ""}})
	out.send("ping", object{"type": "ping"})
	if !out.words(answer, func(w string) {
		out.send("content_block_delta", object{"type": "content_block_delta", "index": 0, "delta": anthropicBlock{"text_delta", w}})
	}) {
		return
	}
	out.send("content_block_stop", object{"type": "content_block_stop", "index": 0})
	out.send("message_delta", object{"type": "message_delta", "delta": object{"stop_reason": "end_turn", "stop_sequence": nil},
		"usage": object{"output_tokens": tokens(answer)}})
	out.send("message_stop", object{"type": "message_stop"})
}
