// Command llmctl calls LLM providers and diagnoses why a call does not work.
package main

import (
	"os"

	"github.com/llmctl/llmctl/cmd"
)

// Set by the release build with -ldflags -X; empty in a plain go build, where
// the module's own build information is used.
var version, commit, date string

func main() {
	build := cmd.Build{Version: version, Commit: commit, Date: date}
	os.Exit(cmd.Main(cmd.Real(build), os.Args[1:]))
}
