package resolve

import (
	"strings"
	"testing"

	"github.com/llmctl/llmctl/pkg/config"
	"github.com/llmctl/llmctl/pkg/fault"
	"github.com/llmctl/llmctl/pkg/provider"
	"github.com/llmctl/llmctl/pkg/secret"
)

// rows are hand-written: what is tested here are the rules, not the table.
func rows() []provider.Provider {
	return []provider.Provider{
		{
			Name: "openai", Title: "OpenAI", Keys: []string{"OPENAI_API_KEY"}, Globals: []string{"openai_key"},
			Bases: []string{"OPENAI_BASE_URL", "OPENAI_API_BASE"}, Base: "https://api.openai.com/v1", Auth: provider.Bearer,
			Wire: provider.OpenAIChat, ChatPath: "/chat/completions", Version: "/v1", KeyKinds: []string{"openai-project", "openai-legacy"},
			Probe: provider.Probe{Path: "/models", List: true, NeedsKey: true}, KeyPage: "https://platform.openai.com/api-keys",
		},
		{
			Name: "anthropic", Title: "Anthropic", Aliases: []string{"claude"}, Keys: []string{"ANTHROPIC_API_KEY"}, Globals: []string{"anthropic_key"},
			VendorKeys: []string{"ANTHROPIC_AUTH_TOKEN"}, Bases: []string{"ANTHROPIC_API_BASE", "ANTHROPIC_BASE_URL"}, Base: "https://api.anthropic.com",
			Auth: provider.XAPIKey, Wire: provider.Anthropic, ChatPath: "/v1/messages", KeyKinds: []string{"anthropic-api", "anthropic-admin"},
			Probe: provider.Probe{Path: "/v1/models", List: true, NeedsKey: true},
		},
		{
			Name: "gemini", Aliases: []string{"google"}, Keys: []string{"GOOGLE_API_KEY", "GEMINI_API_KEY"}, Bases: []string{"GEMINI_API_BASE"},
			Base: "https://generativelanguage.googleapis.com", Auth: provider.GoogAPIKey, Wire: provider.Gemini,
			ChatPath: "/v1beta/models/{model}:generateContent", Probe: provider.Probe{Path: "/v1beta/models"},
		},
		{
			Name: "groq", Keys: []string{"GROQ_API_KEY"}, Globals: []string{"groq_key"}, Bases: []string{"GROQ_API_BASE"}, VendorBase: []string{"GROQ_BASE_URL"},
			Base: "https://api.groq.com/openai/v1", Auth: provider.Bearer, Wire: provider.OpenAIChat, ChatPath: "/chat/completions",
			Version: "/openai/v1", Probe: provider.Probe{Path: "/models"},
		},
		{
			Name: "azure", Keys: []string{"AZURE_API_KEY"}, VendorKeys: []string{"AZURE_OPENAI_API_KEY"}, Bases: []string{"AZURE_API_BASE"},
			VendorBase: []string{"AZURE_OPENAI_ENDPOINT"}, Hosts: []string{".openai.azure.com"}, Auth: provider.APIKey, Wire: provider.AzureOpenAI,
			ChatPath: "/openai/deployments/{model}/chat/completions?api-version={api_version}",
			Probe:    provider.Probe{Path: "/openai/models?api-version={api_version}"},
			Callers:  []provider.Hole{{Name: "api_version", Param: "api_version", Vars: []string{"AZURE_API_VERSION"}, Default: "2025-02-01-preview"}},
		},
		{
			Name: "bedrock", Keys: []string{"AWS_BEARER_TOKEN_BEDROCK"}, Base: "https://bedrock-runtime.{region}.amazonaws.com", Auth: provider.SigV4,
			Wire: provider.BedrockConverse, ChatPath: "/model/{model}/converse",
			Callers: []provider.Hole{{Name: "region", Param: "aws_region_name", Vars: []string{"AWS_REGION_NAME", "AWS_REGION"}}},
		},
		{
			Name: "vertex_ai", Keys: []string{"VERTEXAI_CREDENTIALS"}, KeyKinds: []string{"google-oauth"}, Base: "https://{location}-aiplatform.googleapis.com",
			Hosts: []string{"aiplatform.googleapis.com", "aiplatform.{location}.rep.googleapis.com"}, Auth: provider.GoogleOAuth, Wire: provider.VertexGemini,
			ChatPath: "/v1/projects/{project}/locations/{location}/publishers/google/models/{model}:generateContent",
			Callers: []provider.Hole{
				{Name: "project", Param: "vertex_project", Vars: []string{"VERTEXAI_PROJECT"}},
				{Name: "location", Param: "vertex_location", Vars: []string{"VERTEXAI_LOCATION"}, Default: "us-central1"},
			},
		},
		{
			Name: "azure_ai", Keys: []string{"AZURE_AI_API_KEY"}, Bases: []string{"AZURE_AI_API_BASE"}, Hosts: []string{".services.ai.azure.com"},
			Auth: provider.APIKey, Wire: provider.OpenAIChat, ChatPath: "/models/chat/completions?api-version={api_version}",
			Callers: []provider.Hole{{Name: "api_version", Param: "api_version", Vars: []string{"AZURE_API_VERSION"}, Default: "2024-05-01-preview"}},
		},
		{
			Name: "cloudflare", Keys: []string{"CLOUDFLARE_API_KEY"}, Base: "https://api.cloudflare.com/client/v4/accounts/{account_id}/ai/v1",
			Auth: provider.Bearer, Wire: provider.OpenAIChat, ChatPath: "/chat/completions",
			Callers: []provider.Hole{{Name: "account_id", Param: "account_id", Vars: []string{"CLOUDFLARE_ACCOUNT_ID"}}},
		},
		{
			Name: "databricks", Keys: []string{"DATABRICKS_API_KEY"}, Base: "https://{host}/serving-endpoints", Hosts: []string{".azuredatabricks.net"},
			Auth: provider.Bearer, Wire: provider.OpenAIChat, ChatPath: "/chat/completions",
			Callers: []provider.Hole{{Name: "host", Param: "databricks_host", Vars: []string{"DATABRICKS_HOST"}}},
		},
		{
			Name: "cohere", Keys: []string{"COHERE_API_KEY", "CO_API_KEY"}, Bases: []string{"COHERE_API_BASE"}, Base: "https://api.cohere.com",
			Auth: provider.Bearer, Wire: provider.Cohere, ChatPath: "/v2/chat",
		},
		{
			Name: "ollama", Keys: []string{"OLLAMA_API_KEY"}, Bases: []string{"OLLAMA_API_BASE"}, VendorBase: []string{"OLLAMA_HOST"}, Base: "http://localhost:11434",
			Local: true, Auth: provider.None, Wire: provider.Ollama, ChatPath: "/api/chat", Probe: provider.Probe{URL: "{origin}/api/tags"},
		},
		{
			Name: "hosted_vllm", Keys: []string{"HOSTED_VLLM_API_KEY"}, Bases: []string{"HOSTED_VLLM_API_BASE"}, Local: true, Auth: provider.Bearer,
			Wire: provider.OpenAIChat, ChatPath: "/chat/completions",
		},
		{
			Name: "huggingface", Keys: []string{"HF_TOKEN"}, Bases: []string{"HF_API_BASE"}, Base: "https://router.huggingface.co/v1", Hosts: []string{"huggingface.co"},
			Auth: provider.Bearer, Wire: provider.OpenAIChat, ChatPath: "/chat/completions", Probe: provider.Probe{URL: "https://huggingface.co/api/whoami-v2"},
		},
		{Name: "replicate", Keys: []string{"REPLICATE_API_KEY"}, Base: "https://api.replicate.com/v1", Auth: provider.Token, Wire: provider.Other, ChatPath: "/models/{model}/predictions"},
	}
}

func kinds() []provider.KeyKind {
	return []provider.KeyKind{
		{Name: "anthropic-admin", Title: "Anthropic admin key", Provider: "anthropic", Pattern: `^sk-ant-admin01-`},
		{Name: "anthropic-api", Title: "Anthropic API key", Provider: "anthropic", Pattern: `^sk-ant-api03-`, Inference: true},
		{Name: "openai-project", Title: "OpenAI project key", Provider: "openai", Pattern: `^sk-proj-`, Inference: true},
		{Name: "openai-legacy", Title: "OpenAI key", Provider: "openai", Pattern: `^sk-[A-Za-z0-9]{20}T3Blb`, Inference: true},
		{Name: "google-oauth", Title: "Google access token", Pattern: `^ya29\.`, Inference: true},
		{Name: "groq", Title: "Groq key", Provider: "groq", Pattern: `^gsk_`, Inference: true},
	}
}

func tables() Tables {
	return Tables{
		Providers: rows(), Kinds: kinds(),
		Known: func(m string) []string {
			return map[string][]string{
				"claude-sonnet-4-5": {"anthropic"}, "gpt-4o": {"openai"}, "llama-3.3-70b": {"groq", "cohere"},
			}[m]
		},
		Nearest: func(string, int) []string { return []string{"openai/gpt-4o", "groq/a", "cohere/b", "gemini/c"} },
	}
}

// world is a snapshot in the making.
type world struct {
	t      *testing.T
	env    []string // NAME=value
	dotenv []string // of ./.env, one a line
	upper  []string // of ../.env
	yaml   string
	store  []string
	base   string // --api-base
	key    string // --key-env
	refs   map[string]string
	errs   map[string]*fault.Err
}

func (w world) snapshot() *Snapshot {
	s := &Snapshot{Refs: map[string]Entry{}, RefErrs: w.errs}
	for _, e := range w.env {
		s.Env = append(s.Env, pair(e, Origin{Layer: Env}))
	}
	for _, f := range []struct {
		path  string
		lines []string
	}{{".env", w.dotenv}, {"../.env", w.upper}} {
		if f.lines == nil {
			continue
		}
		file := EnvFile{Path: f.path, Status: "read"}
		for i, l := range f.lines {
			e := pair(l, Origin{Layer: DotEnv, File: f.path, Line: i + 1})
			e.Origin.Column = len(e.Name) + 2
			file.Entries = append(file.Entries, e)
		}
		s.EnvFiles = append(s.EnvFiles, file)
	}
	for _, e := range w.store {
		s.Store = append(s.Store, pair(e, Origin{Layer: KeyStore}))
	}
	for text, v := range w.refs {
		s.Refs[text] = Entry{Name: text, Value: secret.New(v), Origin: Origin{Layer: Deployment, Name: "file", File: "/keys/k"}}
	}
	s.Flags.APIBase = w.base
	if w.key != "" {
		e := pair(w.key, Origin{Layer: Env})
		via := e.Origin
		e.Origin = Origin{Layer: Flag, Name: "--key-env", Via: &via}
		s.Flags.Key = &e
	}
	if w.yaml != "" {
		c, err := config.Parse("config.yaml", []byte(w.yaml))
		if err != nil && w.t != nil {
			w.t.Fatalf("config: %v\n%q", err, w.yaml)
		}
		s.Config = c
	}
	return s
}

func pair(s string, o Origin) Entry {
	name, value, _ := strings.Cut(s, "=")
	o.Name = name
	return Entry{Name: name, Value: secret.New(value), Origin: o}
}

// one resolves a name that stands for one deployment.
func (w world) one(p Policy, name string) *Resolution {
	w.t.Helper()
	all := Resolve(w.snapshot(), tables(), p, name)
	if len(all) != 1 {
		w.t.Fatalf("%s: %d resolutions", name, len(all))
	}
	return all[0]
}

// is reports whether the key in use is the one with that text.
func is(k secret.Secret, text string) bool { return k.Equal(secret.New(text)) }

func code(r *Resolution) fault.Code {
	if r.Err() == nil {
		return ""
	}
	return r.Err().Code
}

func note1(r *Resolution, c fault.Code) *fault.Finding {
	for i := range r.Notes {
		if r.Notes[i].Code == c {
			return &r.Notes[i]
		}
	}
	return nil
}

// states says a trace in one line: "deployment:unset env:used".
func states(cs []Candidate) string {
	out := make([]string, len(cs))
	for i, c := range cs {
		out[i] = string(c.Origin.Layer) + ":" + string(c.State)
		if c.Differs != nil && *c.Differs {
			out[i] += "!"
		}
	}
	return strings.Join(out, " ")
}
