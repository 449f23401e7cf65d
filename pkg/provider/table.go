package provider

import "slices"

// All is the table: the vendors first, then hosts, gateways, vendors that
// LiteLLM does not know, local servers, and protocols that llmctl does not speak.
// Where rows share a variable (DASHSCOPE_API_KEY; OLLAMA_API_KEY, which only
// Ollama's cloud asks for), the row that owns it stands first.
//
// What no row carries over from LiteLLM: OPENAI_API_KEY as the last resort of
// other vendors' rows. One vendor's key is never a fallback for another's.
func All() []Provider {
	return slices.Concat(majorRows(), hostedRows(), gatewayRows(), vendorRows(), localRows(), otherRows())
}

// Where rows were checked. The executed ones are compared with
// docs/oracle/litellm-1.109.1.tsv by a test.
const (
	executed   = "LiteLLM 1.109.1, executed"
	unexecuted = "LiteLLM 1.80.10, read; 1.109.1 makes no request without a login or a signing key"
	read       = "LiteLLM 1.80.10, read; 1.109.1 cannot call it or no longer knows it"
	login      = "LiteLLM 1.109.1, read; its calls begin with a device login"
	vendor     = "vendor documentation, as listed by models.dev 2026-07-02"
	date       = "2026-11-21"
)

// models is the call that most OpenAI-compatible servers answer. Whether they
// look at the key while doing so is not known: the negative control decides.
func models() Probe {
	return Probe{Method: "GET", Path: "/models", List: true, Proves: "what the negative control shows", Misses: "quota and access to the model", Source: "OpenAI-compatible convention"}
}

// needsKey marks a call that is known to refuse a wrong key.
func needsKey(p Probe) Probe {
	p.NeedsKey = true
	return get(p)
}

// public marks a call that is known to answer anybody.
func public(p Probe) Probe {
	p.Public = true
	return get(p)
}

func get(p Probe) Probe {
	if p.Method == "" {
		p.Method = "GET"
	}
	return p
}
