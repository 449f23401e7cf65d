package check

// All is every check, in the order in which they are asked: a need stands
// before what needs it. --list-checks prints this table.
func All() []Check {
	return []Check{
		{
			ID: "config.read", Title: "the config files can be read", Scope: Project, Cost: Free, Run: configRead,
			Codes: []string{
				"config.not-found", "config.unreadable", "config.too-large", "config.not-text", "config.syntax",
				"config.too-deep", "config.include-missing", "config.include-cycle",
			},
		},
		{
			ID: "env.read", Title: "the .env files can be read", Scope: Project, Cost: Free, Run: envRead,
			Codes: []string{"dotenv.unreadable", "dotenv.syntax", "dotenv.too-large", "dotenv.utf16", "dotenv.unused"},
		},
		{
			ID: "store.read", Title: "the key store answers", Scope: Project, Cost: Free, Run: nothing,
			Codes: []string{"key.store"},
		},
		{
			ID: "model.any", Title: "there is something to call", Scope: Project, Cost: Free, Run: modelAny,
			Needs: []string{"config.read"},
			Codes: []string{"model.none"},
		},
		{
			ID: "config.lint", Title: "the config says what its author means", Scope: Project, Cost: Free, Run: configLint,
			Needs: []string{"config.read"},
			Codes: []string{"config.*", "route.*", "model.*", "base.*", "binding.*", "key.*"},
		},
		{
			ID: "env.lint", Title: "the .env files mean the same to every program", Scope: Project, Cost: Free, Run: nothing,
			Needs: []string{"env.read"},
			Codes: []string{"dotenv.*"},
		},
		{
			ID: "model.name", Title: "the name leads to a provider that can be called", Scope: Deployment, Cost: Free, Run: modelName,
			Codes: []string{"model.*", "wire.*"},
		},
		{
			ID: "base.address", Title: "the address is known and well formed", Scope: Deployment, Cost: Free, Run: baseAddress,
			Needs: []string{"model.name"},
			Codes: []string{"base.*"},
		},
		{
			ID: "key.source", Title: "one source gives the key, and it is the one that is meant", Scope: Deployment, Cost: Free, Run: keySource,
			Needs: []string{"model.name"},
			Codes: []string{
				"key.missing", "key.unresolved", "key.empty", "key.shadowed", "key.other-name", "key.exec-refused", "key.store",
			},
		},
		{
			ID: "key.shape", Title: "the key looks like a key of this provider", Scope: Deployment, Cost: Free, Run: keyShape,
			Needs: []string{"key.source"},
			Codes: []string{"key.*"},
		},
		{
			ID: "binding.host", Title: "the key belongs to the host that gets it", Scope: Deployment, Cost: Free, Run: bindingHost,
			Needs: []string{"key.source", "key.shape", "base.address"},
			Codes: []string{"binding.*"},
		},
		{
			ID: "probe.auth", Title: "the provider accepts the key", Scope: Deployment, Network: true, Cost: Free, Run: probeAuth,
			Needs: []string{"model.name", "base.address", "key.source", "key.shape", "binding.host"},
		},
		{
			ID: "model.listed", Title: "the provider lists the model for this key", Scope: Deployment, Network: true, Cost: Free, Run: modelListed,
			Needs: []string{"probe.auth"},
		},
	}
}
