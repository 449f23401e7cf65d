package resolve

import (
	"slices"
	"strings"

	"github.com/llmctl/llmctl/pkg/config"
	"github.com/llmctl/llmctl/pkg/fault"
	"github.com/llmctl/llmctl/pkg/provider"
	"github.com/llmctl/llmctl/pkg/secret"
)

// chooseModel finds the row and the name that is sent.
func (x *index) chooseModel(d *deployment) {
	if d.model == "" {
		x.note(d, "config.model-missing", d.place, "no litellm_params.model", true)
		return
	}
	if f := d.params.Field("custom_llm_provider"); f != nil && f.Value.Text() != "" {
		x.customProvider(d, f)
		return
	}
	ref := ParseRef(d.model)
	if ref.Provider == "" {
		x.bareModel(d)
		return
	}
	row, ok := x.row(ref.Provider)
	if !ok {
		x.unknownProvider(d, ref.Provider, d.place)
		return
	}
	d.row, d.upstream = row, ref.Model
	if ref.Model == "" {
		x.note(d, "model.unknown", d.place, "nothing stands after the slash of "+d.model, true)
	}
}

// customProvider: the deployment names the row apart from the model. The prefix
// is cut only when it is the same row's. Source: LiteLLM, get_llm_provider.
func (x *index) customProvider(d *deployment, f *config.Field) {
	o := at(Deployment, f.Name, f.Value.Pos(), f.Pos)
	row, ok := x.row(f.Value.Text())
	if !ok {
		x.unknownProvider(d, f.Value.Text(), o)
		return
	}
	d.row, d.upstream = row, d.model
	if ref := ParseRef(d.model); ref.Provider != "" {
		if same, ok := x.row(ref.Provider); ok && same == row {
			d.upstream = ref.Model
		}
	}
}

// bareModel: a name without a provider is accepted when exactly one catalog has
// it, and the guess is said. "*" alone is OpenAI's, as LiteLLM has it.
func (x *index) bareModel(d *deployment) {
	d.upstream = d.model
	if d.model == "*" {
		if row, ok := x.row("openai"); ok {
			d.row = row
		}
		return
	}
	names := x.known(d.model)
	switch len(names) {
	case 1:
		row, ok := x.row(names[0])
		if !ok {
			break
		}
		d.row = row
		x.note(d, "model.bare", d.place, d.model+" is taken for "+row.Name+"/"+d.model, false).Fix.Summary = "write " + row.Name + "/" + d.model
		return
	case 0:
		x.unknownModel(d)
		return
	}
	full := make([]string, len(names))
	for i, n := range names {
		full[i] = n + "/" + d.model
	}
	x.note(d, "model.ambiguous", d.place, d.model+" is in the catalogs of "+strings.Join(names, ", "), true).Fix.Summary =
		"write one of " + strings.Join(full[:min(3, len(full))], ", ")
}

// unknownModel: nobody is known to have the name. It may be new or retired, so
// that its form says more than the names that are near to it.
func (x *index) unknownModel(d *deployment) {
	f := x.note(d, "model.unknown", d.place, "no provider's catalog has "+d.model, true)
	if near := x.near(d.model); len(near) > 0 {
		f.Detail += "; near: " + strings.Join(near, ", ")
		f.Fix.Summary = "write provider/model, perhaps " + near[0]
	}
	if row := byForm(d.model); row != "" {
		f.Fix.Summary = "write " + row + "/" + d.model + " if " + row + " still serves it"
	}
	if x.cfg == nil {
		return
	}
	if d.group == "" {
		x.meantName(d, f)
	}
	for _, m := range x.cfg.Find(d.model) {
		if m.Pos != d.entry.Pos { // its own name says nothing
			f.Detail += "; it is the model_name of the deployment at " + at(Deployment, "", m.Pos, m.Pos).Place()
			f.Fix.Summary = "write that deployment's provider/model here too, or make this name an alias: router_settings.model_group_alias"
			return
		}
	}
}

// meantName: who asks for "claud" mostly means the config's "claude".
func (x *index) meantName(d *deployment, f *note) {
	least := max(1, len(d.model)/3) + 1
	for _, m := range x.cfg.Models {
		if far := provider.Distance(strings.ToLower(d.model), strings.ToLower(m.Name)); far < least {
			least = far
			f.Fix.Summary = "did you mean " + m.Name + "? it is a model_name of " + x.cfg.Path
		}
	}
}

// byForm is the provider whose names have the form of this one; "" when the
// form is nobody's own.
// Source: LiteLLM 1.109.1, get_llm_provider, executed 2026-11-21 (claude- and
// the vendors of Bedrock), and the vendors' lists of models.
func byForm(model string) string {
	for _, f := range []struct{ start, row string }{
		{"claude-", "anthropic"}, {"gpt-", "openai"}, {"chatgpt-", "openai"}, {"o1-", "openai"}, {"o3-", "openai"}, {"o4-", "openai"},
		{"gemini-", "gemini"}, {"grok-", "xai"}, {"command-", "cohere"}, {"mistral-", "mistral"}, {"codestral-", "mistral"},
		{"deepseek-", "deepseek"},
	} {
		if strings.HasPrefix(model, f.start) {
			return f.row
		}
	}
	words := strings.SplitN(model, ".", 3)
	if slices.Contains([]string{"us", "eu", "apac", "au", "jp", "ca", "global"}, words[0]) {
		words = words[1:]
	}
	if len(words) > 1 && slices.Contains([]string{"anthropic", "amazon", "meta", "mistral", "cohere", "ai21", "deepseek"}, words[0]) {
		return "bedrock"
	}
	return ""
}

func (x *index) near(model string) []string {
	if x.t.Nearest == nil {
		return nil
	}
	near := x.t.Nearest(model, 3)
	return near[:min(3, len(near))]
}

func (x *index) unknownProvider(d *deployment, name string, o Origin) {
	d.upstream = d.model
	detail := "no provider is called " + clip(name)
	var near []string
	if len(name) > 3 { // every short name is near to some other
		near = provider.Nearest(x.t.Providers, clip(name), 3)
	}
	if len(near) > 0 {
		detail += "; near: " + strings.Join(near, ", ")
	}
	f := x.note(d, "model.unknown-provider", o, detail, true)
	if len(near) > 0 {
		f.Fix.Summary = "write " + near[0] + "/…, or openai/<model> with api_base for a compatible host"
	} else if full := x.near(d.model); len(full) > 0 {
		f.Fix.Summary = "put the provider in front, perhaps " + full[0] + ", or openai/ with api_base for a compatible host"
	}
}

// clip keeps what people wrote short enough to be read in a sentence, and a key
// that was written in the wrong place unread.
func clip(s string) string {
	if secret.LooksLikeKey(s) {
		return secret.New(s).Fingerprint()
	}
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}

// upstreamName cuts what LiteLLM's names carry beyond the model: routes, and a
// region in front. It returns the region when one stood there.
// Source: LiteLLM 1.109.1, bedrock and azure chat transformations.
func upstreamName(p *provider.Provider, model string) (name, region string) {
	var routes []string
	switch p.Wire {
	case provider.BedrockConverse:
		routes = []string{"converse_like/", "converse/", "invoke/"}
	case provider.AzureOpenAI:
		routes = []string{"o_series/", "gpt5_series/", "responses/"}
	case provider.OpenAIChat, provider.OpenAIResponses:
		if p.Name == "openai" {
			routes = []string{"responses/"}
		}
	case provider.Gemini:
		routes = []string{"models/"}
	case provider.Anthropic, provider.VertexGemini, provider.Ollama, provider.Cohere, provider.Other:
	}
	for _, r := range routes {
		model = strings.TrimPrefix(model, r)
	}
	if p.Wire == provider.BedrockConverse {
		return bedrockRegion(model)
	}
	return model, ""
}

// bedrockRegion reads the region out of "us-west-2/anthropic.claude…" and out
// of an ARN, which stays whole.
func bedrockRegion(model string) (name, region string) {
	if strings.HasPrefix(model, "arn:") {
		if parts := strings.SplitN(model, ":", 5); len(parts) == 5 && isRegion(parts[3]) {
			return model, parts[3]
		}
		return model, ""
	}
	if head, rest, ok := strings.Cut(model, "/"); ok && isRegion(head) {
		return rest, head
	}
	return model, ""
}

// isRegion recognises "us-east-1" and "us-gov-west-1".
func isRegion(s string) bool {
	parts := strings.Split(s, "-")
	last := parts[len(parts)-1]
	if len(parts) < 3 || len(parts) > 4 || len(parts[0]) != 2 || len(last) != 1 || last < "0" || last > "9" {
		return false
	}
	return strings.Trim(s, "abcdefghijklmnopqrstuvwxyz-0123456789") == ""
}

// modelText reads litellm_params.model, a reference included.
func (x *index) modelText(d *deployment) {
	f := d.params.Field("model")
	if f == nil {
		return
	}
	d.place = at(Deployment, "model", f.Value.Pos(), f.Pos)
	text := strings.TrimSpace(f.Value.Text())
	if ref, ok := config.ParseReference(text); ok && strings.HasPrefix(text, "os.environ/") {
		s := x.settingSlot(Deployment, "model", f, f.Pos, true)
		if s.state == Unresolved || s.keyish {
			x.note(d, "config.reference-unset", d.place, "model refers to "+ref.Name+": "+s.reason, true)
			d.model = ""
			d.noModel = true
			return
		}
		text = s.text
	}
	d.model = text
}

// has reports whether a note with that code was made.
func (d *deployment) has(code fault.Code) bool {
	return slices.ContainsFunc(d.notes, func(n *note) bool { return n.Code == code })
}
