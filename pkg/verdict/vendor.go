package verdict

import "strings"

// vendor is a label of rules and the providers and hosts that it stands for.
type vendor struct {
	name      string
	providers string // LiteLLM's provider ids
	hosts     string // exact, or ".suffix"
	marks     string // what a LiteLLM exception or OpenRouter calls it, lower case
}

// vendors labels who answers. It is no table of providers: only vendors that
// rules tell apart stand here. The host decides before the provider's name,
// because a base may lead anywhere.
func vendors() []vendor {
	return []vendor{
		{"openai", "openai text-completion-openai", "api.openai.com .api.openai.com", "openai"},
		{"anthropic", "anthropic anthropic_text", "api.anthropic.com", "anthropic"},
		{"gemini", "gemini", "generativelanguage.googleapis.com", "gemini"},
		{"vertex", "vertex_ai vertex_ai_beta vertex", "aiplatform.googleapis.com .aiplatform.googleapis.com -aiplatform.googleapis.com .rep.googleapis.com", "vertex_ai vertexai"},
		{"azure", "azure azure_ai azure_text azure-openai", ".openai.azure.com .cognitiveservices.azure.com .services.ai.azure.com", "azure"},
		{"bedrock", "bedrock bedrock_converse sagemaker", ".amazonaws.com", "bedrock"},
		{"groq", "groq", "api.groq.com", "groq"},
		{"xai", "xai", "api.x.ai .api.x.ai", "xai"},
		{"deepseek", "deepseek", "api.deepseek.com", "deepseek"},
		{"openrouter", "openrouter", "openrouter.ai", "openrouter"},
		{"together", "together_ai together", "api.together.xyz api.together.ai", "together_ai together"},
		{"mistral", "mistral codestral", "api.mistral.ai codestral.mistral.ai", "mistral"},
		{"cohere", "cohere cohere_chat", "api.cohere.com api.cohere.ai", "cohere"},
		{"huggingface", "huggingface", "huggingface.co .huggingface.co", "huggingface"},
		{"perplexity", "perplexity", "api.perplexity.ai", "perplexity"},
		{"nvidia", "nvidia_nim nvidia", "integrate.api.nvidia.com .api.nvidia.com", "nvidia_nim"},
		{"github", "github github_copilot github-models", "models.inference.ai.azure.com models.github.ai", "github"},
		{"fireworks", "fireworks_ai fireworks", "api.fireworks.ai", "fireworks_ai"},
		{"replicate", "replicate", "api.replicate.com", "replicate"},
		{"lmstudio", "lm_studio lmstudio", "", "lm_studio"},
		{"ollama", "ollama ollama_chat", "ollama.com", "ollama"},
		{"litellm", "litellm_proxy litellm", "", "litellm"},
	}
}

// vendorOf names who answered; "" means nobody that rules know.
func vendorOf(a Answer) string {
	host := strings.ToLower(strings.TrimSuffix(a.Host, "."))
	all := vendors()
	for _, v := range all {
		for h := range strings.FieldsSeq(v.hosts) {
			if host == h || (h[0] == '.' || h[0] == '-') && strings.HasSuffix(host, h) {
				return v.name
			}
		}
	}
	name := strings.ToLower(a.Provider)
	for _, v := range all {
		if listed(v.providers, name) {
			return v.name
		}
	}
	return ""
}

// vendorBehind turns a gateway's name for a provider ("OpenAI", "VertexAI")
// into ours.
func vendorBehind(mark string) string {
	mark = strings.ToLower(mark)
	for _, v := range vendors() {
		if listed(v.marks, mark) {
			return v.name
		}
	}
	return ""
}

// listed reports whether word is one of the words of list. An empty word is in
// no list.
func listed(list, word string) bool {
	if word == "" {
		return false
	}
	for w := range strings.FieldsSeq(list) {
		if w == word {
			return true
		}
	}
	return false
}
