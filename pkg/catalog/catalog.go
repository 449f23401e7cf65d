// Package catalog is the table of models: window, price, capabilities, with
// source and date.
//
// It is figures that were published, not a promise: what a provider really
// serves is asked of the provider. It chooses nothing and calls nobody.
//
// The one rule: a figure that is not known is absent, never zero.
package catalog

import (
	"slices"
	"strings"

	"github.com/llmctl/llmctl/pkg/provider"
)

// Model is one row. Provider is the name of a provider's row.
type Model struct {
	Provider string
	Name     string // as it is sent: "claude-sonnet-4-5"
	Mode     Mode
	Released string // YYYY-MM-DD or YYYY-MM; "" = unknown

	Context int // tokens of prompt and answer together; 0 = unknown
	Output  int // tokens of one answer at most; 0 = unknown

	// Prices are list prices in US dollars per million tokens. nil = unknown,
	// which is not free.
	Input, Answer, CacheRead, CacheWrite *float64

	Known       bool // whether the capabilities are known; false = all of them say nothing
	Reasoning   bool
	Tools       bool
	Temperature bool     // whether the parameter is accepted
	Inputs      []string // "text", "image", "audio", "video", "pdf"
	Outputs     []string // likewise

	Status string // "", "beta", "deprecated"
	Source string
	Date   string // YYYY-MM-DD, when the figures were published
}

// Mode is what a model is for. Its text is LiteLLM's model_info.mode.
type Mode string

// The modes. Only Chat answers a chat.
const (
	Chat          Mode = "chat"
	Embedding     Mode = "embedding"
	Rerank        Mode = "rerank"
	Image         Mode = "image_generation"
	Video         Mode = "video_generation"
	Speech        Mode = "audio_speech"
	Transcription Mode = "audio_transcription"
)

// All is the table, by provider and name. It is parsed once, at first use; the
// slice is the caller's, what its rows point to is not.
func All() []Model { return slices.Clone(table().models) }

// Of lists the models of one provider, by name.
func Of(row string) []Model {
	found := []Model{}
	for _, m := range table().models {
		if m.Provider == row {
			found = append(found, m)
		}
	}
	return found
}

// Find looks one model up. Upper and lower case are the same.
func Find(row, model string) (Model, bool) {
	i, ok := table().at[row+"/"+strings.ToLower(model)]
	if !ok {
		return Model{}, false
	}
	return table().models[i], true
}

// Providers lists the providers whose catalog has a bare model name, in the
// order of the table of providers. Providers where the customer chooses the name
// (Azure: it is the deployment's) or where the server is the user's own have no
// names, so that gpt-4o means OpenAI's.
func Providers(model string) []string {
	found := []string{}
	for _, row := range table().order {
		if _, ok := Find(row, model); ok && !customers(row) {
			found = append(found, row)
		}
	}
	return found
}

// customers are the providers whose names the customer chooses.
func customers(row string) bool {
	return row == "azure" || row == "azure_ai" || row == "databricks" || row == "lm_studio"
}

// order is the providers of the models in the order of the table of providers.
func order(models []Model) []string {
	has := map[string]bool{}
	for _, m := range models {
		has[m.Provider] = true
	}
	rows := []string{}
	for _, p := range provider.All() {
		if has[p.Name] {
			rows = append(rows, p.Name)
		}
	}
	return rows
}
