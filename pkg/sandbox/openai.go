package sandbox

import (
	"encoding/json"
	"slices"
)

// created is the birthday of every answer: answers are the same each time.
const created = 1767225600 // 2026-01-01T00:00:00Z

type openAIRequest struct {
	Model    string `json:"model"`
	Messages []struct {
		Role    string          `json:"role"`
		Content json.RawMessage `json:"content"`
	} `json:"messages"`
	Stream        bool `json:"stream"`
	StreamOptions *struct {
		IncludeUsage bool `json:"include_usage"`
	} `json:"stream_options"`
}

type openAIUsage struct {
	Prompt     int `json:"prompt_tokens"`
	Completion int `json:"completion_tokens"`
	Total      int `json:"total_tokens"`
}

type openAIAnswer struct {
	ID      string          `json:"id"`
	Object  string          `json:"object"`
	Created int             `json:"created"`
	Model   string          `json:"model"`
	Choices []openAIChoice  `json:"choices"`
	Usage   json.RawMessage `json:"usage,omitempty"`
}

type openAIChoice struct {
	Index   int            `json:"index"`
	Message *openAIMessage `json:"message,omitempty"`
	Delta   *openAIMessage `json:"delta,omitempty"`
	Finish  *string        `json:"finish_reason"`
}

type openAIMessage struct {
	Role    string  `json:"role,omitempty"`
	Content *string `json:"content,omitempty"`
}

// chat plays POST …/chat/completions.
func (v *visit) chat() {
	var q openAIRequest
	if !v.body(&q) {
		return
	}
	v.asked(q.Model, q.Stream)
	switch {
	case q.Model == "" && v.row.Wire != "azure-openai": // Azure has the deployment in the path
		v.refuse(invalid(v.row.Wire, "you must provide a model parameter"))
		return
	case len(q.Messages) == 0:
		v.refuse(invalid(v.row.Wire, "Missing required parameter: 'messages'."))
		return
	case !v.serves(q.Model):
		v.refuse(noModel(v.name, q.Model))
		return
	}
	said, in := "", 0
	for _, m := range q.Messages {
		t := text(m.Content)
		in += tokens(t)
		if m.Role == "user" {
			said = t
		}
	}
	answer := reply(said)
	u, _ := json.Marshal(openAIUsage{in, tokens(answer), in + tokens(answer)})
	v.w.Header().Set("X-Request-Id", "req_sandbox")
	if !q.Stream {
		stop := "stop"
		v.encode(openAIAnswer{"chatcmpl-sandbox", "chat.completion", created, q.Model,
			[]openAIChoice{{Message: &openAIMessage{"assistant", &answer}, Finish: &stop}}, u})
		return
	}
	v.chatStream(q, answer, u)
}

func (v *visit) chatStream(q openAIRequest, answer string, usage json.RawMessage) {
	var none json.RawMessage
	withUsage := q.StreamOptions != nil && q.StreamOptions.IncludeUsage
	if withUsage {
		none = json.RawMessage("null")
	}
	out := v.events("\n")
	chunk := func(choices []openAIChoice, u json.RawMessage) {
		out.send("", openAIAnswer{"chatcmpl-sandbox", "chat.completion.chunk", created, q.Model, choices, u})
	}
	empty, stop := "", "stop"
	chunk([]openAIChoice{{Delta: &openAIMessage{"assistant", &empty}}}, none)
	if !out.words(answer, func(w string) { chunk([]openAIChoice{{Delta: &openAIMessage{Content: &w}}}, none) }) {
		return
	}
	chunk([]openAIChoice{{Delta: &openAIMessage{}, Finish: &stop}}, none)
	if withUsage {
		chunk([]openAIChoice{}, usage)
	}
	out.send("", "[DONE]")
}

// serves reports whether a model is there. Gemini's and Bedrock's names may
// carry a path.
func (v *visit) serves(model string) bool {
	return v.every || slices.Contains(v.models, model) || slices.Contains(v.models, "models/"+model)
}
