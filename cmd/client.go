package cmd

import (
	"context"
	"strings"
	"time"

	"github.com/llmctl/llmctl/pkg/resolve"
	"github.com/llmctl/llmctl/pkg/wire"
)

// probeTimeout is the limit of one probe. Real providers list models within
// two seconds; a server that loads a model first is not asked to.
const probeTimeout = 15 * time.Second

// idleLimit is how long an answer may be quiet, pings and comments counted,
// before it is given up. Models think for minutes; gateways that mean to keep a
// stream alive send something every minute.
const idleLimit = 5 * time.Minute

// client is the one door to the network.
func (a *app) client() *wire.Client {
	transport := a.sys.Transport
	if transport == nil {
		env := map[string]string{}
		for _, kv := range a.sys.Environ {
			if name, value, ok := strings.Cut(kv, "="); ok {
				env[name] = value
			}
		}
		transport = wire.NewTransport(env)
	}
	return &wire.Client{
		Transport: transport, Now: a.sys.Now, Idle: idleLimit, UserAgent: "llmctl/" + strings.TrimPrefix(a.sys.Build.Version, "v"),
		ReadFile: a.files().ReadFile, Home: a.sys.Home, // of a cloud sign-in; the world of the demo has no such files
	}
}

// probe is the free call of doctor; nil when nothing may be sent.
func (a *app) probe() func(context.Context, *resolve.Resolution) wire.Probe {
	if a.flags.offline {
		return nil
	}
	return a.client().Probe
}
