// Package config is the language of the config file: LiteLLM's schema, with
// file, line and column on every node, and the lint of it.
//
// It reads bytes it is given. It chooses no key and no base, and it does not
// know the environment beyond the questions it is handed.
//
// The one rule: where a value stood is never forgotten, and a value that may be
// a credential leaves this package only as a secret.Secret.
package config

import (
	"github.com/llmctl/llmctl/pkg/fault"
)

// Pos is a place in a file. Line and Column count from 1, Column in runes.
// The zero Pos is no place.
type Pos struct {
	File   string
	Line   int
	Column int
}

// Status says what became of a config file that was looked at.
type Status string

// The statuses of a file.
const (
	Read     Status = "read"
	Included Status = "included"
	NotFound Status = "not found"
	Broken   Status = "broken"
)

// File is one config file that was looked at.
type File struct {
	Path   string `json:"path"`
	Status Status `json:"status"`
}

// Config is what the files say, merged as LiteLLM merges them (an included
// file's list extends the list; any other value of it replaces the main one's).
// A nil *Config is an empty one: every method works on it.
type Config struct {
	Path  string // main file; "" when there is none
	Files []File

	Models      []Model
	Credentials []Credential
	Environment []Field // environment_variables, in order

	Litellm     *Node // litellm_settings; nil when absent, as the next ones
	Router      *Node // router_settings
	General     *Node // general_settings
	Preferences *Node // llmctl
	Tools       *Node // tools
	Providers   *Node // providers
	Root        *Node // the main file, whole

	Ignores []Ignore // "# llmctl:ignore CODE reason" comments

	top      []Field                          // the merged top level
	lines    map[string][]string              // file → lines, for snippets
	hidden   map[string]func() map[int][]span // file → line → where credentials stand
	problems []fault.Finding                  // found while reading; Lint returns them first
}

// Model is one entry of model_list: one deployment.
type Model struct {
	Name   string // model_name; "" when it is missing
	Pos    Pos    // of the entry
	Params *Node  // litellm_params; nil when missing
	Info   *Node  // model_info; nil when missing
	Node   *Node  // the whole entry
}

// Credential is one entry of credential_list.
type Credential struct {
	Name   string
	Pos    Pos
	Values *Node // credential_values
}

// Ignore is a comment that suppresses a code. It stands on the line of the
// finding, or on a line of its own above it.
type Ignore struct {
	Pos    Pos
	Code   fault.Code
	Reason string
}
