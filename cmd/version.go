package cmd

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/llmctl/llmctl/pkg/report"
)

func newVersion(a *app) *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Print the version",
		GroupID: "more",
		Long: `Prints version, commit and build date. It reads nothing and contacts nobody.

` + exitCodes,
		Example: `  llmctl version
  llmctl version --json
  llmctl --version`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error { return runVersion(a) },
	}
}

// version is the document llmctl.version/v1.
type version struct {
	Schema  string `json:"schema"`
	Version string `json:"version"`
	Commit  string `json:"commit"`
	Date    string `json:"date"`
}

func runVersion(a *app) error {
	b := a.sys.Build
	if a.flags.output == "json" {
		return report.JSON(a.sys.Stdout, version{"llmctl.version/v1", b.Version, b.Commit, b.Date})
	}
	_, err := fmt.Fprint(a.sys.Stdout, b.line())
	return err
}

// line is what version prints, and --version.
func (b Build) line() string {
	line := "llmctl " + b.Version
	if b.Commit != "" {
		line += " (" + b.Commit[:min(12, len(b.Commit))]
		if b.Date != "" {
			line += ", " + b.Date
		}
		line += ")"
	}
	return line + "\n"
}
