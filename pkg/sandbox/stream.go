package sandbox

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
)

// sse is a stream of events.
type sse struct {
	v    *visit
	end  string // line end
	gone bool
}

// events starts a stream.
func (v *visit) events(end string) *sse {
	v.w.Header().Set("Content-Type", "text/event-stream")
	v.w.Header().Set("Cache-Control", "no-cache")
	v.answered(http.StatusOK)
	v.w.WriteHeader(http.StatusOK)
	return &sse{v: v, end: end}
}

// send writes one event and flushes it. name "" leaves the event line out.
func (s *sse) send(name string, data any) {
	if s.gone {
		return
	}
	text, ok := data.(string)
	if !ok {
		b, err := json.Marshal(data)
		if err != nil {
			s.gone = true
			return
		}
		text = string(b)
	}
	if name != "" {
		name = "event: " + name + s.end
	}
	if _, err := fmt.Fprint(s.v.w, name, "data: ", text, s.end, s.end); err != nil {
		s.gone = true
		return
	}
	if f, ok := s.v.w.(http.Flusher); ok {
		f.Flush()
	}
}

// words sends an answer word by word through put. It returns false when the
// stream must end here: the caller is gone, or the behaviour is to cut it.
func (s *sse) words(answer string, put func(word string)) bool {
	words := strings.SplitAfter(answer, " ")
	for i, w := range words {
		if s.v.how == Cut && i >= (len(words)+1)/2 {
			return false
		}
		if i > 0 && !s.v.pause(s.v.options.Pace) {
			s.gone = true
		}
		if s.gone {
			return false
		}
		put(w)
	}
	return s.v.how != Cut
}

// reply is what the sandbox says: a few words of what was said to it.
func reply(last string) string {
	words := strings.Fields(last)
	if len(words) == 0 {
		return "You said nothing."
	}
	if len(words) > 12 {
		words = append(words[:12:12], "…")
	}
	return "You said: " + strings.Join(words, " ")
}

// tokens counts words, which is all the sandbox can do.
func tokens(t string) int { return max(1, len(strings.Fields(t))) }

// text reads a content that is a string or a list of parts with text.
func text(raw json.RawMessage) string {
	var t string
	if json.Unmarshal(raw, &t) == nil {
		return t
	}
	var parts []struct {
		Text string `json:"text"`
	}
	if json.Unmarshal(raw, &parts) != nil {
		return ""
	}
	var all []string
	for _, p := range parts {
		if p.Text != "" {
			all = append(all, p.Text)
		}
	}
	return strings.Join(all, " ")
}
