package wire

import (
	"bytes"
	"encoding/json"
	"strconv"

	"github.com/llmctl/llmctl/pkg/fault"
	"github.com/llmctl/llmctl/pkg/llm"
	"github.com/llmctl/llmctl/pkg/provider"
	"github.com/llmctl/llmctl/pkg/resolve"
)

// codec is one protocol: pure, no network, no clock. A codec is made for one
// call and keeps what its stream has shown so far.
type codec interface {
	// encode is the JSON body of req.
	encode(r *resolve.Resolution, req llm.Request) ([]byte, error)
	// frame reads one event of a stream. It hands text and reasoning to emit
	// as they come, and keeps the rest for proof.
	frame(f frame, emit func(llm.Event)) step
	// whole reads an answer that came in one piece; it is an answer or an
	// error.
	whole(body []byte, emit func(llm.Event)) step
	// proof is what is known at the end of the stream: usage, why it ended,
	// and whether the wire's proof of completion was seen. What was held back
	// to be looked at goes to emit first.
	proof(emit func(llm.Event)) (u *llm.Usage, why llm.Finish, complete bool)
}

// step says how it goes on after an event.
type step struct {
	done bool // the protocol's last event; nothing after it counts
	// failed is the provider's error inside the stream, as JSON or as text;
	// nil without one. It may be empty but not nil.
	failed []byte
	// alien says that the event or the body is JSON of another kind. When
	// nothing else comes, what answered does not speak this protocol.
	alien bool
}

// codecOf is the codec of a wire; nil when it is not spoken.
func codecOf(r *resolve.Resolution) codec {
	switch r.Provider.Wire {
	case provider.OpenAIChat, provider.AzureOpenAI:
		return &openai{}
	case provider.Anthropic:
		return &anthropic{}
	default:
		return nil
	}
}

// unspoken is the error of a wire without a codec.
func unspoken(r *resolve.Resolution) *fault.Err {
	return failure(r, "wire.unsupported", "the protocol "+string(r.Provider.Wire)+" of "+r.Provider.Name+" is not spoken yet", nil)
}

// number is a JSON number that a provider may leave out or send as null.
type number = json.RawMessage

// count reads a number; what is none was not said.
func count(n number) *int {
	f, err := strconv.ParseFloat(string(n), 64)
	if err != nil || f < 0 || f > 1e15 {
		return nil
	}
	i := int(f)
	return &i
}

// body writes v as JSON without turning < and > into escapes: people read it.
func body(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// add is a+b where nil counts as "not said": nil only when both are nil.
func add(a, b *int) *int {
	if a == nil {
		return b
	}
	if b == nil {
		return a
	}
	sum := *a + *b
	return &sum
}

// firstOf is the first that was said.
func firstOf(all ...*int) *int {
	for _, n := range all {
		if n != nil {
			return n
		}
	}
	return nil
}

// text reads a JSON string, and nothing from anything else.
func text(raw json.RawMessage) string {
	if len(raw) < 2 || raw[0] != '"' {
		return ""
	}
	var t string
	if json.Unmarshal(raw, &t) != nil {
		return ""
	}
	return t
}
