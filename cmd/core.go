package cmd

import (
	"context"

	"github.com/llmctl/llmctl/pkg/catalog"
	"github.com/llmctl/llmctl/pkg/config"
	"github.com/llmctl/llmctl/pkg/fault"
	"github.com/llmctl/llmctl/pkg/provider"
	"github.com/llmctl/llmctl/pkg/resolve"
	"github.com/llmctl/llmctl/pkg/source"
)

// core is what was read, once, for one command.
type core struct {
	snapshot *resolve.Snapshot
	tables   resolve.Tables
	config   []fault.Finding // of reading the config
	env      []fault.Finding // of reading .env files, key store, references
	prefs    prefs
}

// load reads config, environment, .env files and key store. A broken config is
// a finding and not an error: whoever cannot go on without one asks broken.
// calls says that the command is about to call somebody, so that cmd:
// references may run.
func (a *app) load(ctx context.Context, calls bool) (*core, error) {
	rows := provider.All()
	snapshot, findings := source.Read(ctx, a.files(), source.Options{
		Config:    a.flags.config,
		EnvFiles:  a.flags.envFiles,
		APIBase:   a.flags.apiBase,
		KeyEnv:    a.flags.keyEnv,
		KeyFile:   a.flags.keyFile,
		KeyStdin:  a.flags.keyStdin,
		AllowExec: calls || a.flags.exec,
		Known:     known(rows),
	})
	own, ownFindings := snapshot.Config.ProviderRows()
	c := &core{snapshot: snapshot, tables: resolve.Tables{
		Providers: provider.Extend(rows, own...),
		Kinds:     provider.Kinds(),
		Known:     catalog.Providers,
		Nearest:   catalog.Nearest,
	}}
	for _, f := range append(findings, ownFindings...) {
		if f.Code.Area() == "config" {
			c.config = append(c.config, f)
		} else {
			c.env = append(c.env, f)
		}
	}
	var project *config.Node
	if snapshot.Config != nil {
		project = snapshot.Config.Preferences
	}
	c.prefs = a.preferences(a.userPreferences(snapshot.Config), project)
	if err := c.prefs.check(); err != nil {
		return c, err
	}
	a.flags.output = c.prefs.v.GetString("output") // an error later on is printed in the same form
	return c, nil
}

// files is the world as package source reads it.
func (a *app) files() source.FS {
	s := a.sys
	return source.FS{
		Open: s.Files.Open, Stat: s.Files.Stat, MkdirAll: s.Files.MkdirAll,
		WriteNew: s.Files.WriteNew, Remove: s.Files.Remove, Run: s.Files.Run,
		Environ: s.Environ, Dir: s.Dir, Home: s.Home, GOOS: s.GOOS, Stdin: s.Stdin, Keyring: s.Keyring,
	}
}

// known are the names of variables that some provider's row reads, for typos.
func known(rows []provider.Provider) []string {
	var out []string
	for _, v := range provider.KeyVars(rows) {
		out = append(out, v.Name)
	}
	return out
}

// userPreferences is the llmctl: section of the user's own config file, unless
// that file is the config already.
func (a *app) userPreferences(main *config.Config) *config.Node {
	files := a.files()
	path := files.UserConfig()
	if path == "" || main != nil && main.Path == path {
		return nil
	}
	user, err := config.Load(path, files.ReadFile)
	if err != nil || user == nil {
		return nil // it is no one's config here; doctor --config shows what is wrong with it
	}
	return user.Preferences
}

// lint is what reading and lint say of the config.
func (c *core) lint() []fault.Finding {
	return append(c.config, c.snapshot.Config.Lint(config.Questions{
		Providers: c.tables.Providers,
		Set:       c.isSet,
		Known:     c.tables.Known,
		Nearest:   c.tables.Nearest,
	})...)
}

// isSet says whether a variable has a value, or is set and empty, in the
// environment or in a .env file that is read.
func (c *core) isSet(name string) (set, empty bool) {
	entries := c.snapshot.Env
	for _, f := range c.snapshot.EnvFiles {
		if f.Status == "read" {
			entries = append(entries[:len(entries):len(entries)], f.Entries...)
		}
	}
	for _, e := range entries {
		if e.Name != name {
			continue
		}
		if !e.Value.IsZero() {
			return true, false
		}
		empty = true
	}
	return false, empty
}

// json says whether documents are wanted.
func (c *core) json() bool { return c.prefs.v.GetString("output") != "text" }

// broken is the first finding that says the config cannot be used, as an error.
func (c *core) broken() error {
	for _, f := range c.config {
		row, _ := fault.Lookup(f.Code)
		if f.Severity == fault.Error && row.Exit == fault.ExitConfig && f.Deployment == "" {
			e := &fault.Err{Code: f.Code, Message: f.Detail, Hint: f.Fix.Summary}
			if f.Location != nil {
				e.Subject = f.Location.File
			}
			return e
		}
	}
	return nil
}
