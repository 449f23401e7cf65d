package wire

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/llmctl/llmctl/pkg/fault"
	"github.com/llmctl/llmctl/pkg/resolve"
	"github.com/llmctl/llmctl/pkg/verdict"
)

// judge says what the answer to a probe means. A 200 is a claim: it is
// believed when the body is JSON and does not take it back.
func judge(r *resolve.Resolution, a *answer, body []byte, cut bool) verdict.Verdict {
	if v, ok := plainToTLS(a, body); ok {
		return v
	}
	v := verdict.Classify(a.ask(r, body, true))
	if a.status < 200 || a.status > 299 {
		if v.Code == "" { // a status that nobody has a word for is no success
			v.Code, v.DecidedBy = "answer.unknown", "status "+strconv.Itoa(a.status)
		}
		return v
	}
	if v.Code != "" {
		return v
	}
	switch kind(body) {
	case blank:
		return verdict.Verdict{Code: "answer.empty", Key: fault.Unsaid, DecidedBy: "empty body", RequestID: v.RequestID}
	case object:
		return takenBack(v, body)
	case list:
		if cut || json.Valid(body) {
			return v
		}
	default:
	}
	return verdict.Verdict{Code: "answer.not-api", Key: fault.Unsaid, DecidedBy: "body is not JSON", Detail: contentType(a), RequestID: v.RequestID}
}

// takenBack looks for what is no JSON, and for an error that package verdict
// let pass. A body that was cut at the limit cannot be read and is believed: no
// error is that long.
func takenBack(v verdict.Verdict, body []byte) verdict.Verdict {
	var fields map[string]json.RawMessage
	if json.Unmarshal(body, &fields) != nil {
		if len(body) < maxBody {
			v.Code, v.DecidedBy = "answer.not-api", "body is not JSON"
		}
		return v
	}
	if raw, ok := fields["error"]; ok && said(raw) {
		v.Code, v.DecidedBy, v.Key = "answer.unknown", "error inside a 200", fault.Unsaid
		v.Detail = short(errorText(raw), 200)
	}
	return v
}

// plainToTLS finds a TLS port that answers http in clear text.
// Sources: Go net/http server, nginx and Apache error pages.
func plainToTLS(a *answer, body []byte) (verdict.Verdict, bool) {
	if a.status != 400 || !strings.HasPrefix(a.url, "http://") {
		return verdict.Verdict{}, false
	}
	low := bytes.ToLower(body)
	for _, t := range []string{"http request to an https server", "plain http request was sent to https port", "speaking plain http to an ssl-enabled server port"} {
		if bytes.Contains(low, []byte(t)) {
			return verdict.Verdict{Code: "net.scheme", Key: fault.Unsaid, Detail: "it speaks https and was called with http", DecidedBy: "status 400 and its text", Certain: true}, true
		}
	}
	return verdict.Verdict{}, false
}

// shape is the kind of a body by its first character.
type shape int

const (
	blank shape = iota
	object
	list
	markup
	frames
	other
)

func kind(body []byte) shape {
	t := bytes.TrimLeft(bytes.TrimPrefix(body, []byte("\xEF\xBB\xBF")), " \t\r\n")
	switch {
	case len(t) == 0:
		return blank
	case t[0] == '{':
		return object
	case t[0] == '[':
		return list
	case t[0] == '<':
		return markup
	case t[0] == ':':
		return frames
	}
	for _, field := range []string{"data:", "event:", "id:", "retry:"} {
		if bytes.HasPrefix(t, []byte(field)) {
			return frames
		}
	}
	return other
}

// models reads the ids of a list: OpenAI's {data:[{id}]}, Together's bare
// array, Gemini's, Cohere's and Ollama's {models:[{name}]}, Bedrock's
// {modelSummaries:[{modelId}]}. whole is false when the answer says that there
// are more pages.
func models(body []byte) (ids []string, whole bool) {
	type entry struct{ ID, Name, ModelID string }
	var page struct {
		Data, Models, ModelSummaries []entry
		HasMore                      bool   `json:"has_more"`
		NextPageToken                string `json:"nextPageToken"`
		NextToken                    string `json:"next_page_token"`
	}
	if kind(body) == list {
		if json.Unmarshal(body, &page.Data) != nil {
			return nil, false
		}
	} else if json.Unmarshal(body, &page) != nil {
		return nil, false
	}
	ids = []string{}
	for _, group := range [][]entry{page.Data, page.Models, page.ModelSummaries} {
		for _, e := range group {
			if id := or(e.ID, or(e.ModelID, strings.TrimPrefix(e.Name, "models/"))); id != "" {
				ids = append(ids, id)
			}
		}
	}
	return ids, !page.HasMore && page.NextPageToken == "" && page.NextToken == ""
}

// said reports whether raw holds anything: null, "", {} and [] do not.
func said(raw json.RawMessage) bool {
	switch string(bytes.TrimSpace(raw)) {
	case "", "null", `""`, "{}", "[]", "false":
		return false
	}
	return true
}

// errorText digs the message out of the value of an error field.
func errorText(raw json.RawMessage) string {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return text
	}
	var fields struct {
		Message, Msg, Detail json.RawMessage
	}
	if json.Unmarshal(raw, &fields) == nil {
		for _, m := range []json.RawMessage{fields.Message, fields.Msg, fields.Detail} {
			if said(m) {
				return errorText(m)
			}
		}
	}
	return string(raw)
}

// answered is the sentence for an answer that is no good.
func answered(a *answer, v verdict.Verdict) string {
	text := a.method + " " + a.url + " answered " + strconv.Itoa(a.status)
	if v.Detail != "" {
		text += ": " + v.Detail
	}
	if v.WaitMS > 0 {
		text += " (wait " + strconv.FormatInt((v.WaitMS+999)/1000, 10) + " s)"
	}
	return text
}

// contentType is the media type of an answer without its parameters.
func contentType(a *answer) string {
	t, _, _ := strings.Cut(a.header.Get("Content-Type"), ";")
	return strings.ToLower(strings.TrimSpace(t))
}

// short cuts text to n runes and puts it on one line.
func short(text string, n int) string {
	text = strings.Join(strings.Fields(text), " ")
	if r := []rune(text); len(r) > n {
		return string(r[:n]) + "…"
	}
	return text
}
