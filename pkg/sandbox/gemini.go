package sandbox

import (
	"encoding/json"
)

type geminiRequest struct {
	Contents []struct {
		Role  string          `json:"role"`
		Parts json.RawMessage `json:"parts"`
	} `json:"contents"`
}

// generate plays :generateContent and :streamGenerateContent. Without alt=sse
// the stream is one JSON array, as it is at Google.
func (v *visit) generate(model string, stream bool) {
	var q geminiRequest
	if !v.body(&q) {
		return
	}
	v.asked(model, stream)
	if len(q.Contents) == 0 {
		v.refuse(invalid("gemini", "* GenerateContentRequest.contents: contents is not specified"))
		return
	}
	if !v.serves(model) {
		v.refuse(noModel("gemini", model))
		return
	}
	said, in := "", 0
	for _, c := range q.Contents {
		t := text(c.Parts)
		in += tokens(t)
		if c.Role == "user" || c.Role == "" {
			said = t
		}
	}
	answer := reply(said)
	g := geminiTurn{model: model, in: in}
	if !stream {
		v.encode(g.part(answer, "STOP", tokens(answer)))
		return
	}
	if v.r.URL.Query().Get("alt") != "sse" {
		v.encode([]any{g.part(answer, "", 1), g.part("", "STOP", tokens(answer))})
		return
	}
	out, n := v.events("\r\n"), 0
	if out.words(answer, func(w string) { n++; out.send("", g.part(w, "", n)) }) {
		out.send("", g.part("", "STOP", tokens(answer)))
	}
}

type geminiTurn struct {
	model string
	in    int
}

// part is one GenerateContentResponse. The usage grows with each.
func (g geminiTurn) part(text, finish string, out int) any {
	candidate := object{"content": object{"role": "model", "parts": []object{{"text": text}}}, "index": 0}
	if finish != "" {
		candidate["finishReason"] = finish
	}
	return object{
		"candidates":    []object{candidate},
		"usageMetadata": object{"promptTokenCount": g.in, "candidatesTokenCount": out, "totalTokenCount": g.in + out},
		"modelVersion":  g.model,
		"responseId":    "sandbox",
	}
}
