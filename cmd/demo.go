package cmd

import (
	"embed"
	"io/fs"
	"path"
	"path/filepath"
	"strings"

	"github.com/llmctl/llmctl/pkg/sandbox"
)

// The project of doctor --demo: a config and a .env with mistakes that people
// really make. The .env is kept under another name so that nobody's tools read
// it as theirs.
//
//go:embed demo/litellm_config.yaml demo/dotenv
var demoFiles embed.FS

// demoDir is where the demo says it stands. Windows calls no path absolute that
// lacks a drive.
func demoDir(goos string) string {
	if goos == "windows" {
		return `C:\demo`
	}
	return "/demo"
}

// enterDemo replaces the world by the demo's: its two files, its environment,
// and a network that ends at a sandbox on loopback. The doctor that runs is the
// real one. stop ends the sandbox.
func (a *app) enterDemo() (stop func(), err error) {
	s, err := sandbox.Start(demoProviders())
	if err != nil {
		return nil, err
	}
	world := *a.sys
	world.Dir = demoDir(world.GOOS)
	world.Home = filepath.Join(world.Dir, "home")
	world.Environ = []string{"ANTHROPIC_API_KEY=sk-ant-demo-revoked-9d2e8f74b1c630a5"}
	for _, name := range []string{"TERM", "COLUMNS", "NO_COLOR", "CLICOLOR_FORCE", "FORCE_COLOR", "LC_ALL", "LC_CTYPE", "LANG"} {
		if value, ok := a.env(name); ok {
			world.Environ = append(world.Environ, name+"="+value)
		}
	}
	world.StdinWaits = false
	world.Files = demoWorld(demoFiles)
	world.Keyring = nil
	world.Transport = s.Transport()
	a.sys = &world
	a.flags.config, a.flags.envFiles = "", nil
	return func() { _ = s.Close() }, nil
}

// demoWorld shows the embedded files under demoDir, of whatever drive, and
// nothing else.
func demoWorld(files fs.FS) Files {
	inside := func(name string) string {
		p := path.Clean(filepath.ToSlash(name[len(filepath.VolumeName(name)):]))
		switch p {
		case "/demo/.env":
			return "demo/dotenv"
		case "/demo/.git":
			return "demo" // ends the upward search: any folder will do
		}
		return strings.TrimPrefix(p, "/")
	}
	return Files{
		Open: func(name string) (fs.File, error) { return files.Open(inside(name)) },
		Stat: func(name string) (fs.FileInfo, error) { return fs.Stat(files, inside(name)) },
	}
}

// demoProviders is what the providers of the demo know: which keys are alive,
// which account is empty, and which server is not running.
func demoProviders() sandbox.Options {
	const broke = "sk-demo-deepseek-nocredit-0a4d9c6e2b718f53"
	return sandbox.Options{
		Keys: map[string][]string{
			"openai":     {"sk-demo-openai-live-8f2c41d7a95b63e0"},
			"anthropic":  {"sk-ant-demo-live-51b7e2c90d4fa836"},
			"groq":       {"gsk_demoLive93b1c7e4f2a860d5"},
			"mistral":    {"mistralDemoLive7e93b1c4f2a860d5"},
			"deepseek":   {broke},
			"openrouter": {"sk-or-v1-demo-live-6b1f4e9d2c7a8053"},
		},
		Behaviour: map[string]sandbox.Behaviour{broke: sandbox.NoCredit},
		Models: map[string][]string{
			"openai":  {"gpt-4o", "gpt-4o-mini"},
			"groq":    {"llama-3.3-70b-versatile"},
			"mistral": {"mistral-large-latest"},
		},
		Refused: []string{"127.0.0.1", "localhost"},
	}
}
