package wire

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"

	"github.com/llmctl/llmctl/pkg/fault"
	"github.com/llmctl/llmctl/pkg/llm"
	"github.com/llmctl/llmctl/pkg/resolve"
	"github.com/llmctl/llmctl/pkg/verdict"
)

// Chat sends one request and returns when the provider has begun to answer.
// The error is a *fault.Err: the network's, or the provider's refusal. The
// caller reads Events to the end, or closes the Stream. Cancelling ctx ends
// both the call and the stream.
//
// Anthropic requires an upper limit of the answer: a request without MaxTokens
// asks for 4096 there.
func (c *Client) Chat(ctx context.Context, r *resolve.Resolution, req llm.Request) (*Stream, error) {
	s, f := c.chat(ctx, r, req)
	if f != nil {
		return nil, f
	}
	return s, nil
}

func (c *Client) chat(ctx context.Context, r *resolve.Resolution, req llm.Request) (*Stream, *fault.Err) {
	k, speak, f := draft(r, req)
	if f != nil {
		return nil, f
	}
	inner, cancel := context.WithCancelCause(ctx)
	a, f := c.do(inner, r, k)
	if f != nil {
		cancel(nil)
		return nil, f
	}
	if a.status < 200 || a.status > 299 {
		defer cancel(nil)
		return nil, rejected(ctx, r, a)
	}
	var body io.Reader = a.body
	if c.Idle > 0 {
		body = quietLimit(inner, cancel, c.Idle, body)
	}
	return &Stream{
		Status: a.status, RequestID: a.requestID, URL: a.url, Header: a.header,
		ended:  func() *fault.Err { return ended(ctx, r) },
		quiet:  func() bool { return errors.Is(context.Cause(inner), errQuiet) },
		cancel: cancel, r: r, a: a, body: body, speak: speak, idle: c.Idle,
		reply: llm.Reply{RequestID: a.requestID},
	}, nil
}

// Draft is the request of a chat before it is signed: what --dry-run prints.
// It holds no credential.
func (c *Client) Draft(ctx context.Context, r *resolve.Resolution, req llm.Request) (*http.Request, error) {
	k, _, f := draft(r, req)
	if f != nil {
		return nil, f
	}
	out, f := c.request(ctx, r, k)
	if f != nil {
		return nil, f
	}
	return out, nil
}

func draft(r *resolve.Resolution, req llm.Request) (call, codec, *fault.Err) {
	if f := r.Err(); f != nil {
		return call{}, nil, f
	}
	speak := codecOf(r)
	if speak == nil {
		return call{}, nil, unspoken(r)
	}
	body, err := speak.encode(r, req)
	if err != nil {
		return call{}, nil, failure(r, "usage.invalid", "the request cannot be written as JSON: "+err.Error(), err)
	}
	address := r.ChatURL()
	if address == "" {
		return call{}, nil, failure(r, "base.hole", "the address of a chat is not known whole: base or model is missing", nil)
	}
	return call{method: "POST", url: address, body: body, stream: req.Stream}, speak, nil
}

// rejected is the error of an answer whose status says no.
func rejected(ctx context.Context, r *resolve.Resolution, a *answer) *fault.Err {
	body, _, err := a.read(maxBody)
	a.close()
	if err != nil && len(body) == 0 {
		return readFault(ctx, r, a, err)
	}
	body = scrub(r, body)
	v, ok := plainToTLS(a, body)
	if !ok {
		v = verdict.Classify(a.ask(r, body, false))
	}
	if v.Code == "" {
		v.Code, v.DecidedBy = "answer.unknown", "status "+strconv.Itoa(a.status)
	}
	return refused(r, a, v)
}
