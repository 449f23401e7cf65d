package fault

// All is the vocabulary, by area. A code that is no longer produced stays, and
// moves to Retired.
//
//	code, severity, exit, blame, then, key, title, hint
func All() []Row {
	return []Row{
		// How llmctl was called, and how the run itself went.
		{"usage.invalid", Error, ExitUsage, You, Stop, Unsaid, "the command line cannot be understood", "see the command's --help"},
		{"run.interrupted", Error, ExitInterrupted, You, Stop, Unsaid, "interrupted", "run it again when you are ready"},
		{"run.timeout", Error, ExitTimeout, Network, Again, Unsaid, "the time limit ran out", "raise --timeout, or look for what is slow with llmctl doctor -v"},
		{"run.broken-pipe", Error, ExitPipe, You, Stop, Unsaid, "the reader of the output went away", "nothing to do if you closed the pipe"},
		{"run.output", Error, ExitFindings, You, Stop, Unsaid, "the output could not be written", "check the disk and the path"},
		{"run.crashed", Error, ExitFindings, Llmctl, Stop, Unsaid, "llmctl itself failed", "report it: what you ran, llmctl version, and the place that -v prints"},
		{"check.crashed", Error, ExitFindings, Llmctl, Stop, Unsaid, "a check of llmctl itself crashed", "report it with the output of llmctl doctor --json"},

		// Reading the config file.
		{"config.not-found", Error, ExitConfig, Config, Stop, Unsaid, "the config file does not exist", "check the path given to --config or LLMCTL_CONFIG"},
		{"config.unreadable", Error, ExitConfig, Config, Stop, Unsaid, "the config file cannot be read", "check that it is a file and that you may read it"},
		{"config.too-large", Error, ExitConfig, Config, Stop, Unsaid, "the config file is too large to be one", "point --config at the YAML file that holds model_list"},
		{"config.not-text", Error, ExitConfig, Config, Stop, Unsaid, "the config file is not text", "save it as UTF-8 YAML"},
		{"config.syntax", Error, ExitConfig, Config, Stop, Unsaid, "the config file is not valid YAML", "mend the line named here; the file is read no further"},
		{"config.too-deep", Error, ExitConfig, Config, Stop, Unsaid, "the config file is nested too deeply", "flatten it: LiteLLM's schema needs at most eight levels"},
		{"config.shape", Error, ExitConfig, Config, Stop, Unsaid, "a setting has the wrong type", "give the type named here"},
		{"config.include-missing", Error, ExitConfig, Config, Stop, Unsaid, "an included file does not exist", "include paths are relative to the main config's folder"},
		{"config.include-cycle", Error, ExitConfig, Config, Stop, Unsaid, "config files include each other", "remove one of the include lines"},
		{"config.include-ignored", Info, ExitConfig, Config, Stop, Unsaid, "the same file is included twice", "remove one of the two lines"},
		{"config.include-nested", Info, ExitConfig, Config, Stop, Unsaid, "an include inside an included file", "list the file in the main config if an older LiteLLM reads it too"},
		{"config.include-replaces", Warning, ExitConfig, Config, Stop, Unsaid, "an included file replaces a whole section", "LiteLLM does not merge sections: keep each section in one file"},
		{"config.many-documents", Warning, ExitConfig, Config, Stop, Unsaid, "the file holds several YAML documents", "keep one: LiteLLM refuses the file, and only the first is read here"},

		// Lint of the config file.
		{"config.unknown-key", Warning, ExitConfig, Config, Stop, Unsaid, "an unknown setting, ignored without a word", "correct the name or remove the line"},
		{"config.misplaced-key", Warning, ExitConfig, Config, Stop, Unsaid, "a setting that has no effect in this section", "move it to the section named here"},
		{"config.inert-setting", Warning, ExitConfig, Config, Stop, Unsaid, "a setting that changes nothing", "remove it, or set what is named here"},
		{"config.duplicate-key", Error, ExitConfig, Config, Stop, Unsaid, "the same YAML key twice: the last one wins", "remove one of the two lines"},
		{"config.reference-form", Error, ExitConfig, Config, Stop, Bad, "a form of reference that is not resolved", "write os.environ/NAME"},
		{"config.reference-unset", Error, ExitConfig, Config, Stop, Unsaid, "a reference to a variable that is not set", "set the variable, or correct its name"},
		{"config.reference-order", Warning, ExitConfig, Config, Stop, Unsaid, "a reference to a variable that is set too late", "set it in the environment or in .env"},
		{"config.text-none", Error, ExitConfig, Config, Stop, Unsaid, "an environment variable would become the text None", "give it a value, or remove the line"},
		{"config.literal-key", Warning, ExitConfig, Config, Stop, Unsaid, "a credential written into the config file", "put it in the environment or .env and write os.environ/NAME"},
		{"config.literal-master-key", Warning, ExitConfig, Config, Stop, Unsaid, "the proxy's master key is written into the config file", "write os.environ/LITELLM_MASTER_KEY"},
		{"config.weak-master-key", Error, ExitConfig, Config, Stop, Unsaid, "the proxy's master key is well known or short", "make one with: openssl rand -hex 24 (and put sk- in front)"},
		{"config.duplicate-model", Info, ExitConfig, Config, Stop, Unsaid, "several deployments share a model_name: a pool", "nothing to do if they are meant to share the load"},
		{"config.same-deployment", Warning, ExitConfig, Config, Stop, Unsaid, "two deployments of one name are the same", "remove one, or give them different keys or bases"},
		{"config.mixed-pool", Warning, ExitConfig, Config, Stop, Unsaid, "a pool mixes different models under one name", "give each model its own model_name, or say that it is meant"},
		{"config.embedding-mode", Warning, ExitConfig, Config, Stop, Unsaid, "an embedding model without mode", "add model_info: {mode: embedding}: health checks call chat otherwise"},
		{"config.credential-undefined", Error, ExitConfig, Config, Stop, Unsaid, "litellm_credential_name names no credential", "add it to credential_list or correct the name"},
		{"config.empty-key", Error, ExitConfig, Config, Stop, Unsaid, "api_key is empty", "write os.environ/NAME, or remove the line to use the provider's variable"},
		{"config.model-missing", Error, ExitConfig, Config, Stop, Unsaid, "a deployment without litellm_params.model", "add model: provider/name"},
		{"config.name-missing", Error, ExitConfig, Config, Stop, Unsaid, "a deployment without model_name", "add model_name"},

		// Model names.
		{"model.none", Error, ExitNoKey, You, Stop, Unsaid, "there is nothing to call", "set a provider's variable, or point --config at a config; llmctl doctor --demo shows what doctor does"},
		{"model.bare", Warning, ExitConfig, Config, Stop, Unsaid, "a model name without a provider, guessed", "write provider/model"},
		{"model.ambiguous", Error, ExitModel, Config, Stop, Unsaid, "a model name that several providers have", "write provider/model"},
		{"model.unknown", Error, ExitModel, Config, Stop, Unsaid, "a model name that no provider in the catalog has", "write provider/model"},
		{"model.unknown-provider", Error, ExitModel, Config, Stop, Unsaid, "no such provider", "use a provider of llmctl's table, or openai/<model> with api_base for a compatible host"},
		{"model.not-listed", Warning, ExitModel, You, Next, Good, "the provider does not list this model for this key", "choose a listed model, or ask for access"},
		{"model.not-found", Error, ExitModel, You, Next, Good, "the provider does not serve this model to this key", "choose a model the provider lists"},
		{"model.deployment-not-found", Error, ExitModel, You, Next, Good, "the Azure resource has no such deployment", "use the deployment's name, not the model's"},

		// Routing settings.
		{"route.fallback-undefined", Error, ExitConfig, Config, Stop, Unsaid, "a fallback names a model that does not exist", "correct the name, or add the model"},
		{"route.fallback-cycle", Warning, ExitConfig, Config, Stop, Unsaid, "fallbacks lead in a circle", "break the circle: it repeats a failure that is already known"},
		{"route.alias-undefined", Error, ExitConfig, Config, Stop, Unsaid, "model_group_alias points at a model that does not exist", "correct the name, or add the model"},
		{"route.strategy-invalid", Error, ExitConfig, Config, Stop, Unsaid, "no such routing strategy", "use one of the strategies named here"},

		// Base addresses.
		{"base.missing", Error, ExitConfig, Config, Stop, Unsaid, "no address to call", "set api_base"},
		{"base.unresolved", Error, ExitConfig, Config, Stop, Unsaid, "the base refers to a variable that is not set", "set the variable: no other address is used in its place"},
		{"base.hole", Error, ExitConfig, Config, Stop, Unsaid, "part of the address is not known", "set the part named here"},
		{"base.not-url", Error, ExitConfig, Config, Stop, Unsaid, "the base is not a URL", "write https://host/path"},
		{"base.missing-scheme", Error, ExitConfig, Config, Stop, Unsaid, "the base has no scheme", "put https:// in front (http:// for a local server)"},
		{"base.no-version", Warning, ExitConfig, Config, Stop, Unsaid, "an OpenAI-compatible base without a version path", "most servers want /v1 at the end"},
		{"base.anthropic-version", Error, ExitConfig, Config, Stop, Unsaid, "an Anthropic base that ends in /v1", "remove /v1: /v1/messages is appended"},
		{"base.doubled-version", Error, ExitConfig, Config, Stop, Unsaid, "the address contains /v1/v1", "remove one /v1 from the base"},
		{"base.operation-path", Error, ExitConfig, Config, Stop, Unsaid, "the base contains the operation", "cut the operation from the end of the base"},
		{"base.cleartext", Error, ExitConfig, Config, Stop, Unsaid, "a key would cross the network unencrypted", "use https://"},
		{"base.listen-address", Warning, ExitConfig, Config, Stop, Unsaid, "a listen address used as an address to call", "use 127.0.0.1 or the server's name"},
		{"base.without-key", Warning, ExitConfig, Config, Stop, Unsaid, "an own base without an own key", "name the key beside the base: api_key: os.environ/NAME"},
		{"base.retired-host", Error, ExitConfig, Config, Stop, Unsaid, "the provider retired this host", "use the host named here"},
		{"base.looks-like-key", Error, ExitConfig, Config, Stop, Unsaid, "the base holds what looks like a key", "swap the two settings, and replace the key if it was shown anywhere"},
		{"base.credential", Warning, ExitConfig, Config, Stop, Unsaid, "the base holds a user name, a password or a key", "remove it: it is not sent, and addresses are printed; a key belongs in api_key"},
		{"base.openai-default", Error, ExitConfig, Config, Stop, Unsaid, "no base for a local server: prompts would go to OpenAI", "set api_base to the server's address"},
		{"base.wrong-region", Error, ExitConfig, Config, Next, Good, "the key belongs to another region of the provider", "use the host that the detail names"},

		// Where a key comes from, and its shape.
		{"key.missing", Error, ExitNoKey, You, Next, Unsaid, "no key was found", "set the provider's variable, or store it with llmctl keys set"},
		{"key.unresolved", Error, ExitNoKey, Config, Next, Unsaid, "the key refers to something that cannot be read", "mend the reference: nothing else is used in its place"},
		{"key.empty", Warning, ExitNoKey, You, Next, Unsaid, "a key variable is set but empty", "set it, or unset it"},
		{"key.shadowed", Warning, ExitOK, You, Stop, Unsaid, "another, different key is hidden by the one in use", "remove the one that should not count"},
		{"key.whitespace", Warning, ExitOK, You, Stop, Unsaid, "white space round the key was trimmed", "remove it where the key is set"},
		{"key.quotes", Warning, ExitOK, You, Stop, Unsaid, "quotes round the key were stripped", "remove them where the key is set"},
		{"key.bad-character", Error, ExitNoKey, You, Next, Bad, "the key holds a character that no key has", "copy the key again"},
		{"key.placeholder", Error, ExitNoKey, You, Next, Bad, "the key is a sample value", "put the real key"},
		{"key.masked", Error, ExitNoKey, You, Next, Bad, "the key was copied from a screen that hides it", "create a new key and copy it whole"},
		{"key.pasted-prefix", Error, ExitNoKey, You, Next, Bad, "the key has something else pasted in front", "keep only the key"},
		{"key.is-url", Error, ExitNoKey, You, Next, Bad, "the key is a URL: two settings were swapped", "swap api_key and api_base"},
		{"key.is-reference", Error, ExitNoKey, Config, Next, Bad, "the key is a reference that nobody resolved", "write os.environ/NAME in YAML, or the value itself in .env"},
		{"key.is-name", Warning, ExitNoKey, You, Next, Unsaid, "the key looks like a name", "put the key itself"},
		{"key.wrong-vendor", Warning, ExitOK, You, Next, Unsaid, "the key has the shape of another vendor's", "put the key of the provider that is called"},
		{"key.not-for-inference", Warning, ExitOK, You, Next, Unsaid, "an administration key or a login token, not an API key", "create an API key for inference"},
		{"key.other-name", Warning, ExitOK, You, Stop, Unsaid, "a variable that is set but not read here", "use the name that is read"},
		{"key.exec-refused", Unknown, ExitNoKey, You, Next, Unsaid, "a key command was not run", "allow it with --allow-exec"},
		{"key.store", Warning, ExitOK, You, Stop, Unsaid, "the key store could not be used", "use a variable or .env, or unlock the keyring"},
		{"key.permissions", Warning, ExitOK, You, Stop, Unsaid, "a key file that others can read", "chmod 600 the file"},

		// Which key may go to which host.
		{"binding.foreign-host", Error, ExitNoKey, Config, Next, Unsaid, "the key does not belong to this host, so it is not sent", "name the key beside the base: api_key: os.environ/NAME"},
		{"binding.loopback", Info, ExitOK, Config, Stop, Unsaid, "a local server gets no key from the environment", "name a key beside the base if the server wants one"},

		// Lint of .env files.
		{"dotenv.unreadable", Warning, ExitConfig, You, Stop, Unsaid, "a .env file cannot be read", "check the file's permissions and form"},
		{"dotenv.syntax", Error, ExitConfig, You, Stop, Unsaid, "a .env file cannot be parsed, so none of it is used", "mend the line named here"},
		{"dotenv.too-large", Warning, ExitConfig, You, Stop, Unsaid, "a .env file or line is too large to be one", "point --env-file at the right file"},
		{"dotenv.utf16", Error, ExitConfig, You, Stop, Unsaid, "a .env file in UTF-16", "save it as UTF-8"},
		{"dotenv.bom", Warning, ExitOK, You, Stop, Unsaid, "a byte order mark at the start of .env", "save it as UTF-8 without BOM: other tools lose the first variable"},
		{"dotenv.crlf", Info, ExitOK, You, Stop, Unsaid, "Windows line ends in .env", "convert it: a shell keeps the carriage return in the value"},
		{"dotenv.export", Info, ExitOK, You, Stop, Unsaid, "export in front of a name", "remove it: docker --env-file refuses the line"},
		{"dotenv.spaces", Warning, ExitOK, You, Stop, Unsaid, "spaces round the equals sign", "remove them: a shell cannot read the line"},
		{"dotenv.quotes-kept", Warning, ExitOK, You, Stop, Unsaid, "quotes stay in the value", "remove them, or close the pair"},
		{"dotenv.curly-quotes", Error, ExitOK, You, Stop, Unsaid, "typographic quotes in a value", "use plain quotes or none"},
		{"dotenv.inline-comment", Warning, ExitOK, You, Stop, Unsaid, "a # that one reader takes as a comment and another keeps", "quote the value, or move the comment to its own line"},
		{"dotenv.expansion", Warning, ExitOK, You, Stop, Unsaid, "a $ that one reader expands and another keeps", "use single quotes, or write the value out"},
		{"dotenv.duplicate", Warning, ExitOK, You, Stop, Unsaid, "the same variable twice in one file", "remove one: the last one wins here"},
		{"dotenv.trailing-space", Warning, ExitOK, You, Stop, Unsaid, "white space at the end of a line", "remove it: docker keeps it in the value"},
		{"dotenv.non-ascii", Warning, ExitOK, You, Stop, Unsaid, "a character outside ASCII in a key", "copy the value again"},
		{"dotenv.typo", Warning, ExitOK, You, Stop, Unsaid, "a name close to a known variable that nothing reads", "correct the name"},
		{"dotenv.permissions", Warning, ExitOK, You, Stop, Unsaid, "a .env with keys that others can read", "chmod 600 the file"},
		{"dotenv.tracked", Error, ExitOK, You, Stop, Unsaid, "a .env with keys is tracked by git", "git rm --cached the file, ignore it, and replace the keys"},
		{"dotenv.dialect", Info, ExitOK, You, Stop, Unsaid, "other programs read this line differently", "quote the value so that all agree"},
		{"dotenv.name", Warning, ExitOK, You, Stop, Unsaid, "a line of .env whose name no program can look up", "write NAME=value"},
		{"dotenv.unused", Info, ExitOK, You, Stop, Unsaid, "a .env file was found and not used", "give it with --env-file if it should count"},

		// The way to the provider.
		{"net.dns", Error, ExitNetwork, Network, Next, Unsaid, "the host name does not resolve", "check the name, the resolver and the VPN"},
		{"net.refused", Error, ExitNetwork, Network, Next, Unsaid, "nothing listens at the address", "start the server, or correct host and port"},
		{"net.unreachable", Error, ExitNetwork, Network, Next, Unsaid, "no route to the address", "check the network and the VPN"},
		{"net.timeout", Error, ExitNetwork, Network, Again, Unsaid, "no answer in time", "try again, raise --timeout, or check proxy and firewall"},
		{"net.reset", Error, ExitNetwork, Network, Again, Unsaid, "the connection was cut", "try again; if it repeats, look at proxy and firewall"},
		{"net.tls", Error, ExitNetwork, Network, Next, Unsaid, "no trusted TLS connection", "check the certificate named here"},
		{"net.scheme", Error, ExitNetwork, Config, Stop, Unsaid, "http and https are mixed up", "change the scheme of the base"},
		{"net.redirect", Error, ExitNetwork, Config, Next, Unsaid, "the address redirects; llmctl does not follow", "use the address it points to"},
		{"net.failed", Error, ExitNetwork, Network, Again, Unsaid, "the request did not get through", "see the detail"},
		{"proxy.failed", Error, ExitNetwork, Network, Next, Unsaid, "the proxy could not be used", "check HTTPS_PROXY and NO_PROXY"},
		{"proxy.refused-connect", Error, ExitNetwork, Network, Next, Unsaid, "the proxy refused to connect", "check the proxy's credentials and rules"},
		{"edge.blocked", Error, ExitNetwork, Network, Next, Unsaid, "a firewall in front of the provider refused the call", "use another way out or another User-Agent: a new key does not help"},

		// What the provider says.
		{"auth.rejected", Error, ExitRejected, You, Next, Bad, "the provider rejects the key", "check that the source named here holds the key you mean, or create a new one"},
		{"auth.not-sent", Error, ExitRejected, Config, Next, Unsaid, "the provider saw no key", "look at where the key comes from, not at its value"},
		{"auth.restricted", Info, ExitRejected, You, Next, Good, "the key is valid but restricted", "give the key the scope named here if a call needs it"},
		{"auth.forbidden", Error, ExitRejected, You, Next, Unsaid, "the provider refuses this caller", "check permissions, project and region"},
		{"auth.expired", Error, ExitRejected, You, Next, Bad, "the key or token has expired", "renew it where it came from"},
		{"auth.region", Error, ExitRejected, You, Next, Unsaid, "the provider does not serve this country or network", "use another way out or another provider: a new key does not help"},
		{"auth.clock", Error, ExitRejected, You, Next, Unsaid, "the signature is not of this time: the clock is wrong", "set the clock"},
		{"quota.exhausted", Error, ExitQuota, You, Next, Good, "the account has no credit or quota left", "add credit, or use a key of another account"},
		{"quota.unconfirmed", Error, ExitRejected, You, Next, Unsaid, "a rejected key or a used-up plan: the answer is the same", "check the key and the plan in the provider's console"},
		{"rate.limited", Warning, ExitQuota, Provider, Again, Good, "the provider limits the rate", "wait as long as it asks"},
		{"provider.failed", Error, ExitProvider, Provider, Again, Unsaid, "the provider failed", "try again later"},
		{"provider.overloaded", Error, ExitProvider, Provider, Again, Unsaid, "the provider is overloaded", "try again later, or use a fallback"},
		{"gateway.upstream-auth", Error, ExitProvider, Provider, Next, Good, "the gateway's own key is refused by the provider behind it", "tell who runs the gateway: your key was accepted"},
		{"cooldown.cascade", Error, ExitProvider, Provider, Again, Good, "every deployment is cooled down, the first error hidden", "look for the first failure in the gateway's log: this one is its echo"},
		{"request.refused", Error, ExitModel, You, Stop, Good, "the provider refuses the request itself", "change what the detail names"},
		{"request.too-large", Error, ExitModel, You, Stop, Good, "the request is larger than the limit", "send less, or use a model or plan with a larger limit"},
		{"param.unsupported", Error, ExitModel, You, Stop, Good, "a parameter is not supported by this model", "leave it out"},
		{"context.exceeded", Error, ExitModel, You, Stop, Good, "the prompt is longer than the model's window", "shorten it, or use a model with a larger window"},
		{"content.filtered", Error, ExitAnswer, Provider, Stop, Good, "the provider's filter stopped the answer", "change the prompt"},
		{"path.not-found", Error, ExitConfig, Config, Next, Unsaid, "the address exists but not this path", "check the version path of the base"},
		{"answer.not-api", Error, ExitNetwork, Config, Next, Unsaid, "what answered is not an API", "check the address; a portal or a proxy may have answered"},
		{"answer.unknown", Unknown, ExitProvider, Provider, Next, Unsaid, "an answer that llmctl does not know", "read the detail; nothing is claimed about the key"},
		{"answer.empty", Error, ExitAnswer, Provider, Again, Good, "the answer is empty", "try again"},
		{"stream.truncated", Error, ExitAnswer, Network, Again, Good, "the answer stopped before its end", "try again; what was printed is incomplete"},
		{"stream.failed", Error, ExitProvider, Provider, Again, Good, "the provider failed in the middle of the answer", "try again; what was printed is incomplete"},

		// What a probe can prove.
		{"probe.unproven", Unknown, ExitUnknown, Provider, Stop, Unsaid, "any key is accepted here: a good answer proves nothing", "prove it with a one-token call: llmctl chat"},
		{"probe.none", Unknown, ExitUnknown, Provider, Stop, Unsaid, "no free call proves a key here", "prove it with a one-token call: llmctl chat"},
		{"probe.no-credential", Info, ExitOK, Provider, Stop, Unsaid, "the server asks for no credential", "nothing to do"},

		// What llmctl cannot do yet.
		{"wire.unsupported", Error, ExitModel, Llmctl, Next, Unsaid, "llmctl does not speak this provider's protocol", "use another provider for this model"},
	}
}

// Retired lists codes that were once produced. They are never used again.
func Retired() []Code { return nil }
