package report

import (
	"github.com/llmctl/llmctl/pkg/fault"
	"github.com/llmctl/llmctl/pkg/llm"
	"github.com/llmctl/llmctl/pkg/resolve"
)

// Chat is the document of one answer.
type Chat struct {
	Schema       string         `json:"schema"`
	Version      string         `json:"version"`
	Text         string         `json:"text"`
	Reasoning    string         `json:"reasoning"`
	ToolCalls    []ToolCall     `json:"tool_calls"`
	FinishReason llm.Finish     `json:"finish_reason"`
	Complete     bool           `json:"complete"` // the wire's proof of completion was seen
	Usage        llm.Usage      `json:"usage"`
	CostUSD      *float64       `json:"cost_usd"` // nil: no price is known
	CostSource   string         `json:"cost_source"`
	Deployment   ChatDeployment `json:"deployment"`
	Attempts     []Attempt      `json:"attempts"`
	Timing       Timing         `json:"timing"`
	RequestID    string         `json:"request_id"`
	Warnings     []string       `json:"warnings"`
}

// ToolCall is one call that the model asks for. Arguments is JSON text as the
// model wrote it.
type ToolCall struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	Arguments string `json:"arguments"`
}

// ChatDeployment is who answered, and with which key.
type ChatDeployment struct {
	ModelName      string          `json:"model_name"`
	Model          string          `json:"model"`
	Provider       string          `json:"provider"`
	APIBase        string          `json:"api_base"`
	KeyFingerprint string          `json:"key_fingerprint"`
	KeyOrigin      *resolve.Origin `json:"key_origin"` // nil when no key was sent
}

// Attempt is one deployment that was called.
type Attempt struct {
	Deployment string     `json:"deployment"`
	Status     int        `json:"status"` // 0 = no answer
	Code       fault.Code `json:"code"`   // "" = it answered
	DurationMS int64      `json:"duration_ms"`
	WaitedMS   int64      `json:"waited_ms"` // before it was called
}

// Timing is counted from the moment the request was sent. 0 = it did not come.
type Timing struct {
	FirstByteMS  int64 `json:"first_byte_ms"`
	FirstTokenMS int64 `json:"first_token_ms"`
	TotalMS      int64 `json:"total_ms"`
}

// NewChat makes the document of an answer by r. The caller adds what a reply
// does not know: tool calls, cost, attempts, warnings.
func NewChat(version string, r *resolve.Resolution, reply llm.Reply, t Timing) Chat {
	c := Chat{
		Schema: ChatSchema, Version: version, Text: reply.Text, Reasoning: reply.Reasoning,
		ToolCalls: []ToolCall{}, FinishReason: reply.Finish, Complete: reply.Complete, Usage: reply.Usage,
		Attempts: []Attempt{}, Timing: t, RequestID: reply.RequestID, Warnings: []string{},
		Deployment: ChatDeployment{
			ModelName: r.ModelName, Model: r.Model, Provider: r.Provider.Name, APIBase: r.Redacted(r.Base.Value),
		},
	}
	if !r.Key.IsZero() {
		from := r.KeyOrigin
		c.Deployment.KeyFingerprint, c.Deployment.KeyOrigin = r.Key.Fingerprint(), &from
	}
	return c
}
