package wire

import (
	"bytes"
	"errors"
	"io"
)

// frame is one server-sent event. Its bytes are valid until the next call of
// next.
type frame struct {
	event string // "" when the stream does not name its events
	data  []byte // the data lines, joined with LF
	tail  bool   // ended by the end of the stream and not by a blank line
}

// sse cuts a stream into frames. It takes every spelling seen in the field:
// one byte order mark, LF, CRLF and bare CR, data with and without a space,
// several data lines, event and id optional, a last event without its blank
// line. It holds one event at a time, so memory is flat.
//
// Sources: WHATWG HTML, server-sent events; deviations of providers as
// recorded and measured, 2026-11-21.
type sse struct {
	src io.Reader

	buf        []byte // read and not yet consumed: buf[from:]
	from       int
	began      bool  // the byte order mark is behind us
	skipLF     bool  // the last line ended in CR; an LF now belongs to it
	err        error // of src; kept until buf is consumed
	data       []byte
	comments   int    // lines that begin with a colon: signs of life
	stray      []byte // lines that are no SSE at all, up to maxStray
	frameLimit int
}

// maxStray is how much is kept of what is no SSE: enough for an error page.
const maxStray = 64 << 10

var errTooLong = errors.New("one event of the stream is longer than 64 MiB")

func newSSE(src io.Reader) *sse { return &sse{src: src, frameLimit: maxWhole + 4<<10} }

// next is the next frame that has data; io.EOF when the stream ended cleanly,
// else the error of the source. A frame that was begun when the source failed
// is lost: it is not known whether it was whole.
func (s *sse) next() (frame, error) {
	var f frame
	has := false
	s.release()
	for {
		line, err := s.line()
		if err != nil && (!errors.Is(err, io.EOF) || len(line) == 0) {
			if errors.Is(err, io.EOF) && has {
				f.data, f.tail = s.data, true
				return f, nil
			}
			return frame{}, err
		}
		if len(line) == 0 {
			if has {
				f.data = s.data
				return f, nil
			}
			f.event = ""
			continue
		}
		name, value := field(line)
		switch string(name) { // no allocation: the compiler knows this form
		case "data":
			if has {
				s.data = append(s.data, '\n')
			}
			if len(s.data)+len(value) > s.frameLimit {
				return frame{}, errTooLong
			}
			s.data, has = append(s.data, value...), true
		case "event":
			f.event = string(value)
		case "":
			s.comments++
		case "id", "retry":
		default:
			if n := maxStray - len(s.stray); n > 0 {
				s.stray = append(append(s.stray, line[:min(len(line), n)]...), '\n')
			}
		}
	}
}

// field splits a line at its first colon and drops one space after it.
func field(line []byte) (name, value []byte) {
	name, value, _ = bytes.Cut(line, []byte(":"))
	if len(value) > 0 && value[0] == ' ' {
		value = value[1:]
	}
	return name, value
}

// release forgets the last event, and its memory when it was a large one.
func (s *sse) release() {
	if cap(s.data) > 1<<20 {
		s.data = nil
	}
	s.data = s.data[:0]
}

// line is the next line without its end. At the end of the source the rest is
// given together with io.EOF.
func (s *sse) line() ([]byte, error) {
	seen := 0 // bytes of the rest that are known to hold no line end
	for {
		s.lineStart()
		rest := s.buf[s.from:]
		if i := lineEnd(rest[min(seen, len(rest)):]); i >= 0 && s.began {
			i += seen
			s.skipLF = rest[i] == '\r'
			s.from += i + 1
			return rest[:i], nil
		}
		if seen = len(rest); !s.began {
			seen = 0 // a byte order mark may still be cut off the front
		}
		if s.err != nil {
			s.from = len(s.buf)
			return rest, s.err
		}
		if len(rest) > s.frameLimit {
			s.err = errTooLong
			return nil, s.err
		}
		s.fill()
	}
}

// lineStart drops the byte order mark in front of the first line and the LF of
// a CRLF whose CR ended the line before.
func (s *sse) lineStart() {
	if s.skipLF && s.from < len(s.buf) {
		if s.buf[s.from] == '\n' {
			s.from++
		}
		s.skipLF = false
	}
	if s.began {
		return
	}
	mark := []byte("\xEF\xBB\xBF")
	rest := s.buf[s.from:]
	if len(rest) < len(mark) && bytes.HasPrefix(mark, rest) && s.err == nil {
		return // too early to say
	}
	if bytes.HasPrefix(rest, mark) {
		s.from += len(mark)
	}
	s.began = true
}

func lineEnd(b []byte) int {
	lf := bytes.IndexByte(b, '\n')
	if lf >= 0 {
		b = b[:lf]
	}
	if cr := bytes.IndexByte(b, '\r'); cr >= 0 {
		return cr
	}
	return lf
}

// fill reads more, moving what is left to the front when the room is used up.
func (s *sse) fill() {
	if s.from == len(s.buf) {
		if cap(s.buf) > 1<<20 {
			s.buf = nil
		}
		s.buf, s.from = s.buf[:0], 0
	}
	if cap(s.buf)-len(s.buf) < 512 {
		grown := s.buf[:0]
		if need := len(s.buf) - s.from; need*2 > cap(s.buf) || cap(s.buf) < 16<<10 {
			grown = make([]byte, 0, max(16<<10, 2*need))
		}
		s.buf, s.from = append(grown, s.buf[s.from:]...), 0
	}
	for range 100 { // a reader may give nothing and no error, but not for ever
		n, err := s.src.Read(s.buf[len(s.buf):cap(s.buf)])
		s.buf = s.buf[:len(s.buf)+n]
		if err != nil {
			s.err = err
			return
		}
		if n > 0 {
			return
		}
	}
	s.err = io.ErrNoProgress
}
