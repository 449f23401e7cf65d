package wire

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/llmctl/llmctl/pkg/fault"
	"github.com/llmctl/llmctl/pkg/llm"
	"github.com/llmctl/llmctl/pkg/resolve"
	"github.com/llmctl/llmctl/pkg/verdict"
)

// Stream is an answer that is being read, in pieces or in one. It belongs to
// one goroutine.
type Stream struct {
	Status    int
	RequestID string
	URL       string      // that was called; fit to be shown
	Header    http.Header // of the answer: rate limits and the like; not to be printed as it is

	ended  func() *fault.Err // why the caller's context is over; nil while it is not
	quiet  func() bool       // the limit on the quiet ended the request
	cancel context.CancelCauseFunc
	r      *resolve.Resolution
	a      *answer
	body   io.Reader // of a, with the limit on its quiet
	speak  codec
	idle   time.Duration

	text, reasoning strings.Builder
	reply           llm.Reply
	events          int
	comments        int
	used, left      bool // Events was called; its loop was left early
	alien           bool // events of another protocol came
	closed          bool
}

var errQuiet = errors.New("the stream was quiet too long")

// Events are the steps of the answer, each as it arrives. A stream that does
// not end in a Finish event ends in an error, a *fault.Err; what came before
// it is then incomplete. It can be read once.
func (s *Stream) Events() iter.Seq2[llm.Event, error] {
	return func(yield func(llm.Event, error) bool) {
		if s.used {
			yield(llm.Event{}, failure(s.r, "stream.failed", "the stream was read already", nil))
			return
		}
		s.used = true
		emit := func(e llm.Event) {
			if s.left {
				return
			}
			s.note(e)
			s.left = !yield(e, nil)
		}
		f := s.read(emit)
		whole := f == nil && !s.left
		if f != nil && !s.left {
			yield(llm.Event{}, f)
		}
		s.end(whole)
	}
}

// Reply is what was said so far. It is the whole answer when Complete is true.
func (s *Stream) Reply() llm.Reply {
	out := s.reply
	out.Text, out.Reasoning = s.text.String(), s.reasoning.String()
	return out
}

// Timing says where the time went, so far.
func (s *Stream) Timing() Timing { return s.a.clock.timing() }

// Comments counts the comment lines of the stream: signs of life of a gateway
// while the model says nothing.
func (s *Stream) Comments() int { return s.comments }

// Close gives the answer up; the provider sees the connection go. It is not
// needed after Events was read to its end, and may be called twice.
func (s *Stream) Close() error {
	s.end(false)
	return nil
}

// end closes the answer once. A stream that was read to its last event is
// given a moment to end by itself, so that the connection can be used again
// for the next call.
func (s *Stream) end(drain bool) {
	if s.closed {
		return
	}
	s.closed = true
	if drain {
		limit, stop := context.WithTimeout(context.Background(), 50*time.Millisecond)
		still := context.AfterFunc(limit, func() { s.cancel(nil) })
		_, _ = io.CopyN(io.Discard, s.a.body, 4<<10) // what it says does not matter any more
		still()
		stop()
	}
	s.a.close()
	s.cancel(nil)
}

// note keeps what an event adds to the reply.
func (s *Stream) note(e llm.Event) {
	s.events++
	switch e.Type {
	case llm.EventStart:
		s.reply.Model = e.Model
	case llm.EventText:
		s.a.clock.tokenSeen()
		s.text.WriteString(e.Text)
	case llm.EventReasoning:
		s.a.clock.tokenSeen()
		s.reasoning.WriteString(e.Text)
	case llm.EventUsage:
		s.reply.Usage = *e.Usage
	case llm.EventFinish:
		s.reply.Finish, s.reply.Complete = e.Finish, true
	}
}

// read reads the answer in whatever form it came.
func (s *Stream) read(emit func(llm.Event)) *fault.Err {
	body := bufio.NewReaderSize(s.body, 16<<10)
	form, err := formOf(body, contentType(s.a) == "text/event-stream")
	if err != nil && !errors.Is(err, io.EOF) {
		return s.broken(err, false)
	}
	switch form {
	case frames:
		return s.frames(body, emit)
	case object, list:
		return s.whole(body, emit)
	case blank:
		return s.fail("answer.empty", s.URL+" answered "+strconv.Itoa(s.Status)+" with an empty body", nil)
	default:
		return s.notAPI()
	}
}

// formOf looks at the first characters of the body, which know better than the
// content type what follows: gateways label streams as JSON and errors as
// streams. Blank lines in front are dropped: DeepSeek sends them while it
// works.
func formOf(body *bufio.Reader, stream bool) (shape, error) {
	if b, _ := body.Peek(3); string(b) == "\xEF\xBB\xBF" {
		_, _ = body.Discard(3)
	}
	for {
		b, err := body.Peek(1)
		if err != nil {
			return blank, err
		}
		if !strings.ContainsRune(" \t\r\n", rune(b[0])) {
			break
		}
		_, _ = body.Discard(1)
	}
	if stream {
		return frames, nil
	}
	b, _ := body.Peek(len("retry:"))
	return kind(b), nil
}

// frames reads an event stream to its last event.
func (s *Stream) frames(body io.Reader, emit func(llm.Event)) *fault.Err {
	events := newSSE(body)
	defer func() { s.comments = events.comments }()
	for {
		f, err := events.next()
		if err == nil && f.tail && !json.Valid(f.data) && !strings.HasPrefix(string(f.data), "[DONE]") {
			err = io.EOF // cut in the middle of its last event
		}
		if err != nil {
			return s.stopped(err, events.stray, emit)
		}
		step := s.speak.frame(f, emit)
		switch {
		case s.left:
			return nil
		case step.failed != nil:
			return s.failed(step.failed)
		case step.alien:
			s.alien = true
		case step.done:
			return s.stopped(nil, nil, emit)
		}
	}
}

// stopped is the end of a stream: a whole answer when the wire's proof of
// completion was seen, whatever happened to the connection afterwards. err is
// nil when the stream said itself that it is over.
func (s *Stream) stopped(err error, stray []byte, emit func(llm.Event)) *fault.Err {
	usage, why, complete := s.speak.proof(emit)
	if complete {
		s.finish(usage, why, emit)
		return nil
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return s.broken(err, s.events > 0)
	}
	switch kind(stray) { // no event stream after all
	case object, list:
		return s.failed(stray)
	case markup:
		return s.notAPI()
	default:
	}
	switch {
	case s.events == 0 && s.alien:
		return s.fail("answer.not-api", s.URL+" answered with a stream that is none of the protocol "+string(s.r.Provider.Wire), nil)
	case s.events == 0:
		return s.fail("answer.empty", s.URL+" answered "+strconv.Itoa(s.Status)+" with a stream that says nothing", nil)
	}
	return s.fail("stream.truncated", "the stream from "+s.r.Host()+" ended without saying that the answer is complete", err)
}

// finish hands out the last two events.
func (s *Stream) finish(usage *llm.Usage, why llm.Finish, emit func(llm.Event)) {
	if usage != nil {
		emit(llm.Event{Type: llm.EventUsage, Usage: usage})
	}
	emit(llm.Event{Type: llm.EventFinish, Finish: why})
}

// whole reads an answer that came in one piece.
func (s *Stream) whole(body io.Reader, emit func(llm.Event)) *fault.Err {
	all, err := io.ReadAll(io.LimitReader(body, maxWhole+1))
	switch {
	case err != nil:
		return s.broken(err, true)
	case len(all) > maxWhole:
		return s.fail("stream.failed", "the answer is longer than 64 MiB", nil)
	case !json.Valid(all):
		return s.fail("stream.truncated", "the answer of "+s.r.Host()+" is not whole: its JSON has no end", nil)
	}
	step := s.speak.whole(all, emit)
	switch {
	case s.left:
		return nil
	case step.failed != nil:
		return s.failed(step.failed)
	case step.alien:
		v := s.classify(all)
		if v.Code == "" || v.Code == "answer.unknown" {
			v.Code, v.Detail = "answer.not-api", "its JSON is no answer of the protocol "+string(s.r.Provider.Wire)
		}
		return refused(s.r, s.a, v)
	}
	usage, why, complete := s.speak.proof(emit)
	if !complete {
		return s.fail("answer.empty", s.URL+" answered without any choice", nil)
	}
	s.finish(usage, why, emit)
	return nil
}

// broken is a body that could not be read to its end. begun says that a part of
// the answer had come.
func (s *Stream) broken(err error, begun bool) *fault.Err {
	if f := s.ended(); f != nil {
		return f
	}
	switch {
	case errors.Is(err, errTooLong):
		return s.fail("stream.failed", err.Error(), nil)
	case s.quiet() && !begun:
		return s.fail("net.timeout", s.r.Host()+" was quiet for "+s.idle.String(), err)
	case s.quiet():
		return s.fail("stream.truncated", s.r.Host()+" was quiet for "+s.idle.String()+" in the middle of its answer", err)
	case !begun:
		return s.fail("net.reset", s.r.Host()+" cut the connection before it said anything", err)
	}
	return s.fail("stream.truncated", "the connection to "+s.r.Host()+" was cut in the middle of the answer", err)
}

// failed is an error that the provider reported under a good status.
func (s *Stream) failed(body []byte) *fault.Err {
	body = scrub(s.r, body)
	v := s.classify(body)
	switch v.Code {
	case "", "answer.unknown", "answer.not-api", "provider.failed":
		detail := v.Detail
		if detail == "" {
			detail = short(errorText(errorField(body)), 200)
		}
		v.Code, v.Detail = "stream.failed", detail
	}
	f := s.fail(v.Code, s.r.Host()+" reported an error inside its answer: "+v.Detail, nil)
	f.RequestID = or(f.RequestID, v.RequestID)
	return f
}

// classify asks what a body means whose HTTP status says nothing: as if it had
// come with the status that it names.
func (s *Stream) classify(body []byte) verdict.Verdict {
	a := *s.a
	if n := namedStatus(body); n != 0 {
		a.status = n
	}
	return verdict.Classify(a.ask(s.r, body, false))
}

// namedStatus is the status that an error would have had if it had come before
// the 200: as a number (OpenRouter: error.code 402) or by Anthropic's type.
// Sources: OpenRouter and Anthropic errors pages, read 2026-11-21.
func namedStatus(body []byte) int {
	var e struct {
		Type         json.RawMessage
		Code, Status number
	}
	_ = json.Unmarshal(errorField(body), &e) // what is of another type stays empty
	for _, n := range []*int{count(e.Code), count(e.Status)} {
		if n != nil && *n >= 400 && *n < 600 {
			return *n
		}
	}
	return map[string]int{
		"authentication_error": 401, "billing_error": 402, "permission_error": 403, "not_found_error": 404,
		"request_too_large": 413, "rate_limit_error": 429, "api_error": 500, "timeout_error": 504, "overloaded_error": 529,
	}[text(e.Type)]
}

// errorField is the value of the error field, else the body itself.
func errorField(body []byte) json.RawMessage {
	var outer struct {
		Error json.RawMessage `json:"error"`
	}
	if json.Unmarshal(body, &outer) == nil && said(outer.Error) {
		return outer.Error
	}
	return body
}

func (s *Stream) notAPI() *fault.Err {
	return s.fail("answer.not-api", s.URL+" answered "+strconv.Itoa(s.Status)+" with "+or(contentType(s.a), "a body")+" that is no API's: a portal or a proxy may have answered", nil)
}

func (s *Stream) fail(code fault.Code, message string, cause error) *fault.Err {
	f := failure(s.r, code, message, cause)
	f.Status, f.RequestID = s.Status, s.RequestID
	return f
}

// readFunc is a Reader made of a function.
type readFunc func([]byte) (int, error)

func (f readFunc) Read(p []byte) (int, error) { return f(p) }

// quietLimit ends the request of ctx with errQuiet when one read of body takes
// longer than idle. Every byte is a sign of life, comments and pings too.
func quietLimit(ctx context.Context, cancel context.CancelCauseFunc, idle time.Duration, body io.Reader) io.Reader {
	return readFunc(func(p []byte) (int, error) {
		limit, stop := context.WithTimeoutCause(ctx, idle, errQuiet)
		defer stop()
		defer context.AfterFunc(limit, func() {
			if cause := context.Cause(limit); errors.Is(cause, errQuiet) {
				cancel(cause)
			}
		})()
		return body.Read(p)
	})
}
