package provider

import "strings"

// EmbeddingName reports whether a model's name says that it makes embeddings,
// not text: "openai/text-embedding-3-small", "embed-v4.0", "voyage-3". It looks
// at the name alone, so an unknown name is not one.
func EmbeddingName(model string) bool {
	name := strings.ToLower(model)
	if i := strings.LastIndexByte(name, '/'); i >= 0 {
		name = name[i+1:]
	}
	if strings.Contains(name, "rerank") {
		return false
	}
	for _, part := range []string{"embed", "all-minilm", "sentence-transformer", "-bge-", "-gte-"} {
		if strings.Contains(name, part) {
			return true
		}
	}
	for _, front := range []string{"voyage-", "bge-", "gte-", "e5-", "multilingual-e5", "uae-large"} {
		if strings.HasPrefix(name, front) {
			return true
		}
	}
	return false
}
