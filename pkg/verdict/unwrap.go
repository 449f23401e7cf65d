package verdict

import (
	"bytes"
	"encoding/json"
	entities "html"
	"regexp"
	"strconv"
	"strings"
	"sync"
)

// shape is what a body looks like before anybody asks what it means.
type shape string

const (
	isEmpty  shape = "empty"
	isJSON   shape = "json"
	isHTML   shape = "html"
	isText   shape = "text"
	isXML    shape = "xml"    // an error of AWS's older protocols; other XML is a page
	isStream shape = "stream" // SSE, NDJSON or an AWS event stream
)

// word is a machine-readable word of a body or header, and where it stood.
type word struct{ at, text string }

// said is a body without its wrappers: every provider has its own, gateways put
// one into another, and the meaning is always a few words and a sentence.
type said struct {
	shape    shape
	failed   bool     // the body itself says that it is an error, whatever the status says
	texts    []string // sentences, outermost first
	words    []word   // codes, types, reasons
	quotas   []string // Google's quotaId of each violated quota
	delay    string   // Google's RetryInfo.retryDelay: "34.07s"
	gateway  string   // gateway that passes on somebody else's error: "litellm", "openrouter"
	upstream string   // who is behind the gateway, in the gateway's words
	status   int      // a status that the body repeats or contradicts
	id       string   // request id
	flags    []string // top-level members of a good answer that are worth knowing: "valid=false"
}

// Limits. Sentences are matched, not stored: nothing meaningful comes later.
const (
	maxBody  = 64 << 10 // bytes of a body that are looked at
	maxText  = 4 << 10  // bytes of one sentence
	maxTexts = 12
	maxWords = 40
	maxDepth = 6 // wrappers inside wrappers; three were seen
)

// unwrap reads a body. It accepts anything, also half a document: a list of
// models is often longer than the part that is looked at.
func unwrap(a Answer) said {
	body := a.Body
	if len(body) > maxBody {
		body = body[:maxBody]
	}
	body = bytes.TrimSpace(bytes.TrimPrefix(body, []byte("\xef\xbb\xbf")))
	kind := strings.ToLower(header(a, "Content-Type"))
	s := said{shape: shapeOf(body, kind)}
	s.fromHeaders(a)
	switch s.shape {
	case isJSON:
		s.json(body, a.Status)
	case isStream:
		s.stream(body)
	case isXML:
		s.xml(body)
	case isHTML:
		s.text(title(body))
		s.text(string(body))
	case isText:
		s.text(string(body))
	case isEmpty:
	}
	return s
}

func shapeOf(body []byte, kind string) shape {
	switch {
	case strings.Contains(kind, "event-stream") || strings.Contains(kind, "eventstream") || strings.Contains(kind, "ndjson"):
		if len(body) == 0 {
			return isEmpty
		}
		if body[0] == '<' {
			return isHTML
		}
		return isStream
	case len(body) == 0:
		return isEmpty
	case xmlError().Match(body):
		return isXML
	case body[0] == '<':
		return isHTML
	case bytes.HasPrefix(body, []byte("data:")), bytes.HasPrefix(body, []byte("event:")), body[0] == ':':
		return isStream
	case body[0] == '{':
		if ndjson(body) {
			return isStream
		}
		return isJSON
	case body[0] == '[':
		return isJSON
	case body[0] == '"' && json.Valid(body):
		return isJSON
	}
	return isText
}

// ndjson: a second object begins on a line of its own, without an indent.
func ndjson(body []byte) bool {
	i := bytes.Index(body, []byte("}\n{"))
	return i > 0 && json.Valid(body[:i+1])
}

// xmlError is how an error of AWS's query protocol begins.
// Source: AWS STS API reference, common errors.
var xmlError = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?s)^(?:<\?xml[^>]*>\s*)?<(?:ErrorResponse|Error)[\s>]`)
})

var xmlFields = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?s)<(Code|Message|RequestId)>([^<]*)</`)
})

// xml takes the three fields that such an error has.
func (s *said) xml(body []byte) {
	s.failed = true
	for _, m := range xmlFields().FindAllSubmatch(body, 8) {
		text := entities.UnescapeString(string(m[2]))
		switch string(m[1]) {
		case "Code":
			s.word("Code", text)
		case "Message":
			s.text(text)
		default:
			s.id = text
		}
	}
}

// title is the text of an HTML page's title.
func title(body []byte) string {
	m := titles().FindSubmatch(body)
	if m == nil {
		return ""
	}
	return string(m[1])
}

var titles = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?is)<title[^>]*>(.*?)(?:</title>|$)`)
})

// fromHeaders takes the words that some providers put only there.
// Source: AWS Bedrock error responses (the type has a suffix after a colon).
func (s *said) fromHeaders(a Answer) {
	if t := header(a, "X-Amzn-Errortype"); t != "" {
		t, _, _ = strings.Cut(t, ":")
		s.word("header x-amzn-errortype", t)
	}
}

func (s *said) text(t string) {
	t = strings.TrimSpace(strings.ReplaceAll(t, "’", "'"))
	if t == "" || len(s.texts) >= maxTexts {
		return
	}
	if len(t) > maxText {
		t = t[:maxText]
	}
	for _, seen := range s.texts {
		if seen == t {
			return
		}
	}
	s.texts = append(s.texts, t)
}

func (s *said) word(at, text string) {
	text = strings.TrimSpace(text)
	if text == "" || text == "None" || text == "null" || len(text) > 120 || len(s.words) >= maxWords {
		return
	}
	s.words = append(s.words, word{at, text})
}

// members are the fields of an object in the order in which they came.
type members []member

type member struct {
	name  string
	value any
}

func (m members) get(name string) any {
	for _, x := range m {
		if x.name == name {
			return x.value
		}
	}
	return nil
}

// object decodes the members of an object one by one, so that what stands in
// front of a cut is not lost.
func object(body []byte) members {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return nil
	}
	var out members
	for d.More() && len(out) < 256 {
		key, err := d.Token()
		name, ok := key.(string)
		if err != nil || !ok {
			return out
		}
		var v any
		if d.Decode(&v) != nil {
			return out
		}
		out = append(out, member{name, v})
	}
	return out
}

// first decodes the first element of an array, or a scalar.
func first(body []byte) any {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var v any
	if body[0] == '[' {
		if _, err := d.Token(); err != nil || !d.More() {
			return nil
		}
	}
	if d.Decode(&v) != nil {
		return nil
	}
	return v
}

func (s *said) json(body []byte, status int) {
	switch body[0] {
	case '{':
		s.top(object(body), status)
	case '[':
		if o, ok := first(body).(map[string]any); ok && o["error"] != nil {
			s.failed = true
			s.take("", o, 0)
		}
	default: // a bare string. Source: xAI
		if t, ok := first(body).(string); ok {
			s.failed = true
			s.sentence("body", t, 0)
		}
	}
}

// top reads the outermost object. A good status with an error inside is an
// error; the other shapes are errors only when the status says so, because
// good answers have a "message" and a "type", too.
func (s *said) top(o members, status int) {
	for _, name := range []string{"valid", "is_available", "api_key_blocked", "api_key_disabled", "team_blocked"} {
		if b, ok := o.get(name).(bool); ok {
			s.flags = append(s.flags, name+"="+strconv.FormatBool(b))
		}
	}
	for _, name := range []string{"request_id", "requestId", "RequestId", "id"} {
		if id, ok := o.get(name).(string); ok && s.id == "" && (name != "id" || status >= 400) {
			s.id = id
		}
	}
	s.failed = full(o.get("error")) || full(o.get("Error")) || o.get("type") == "error" || o.get("object") == "error" ||
		o.get("success") == false && full(o.get("errors"))
	if choices, ok := o.get("choices").([]any); ok && len(choices) > 0 {
		if c, ok := choices[0].(map[string]any); ok && full(c["error"]) {
			s.failed = true
			s.take("choices.", map[string]any{"error": c["error"]}, 1)
		}
	}
	if s.failed || status >= 400 {
		all := make(map[string]any, len(o))
		for _, m := range o {
			if _, twice := all[m.name]; !twice {
				all[m.name] = m.value
			}
		}
		s.take("", all, 0)
	}
}

// full reports whether a member says anything: providers send "error": null,
// "" and {} in good answers.
func full(v any) bool {
	switch x := v.(type) {
	case nil:
		return false
	case string:
		return x != ""
	case bool:
		return x
	case map[string]any:
		return len(x) > 0
	case []any:
		return len(x) > 0
	}
	return true
}

// take walks the members that ever carried a meaning, in the order in which
// they should be believed. Everything else is left alone.
func (s *said) take(at string, o map[string]any, depth int) {
	if depth > maxDepth {
		return
	}
	for _, name := range []string{"code", "Code", "type", "status", "reason", "__type", "error_code", "statusCode"} {
		s.label(at+name, o[name])
	}
	for _, name := range []string{"message", "Message", "msg", "error_description", "faultstring", "raw"} {
		if t, ok := o[name].(string); ok {
			s.sentence(at+name, t, depth)
		} else {
			s.into(at+name+".", o[name], depth)
		}
	}
	for _, name := range []string{"error", "Error", "errors", "detail", "title"} {
		if t, ok := o[name].(string); ok {
			if name == "error" && o["error_description"] != nil {
				s.word(at+name, t) // OAuth: a word, not a sentence
			}
			s.sentence(at+name, t, depth)
		} else {
			s.into(at+name+".", o[name], depth)
		}
	}
	for _, name := range []string{"details", "fault", "innererror", "metadata", "response"} {
		s.into(at+name+".", o[name], depth)
	}
	s.google(o)
	if p, ok := o["provider_name"].(string); ok && strings.Contains(at, "metadata") && full(o["raw"]) {
		s.gateway, s.upstream = "openrouter", p
	}
}

// google takes the two details that decide how long a refusal lasts.
func (s *said) google(o map[string]any) {
	if d, ok := o["retryDelay"].(string); ok {
		s.delay = d
	}
	violations, _ := o["violations"].([]any)
	for _, v := range violations {
		if m, ok := v.(map[string]any); ok {
			if id, ok := m["quotaId"].(string); ok {
				s.quotas = append(s.quotas, id)
			}
		}
	}
}

func (s *said) into(at string, v any, depth int) {
	switch x := v.(type) {
	case map[string]any:
		s.take(at, x, depth+1)
	case []any:
		for i, e := range x {
			if i == 8 {
				return
			}
			if m, ok := e.(map[string]any); ok {
				s.take(at, m, depth+1)
			} else if t, ok := e.(string); ok {
				s.text(t)
			}
		}
	}
}

// label takes a code. It may be a string, a number, or a number as a string.
func (s *said) label(at string, v any) {
	switch x := v.(type) {
	case string:
		s.word(at, x)
		s.number(x)
	case json.Number:
		s.word(at, x.String())
		s.number(x.String())
	case float64:
		t := strconv.FormatFloat(x, 'f', -1, 64)
		s.word(at, t)
		s.number(t)
	}
}

func (s *said) number(t string) {
	if n, err := strconv.Atoi(t); err == nil && n >= 400 && n < 600 && s.status == 0 {
		s.status = n
	}
}

// sentence takes a text, and looks whether another error is hidden in it.
func (s *said) sentence(at, t string, depth int) {
	t = strings.TrimSpace(t)
	if depth > maxDepth || t == "" {
		return
	}
	if strings.HasPrefix(t, "{") || strings.HasPrefix(t, "[{") { // Google through an SDK, OpenRouter's raw
		if s.nested(at, t, depth) {
			return
		}
	}
	if strings.HasPrefix(t, "{'") { // a Python dict as text. Source: LiteLLM
		if m := pythonDict().FindStringSubmatch(t); m != nil {
			s.sentence(at, m[1], depth+1)
			return
		}
	}
	if m := litellmError().FindStringSubmatch(t); m != nil {
		s.word("litellm exception", m[1])
		if m[2] != "" {
			s.gateway, s.upstream = "litellm", m[2]
		}
		s.text(t)
		s.sentence(at, cause(m[3]), depth+1)
		return
	}
	s.text(t)
}

// nested decodes an object that stands at the start of a text; text may follow.
func (s *said) nested(at, t string, depth int) bool {
	d := json.NewDecoder(strings.NewReader(t))
	d.UseNumber()
	var v any
	if d.Decode(&v) != nil {
		return false
	}
	before := len(s.texts) + len(s.words)
	s.into(at+".", v, depth)
	return len(s.texts)+len(s.words) > before
}

var pythonDict = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?s)^\{'(?:error|message|detail)': ['"](.*)['"]\}`)
})

// litellmError is how LiteLLM passes on a failure: its own exception, then the
// provider's. Without the second, LiteLLM itself refused.
// Source: LiteLLM 1.109.1 proxy error bodies.
var litellmError = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?s)^(?:\d{3}: )?litellm\.(?:exceptions\.)?([A-Za-z]+): (?:[A-Za-z]+Error: )?(?:([A-Za-z_]+)Exception\s*-\s*)?(.*)$`)
})

// cause is the part of a LiteLLM text in front of what its router adds: a
// failed fallback is printed over the failure that mattered.
func cause(t string) string {
	for _, end := range []string{". Received Model Group=", "Received Model Group=", "\nAvailable Model Group Fallbacks="} {
		if i := strings.Index(t, end); i > 0 {
			t = t[:i]
		}
	}
	return t
}

// stream looks for an error among events or lines.
func (s *said) stream(body []byte) {
	for line := range bytes.SplitSeq(body, []byte("\n")) {
		line = bytes.TrimSpace(bytes.TrimPrefix(bytes.TrimSpace(line), []byte("data:")))
		switch {
		case bytes.HasPrefix(line, []byte("error:")): // some relays send plain words
			s.failed = true
			s.text(string(line))
		case bytes.HasPrefix(line, []byte("{")) && bytes.Contains(line, []byte(`"error"`)):
			s.top(object(line), 200)
		}
		if s.failed {
			return
		}
	}
}

// header is the first value of a header, whatever its spelling.
func header(a Answer, name string) string {
	for k, v := range a.Header {
		if len(v) > 0 && strings.EqualFold(k, name) {
			return v[0]
		}
	}
	return ""
}
