package cmd

import (
	"context"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/llmctl/llmctl/pkg/check"
	"github.com/llmctl/llmctl/pkg/fault"
	"github.com/llmctl/llmctl/pkg/report"
	"github.com/llmctl/llmctl/pkg/resolve"
)

type doctorOptions struct {
	only, skip, ignore []string
	failOn             string
	concurrency        int
	listChecks         bool
	demo               bool
}

func newDoctor(a *app) *cobra.Command {
	o := doctorOptions{}
	c := &cobra.Command{
		Use:     "doctor [MODEL...]",
		Short:   "Check every model, key and address, and prove it live",
		GroupID: "see",
		Long: `Traces key and base of every deployment of the config, or of every provider
with a key when there is none; checks the config, the keys and the .env files;
then asks each provider whether the key is good. Only free calls are made, and
each key goes only to the address it was resolved for.

It reads the config, .env files upward to the repository root, the environment
and the key store. It changes nothing, and --offline keeps it off the network.

A check ends as ok, info, warning, error, unknown (could not be established),
skipped (with the reason) or crashed. Doctor ends with 0, 1, 2, 3, 10, 124 or
130; the causes are in its document.

` + exitCodes,
		Example: `  llmctl doctor
  llmctl doctor claude gpt-4o --offline
  llmctl doctor --json | jq '.findings[] | {code, deployment, detail}'
  llmctl doctor --fail-on warn --ignore key.shadowed=claude
  llmctl doctor --demo`,
		RunE: func(c *cobra.Command, args []string) error { return runDoctor(c.Context(), a, o, args) },
	}
	f := c.Flags()
	f.StringSliceVar(&o.only, "only", nil, "run only these checks (names or globs, see --list-checks)")
	f.StringSliceVar(&o.skip, "skip", nil, "leave out these checks")
	f.StringArrayVar(&o.ignore, "ignore", nil, "count findings of CODE[=DEPLOYMENT] no more; they stay visible")
	f.StringVar(&o.failOn, "fail-on", "", "end with 1 from this severity on: warn or error; or with 10 on unknown (default error)")
	f.IntVar(&o.concurrency, "concurrency", 0, "probes at the same time (default 16)")
	f.BoolVar(&o.listChecks, "list-checks", false, "list the checks and end")
	f.BoolVar(&o.demo, "demo", false, "diagnose a built-in project with typical mistakes, on a sandbox on this machine")
	c.ValidArgsFunction = a.completeModels
	for _, flag := range []string{"only", "skip"} {
		_ = c.RegisterFlagCompletionFunc(flag, completeChecks) // fails for a flag that is not there
	}
	return c
}

func runDoctor(ctx context.Context, a *app, o doctorOptions, models []string) error {
	if o.listChecks {
		return a.listChecks()
	}
	if o.demo {
		stop, err := a.enterDemo()
		if err != nil {
			return err
		}
		defer stop()
	}
	core, err := a.load(ctx, !a.flags.offline)
	if err != nil {
		return err
	}
	subjects := a.subjects(core, models)
	in := a.checkInput(core, o, subjects)
	if len(models) > 0 || a.flags.model != "" {
		in.ConfigFindings = about(subjects, in.ConfigFindings)
	}
	progress := a.progress()
	in.Observe = progress.observe
	result, err := check.Run(ctx, in)
	progress.done()
	if err != nil {
		return err
	}
	doc := report.NewDoctor(a.sys.Build.Version, in, result)
	if err := a.printDoctor(core, doc, o.demo); err != nil {
		return err
	}
	if result.ExitCode != fault.ExitOK {
		return ended{result.ExitCode}
	}
	return nil
}

// subjects are the deployments that the arguments name; without any, all.
func (a *app) subjects(core *core, models []string) []*resolve.Resolution {
	policy := core.prefs.policy()
	if a.flags.model != "" {
		models = append(models, a.flags.model)
	}
	if len(models) == 0 {
		return resolve.Deployments(core.snapshot, core.tables, policy)
	}
	var all []*resolve.Resolution
	for _, m := range models {
		all = append(all, resolve.Resolve(core.snapshot, core.tables, policy, m)...)
	}
	return all
}

// about leaves out what is said of deployments that were not asked about: a
// pipeline that checks one model does not fail for another.
func about(subjects []*resolve.Resolution, list []fault.Finding) []fault.Finding {
	asked := map[string]bool{"": true}
	for _, r := range subjects {
		asked[r.ModelName], asked[r.Group] = true, true
	}
	return slices.DeleteFunc(list, func(f fault.Finding) bool { return !asked[f.Deployment] })
}

func (a *app) checkInput(core *core, o doctorOptions, subjects []*resolve.Resolution) check.Input {
	in := check.Input{
		Resolutions:    subjects,
		Config:         core.snapshot.Config,
		ConfigFindings: core.lint(),
		EnvFindings:    core.env,
		EnvFiles:       core.snapshot.EnvFiles,
		Probe:          a.probe(),
		ProbeTimeout:   probeTimeout,
		Concurrency:    o.concurrency,
		Offline:        a.flags.offline,
		Only:           o.only,
		Skip:           o.skip,
		Ignore:         o.ignore,
		FailOn:         o.failOn,
		Now:            a.sys.Now,
	}
	if in.FailOn == "" {
		in.FailOn = core.prefs.v.GetString("fail_on")
	}
	if in.Concurrency == 0 {
		in.Concurrency = core.prefs.v.GetInt("concurrency")
	}
	return in
}

// printDoctor prints the document; the demo's page begins by saying what it is.
func (a *app) printDoctor(core *core, doc report.Doctor, demo bool) error {
	if core.json() {
		return report.JSON(a.sys.Stdout, doc)
	}
	if demo && !a.flags.quiet {
		if _, err := fmt.Fprint(a.sys.Stdout, demoSays); err != nil {
			return err
		}
	}
	return report.DoctorText(a.sys.Stdout, doc, a.style(core))
}

const demoSays = `This is a demo: a built-in project with mistakes that people really make. Every
provider is a sandbox on this machine; nothing is sent anywhere.

`

func (a *app) listChecks() error {
	if a.flags.output == "json" {
		return report.JSON(a.sys.Stdout, report.NewChecks(a.sys.Build.Version, check.All()))
	}
	return report.Checks(a.sys.Stdout, check.All(), a.style(nil))
}
