package wire

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/llmctl/llmctl/pkg/llm"
)

// readFrames prints every frame of src, and how it ended.
func readFrames(src io.Reader) (out []string, s *sse) {
	s = newSSE(src)
	for {
		f, err := s.next()
		if err != nil {
			return append(out, err.Error()), s
		}
		tail := ""
		if f.tail {
			tail = " tail"
		}
		out = append(out, fmt.Sprintf("%s|%s%s", f.event, f.data, tail))
	}
}

func TestSSE(t *testing.T) {
	for _, tc := range []struct {
		name, in, want string
		comments       int
	}{
		{"LF", "data: a\n\ndata: b\n\n", "|a,|b,EOF", 0},
		{"CRLF", "event: x\r\ndata: a\r\n\r\ndata: b\r\n\r\n", "x|a,|b,EOF", 0},
		{"bare CR", "data: a\r\rdata: b\r\r", "|a,|b,EOF", 0},
		{"mixed ends", "data: a\r\n\ndata: b\n\r\ndata: c\r\r\n", "|a,|b,|c,EOF", 0},
		{"byte order mark", "\xEF\xBB\xBFdata: a\n\n", "|a,EOF", 0},
		{"only one byte order mark", "\xEF\xBB\xBF\xEF\xBB\xBFdata: a\n\n", "EOF", 0},
		{"no space", "data:{\"a\":1}\n\n", "|{\"a\":1},EOF", 0},
		{"only one space is dropped", "data:  a\n\n", "| a,EOF", 0},
		{"several lines", "data: a\ndata:\ndata: b\n\n", "|a\n\nb,EOF", 0},
		{"an empty data line is data", "data\n\n", "|,EOF", 0},
		{"comments", ": ping\n\n:\n\ndata: a\n: in between\n\n", "|a,EOF", 3},
		{"id and retry", "id: 1\nretry: 5\ndata: a\n\n", "|a,EOF", 0},
		{"an event without data is none", "event: x\n\ndata: a\n\n", "|a,EOF", 0},
		{"the end dispatches", "data: a\n\ndata: b", "|a,|b tail,EOF", 0},
		{"the end dispatches after a line end", "event: e\ndata: b\n", "e|b tail,EOF", 0},
		{"nothing", "", "EOF", 0},
		{"blank lines", "\n\r\n\r", "EOF", 0},
		{"colons in the data", "data: a: b\n\n", "|a: b,EOF", 0},
	} {
		for _, cut := range []struct {
			how string
			src io.Reader
		}{
			{"whole", strings.NewReader(tc.in)},
			{"byte by byte", iotest.OneByteReader(strings.NewReader(tc.in))},
			{"end with the last bytes", iotest.DataErrReader(strings.NewReader(tc.in))},
		} {
			got, s := readFrames(cut.src)
			if strings.Join(got, ",") != tc.want || s.comments != tc.comments {
				t.Errorf("%s, %s: got %q and %d comments, want %q and %d", tc.name, cut.how, strings.Join(got, ","), s.comments, tc.want, tc.comments)
			}
		}
	}
}

func TestSSEKeepsWhatIsNoSSE(t *testing.T) {
	_, s := readFrames(strings.NewReader("{\"error\": {\n\"message\": \"x\"}}\n"))
	if got := string(s.stray); got != "{\"error\": {\n\"message\": \"x\"}}\n" {
		t.Errorf("stray is %q", got)
	}
	_, s = readFrames(strings.NewReader(strings.Repeat(strings.Repeat("x", 999)+"\n", 1000)))
	if len(s.stray) > maxStray+1000 {
		t.Errorf("%d bytes of what is no SSE are kept", len(s.stray))
	}
}

func TestSSEBrokenSource(t *testing.T) {
	cut := errors.New("cut")
	got, _ := readFrames(io.MultiReader(strings.NewReader("data: a\n\ndata: b\n"), iotest.ErrReader(cut)))
	if strings.Join(got, ",") != "|a,cut" {
		t.Errorf("got %q: an event that was not ended is not known to be whole", got)
	}
	got, _ = readFrames(iotest.TimeoutReader(iotest.OneByteReader(strings.NewReader("data: a\n\n"))))
	if len(got) != 1 || got[0] != iotest.ErrTimeout.Error() {
		t.Errorf("got %q", got)
	}
}

// xs is a stream of n bytes of one data line without holding them.
type xs struct{ left int }

func (b *xs) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, io.EOF
	}
	n := copy(p, bytes.Repeat([]byte("x"), min(len(p), b.left)))
	b.left -= n
	return n, nil
}

func TestSSELongLines(t *testing.T) {
	if testing.Short() {
		t.Skip("reads 128 MiB")
	}
	const image = 64 << 20
	s := newSSE(io.MultiReader(strings.NewReader("data: "), &xs{image}, strings.NewReader("\n\ndata: b\n\n")))
	f, err := s.next()
	if err != nil || len(f.data) != image {
		t.Fatalf("a line of 64 MiB: %d bytes, %v", len(f.data), err)
	}
	if f, err = s.next(); err != nil || string(f.data) != "b" || cap(s.data) > 1<<20 {
		t.Errorf("behind it: %q, %v, %d bytes still held", f.data, err, cap(s.data))
	}
	s = newSSE(io.MultiReader(strings.NewReader("data: "), &xs{image + 1<<20}))
	if _, err = s.next(); !errors.Is(err, errTooLong) {
		t.Errorf("a line without an end: %v", err)
	}
}

func TestSSEMemoryIsFlat(t *testing.T) {
	src := strings.NewReader(strings.Repeat("data: {\"choices\":[{\"delta\":{\"content\":\"word\"}}]}\n\n", 20000))
	s := newSSE(src)
	frames := 0
	per := testing.AllocsPerRun(1, func() {
		for {
			if _, err := s.next(); err != nil {
				return
			}
			frames++
		}
	})
	if frames < 10000 || per > 50 || cap(s.buf) > 64<<10 {
		t.Errorf("%d frames, %v allocations, a buffer of %d bytes", frames, per, cap(s.buf))
	}
}

// cutter hands out src in pieces whose sizes are taken from cuts in turn.
type cutter struct {
	src  []byte
	cuts []byte
	i    int
}

func (c *cutter) Read(p []byte) (int, error) {
	if len(c.src) == 0 {
		return 0, io.EOF
	}
	n := 1
	if len(c.cuts) > 0 {
		n += int(c.cuts[c.i%len(c.cuts)])
		c.i++
	}
	n = copy(p, c.src[:min(n, len(c.src))])
	c.src = c.src[n:]
	return n, nil
}

// FuzzSSE: how a stream is cut into packets changes nothing.
func FuzzSSE(f *testing.F) {
	files, err := filepath.Glob("../../testdata/wire/*/*.txt")
	if err != nil || len(files) == 0 {
		f.Fatalf("no seeds: %v", err)
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw, []byte{0, 3, 16})
	}
	f.Add([]byte("\xEF\xBB\xBFdata: a\r\rdata:b\r\n\n:c\ndata"), []byte{0})
	f.Fuzz(func(t *testing.T, in, cuts []byte) {
		whole, one := readFrames(bytes.NewReader(in))
		pieces, two := readFrames(&cutter{src: in, cuts: cuts})
		if fmt.Sprint(whole) != fmt.Sprint(pieces) || one.comments != two.comments || !bytes.Equal(one.stray, two.stray) {
			t.Errorf("whole %q, in pieces %q", whole, pieces)
		}
	})
}

// FuzzCodecs: whatever comes, a codec neither panics nor calls an answer
// complete that has no proof.
func FuzzCodecs(f *testing.F) {
	f.Add([]byte(`{"choices":[{"delta":{"content":"a"},"finish_reason":"stop"}]}`), "")
	f.Add([]byte(`{"type":"content_block_delta","delta":{"text":"a"}}`), "content_block_delta")
	f.Add([]byte(`{"choices":[{"index":-3,"message":{"content":[{"thinking":[{"text":"a"}]}]}}],"error":null}`), "message")
	f.Fuzz(func(t *testing.T, in []byte, event string) {
		for _, c := range []codec{&openai{}, &anthropic{}} {
			c.frame(frame{event: event, data: in}, func(e llm.Event) { _ = line(e) })
			_, _, complete := c.proof(func(llm.Event) {})
			if complete && !bytes.Contains(in, []byte("finish_reason")) && !bytes.Contains(bytes.ToLower(in), []byte("finish")) && event != "message_stop" && !bytes.Contains(in, []byte("message_stop")) && !bytes.Contains(in, []byte(`\u`)) {
				t.Errorf("complete without a proof: %q %q", event, in)
			}
			c.whole(in, func(llm.Event) {})
		}
	})
}

func BenchmarkSSE(b *testing.B) {
	in := []byte(strings.Repeat("data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"word\"},\"finish_reason\":null}]}\n\n", 1000))
	b.SetBytes(int64(len(in)))
	b.ReportAllocs()
	for b.Loop() {
		s := newSSE(bytes.NewReader(in))
		for {
			if _, err := s.next(); err != nil {
				break
			}
		}
	}
}

func BenchmarkOpenAIStream(b *testing.B) {
	in := []byte(strings.Repeat("data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"word\"},\"finish_reason\":null}],\"usage\":null}\n\n", 1000))
	b.SetBytes(int64(len(in)))
	b.ReportAllocs()
	for b.Loop() {
		s, c := newSSE(bytes.NewReader(in)), &openai{}
		for {
			f, err := s.next()
			if err != nil {
				break
			}
			c.frame(f, func(llm.Event) {})
		}
	}
}
