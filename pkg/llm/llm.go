// Package llm is the words of a conversation: what is asked, what comes back,
// and the events in between. No wire's own words appear here.
//
// The one rule: usage is counted as OpenAI counts it (input with cache, output
// with reasoning), and a number that a provider did not give is nil, never 0.
package llm

// Role is who speaks.
type Role string

// The roles.
const (
	System    Role = "system"
	User      Role = "user"
	Assistant Role = "assistant"
)

// Message is one turn.
type Message struct {
	Role Role
	Text string
}

// Request is one call. The zero value of a field leaves it to the provider.
type Request struct {
	Messages    []Message
	MaxTokens   int // upper limit of the answer, in tokens
	Temperature *float64
	TopP        *float64
	Stop        []string
	Stream      bool
}

// Finish says why an answer ended. Providers' words that are none of these
// pass through as they are.
type Finish string

// The finish reasons.
const (
	FinishStop    Finish = "stop"
	FinishLength  Finish = "length"
	FinishTools   Finish = "tool_calls"
	FinishFilter  Finish = "content_filter"
	FinishUnknown Finish = ""
)

// Usage counts tokens. Nil means that the provider did not say.
type Usage struct {
	Input      *int `json:"input_tokens"`
	Cached     *int `json:"cached_input_tokens"`
	CacheWrite *int `json:"cache_write_tokens"`
	Output     *int `json:"output_tokens"`
	Reasoning  *int `json:"reasoning_tokens"`
}

// EventType says what an Event carries.
type EventType string

// The event types. A stream is Start, any number of Text and Reasoning, at
// most one Usage, and Finish. Without Finish it is truncated.
const (
	EventStart     EventType = "start"
	EventText      EventType = "text"
	EventReasoning EventType = "reasoning"
	EventUsage     EventType = "usage"
	EventFinish    EventType = "finish"
)

// Event is one step of an answer.
type Event struct {
	Type   EventType
	Text   string // Text and Reasoning
	Finish Finish // Finish
	Usage  *Usage // Usage
	ID     string // Start: the provider's id of the answer, if any
	Model  string // Start: the model that answers, if said
}

// Reply is a whole answer.
type Reply struct {
	Text      string
	Reasoning string
	Finish    Finish
	Complete  bool // the wire's proof of completion was seen
	Usage     Usage
	RequestID string
	Model     string
}
