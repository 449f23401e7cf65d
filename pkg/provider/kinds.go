package provider

// What the shapes below rest on.
const (
	scanners = "patterns of gitleaks and trufflehog, read 2026-11-21"
	observed = "seen in public reports, read 2026-11-21"
	unproved = "no published source; a hint at most"
)

// Kinds are the shapes of keys, the longest prefix first, so that the first
// match is the best one: sk-ant- and sk-or- before sk-. A shape that several
// vendors share names no provider. \w is a letter, a digit or _.
func Kinds() []KeyKind {
	const tail = `([\w-]{74}|[\w-]{58})T3BlbkFJ([\w-]{74}|[\w-]{58})$`
	return []KeyKind{
		{"bedrock-short", "short-lived Amazon Bedrock API key", "bedrock", `^bedrock-api-key-YmVkcm9jay5hbWF6b25hd3MuY29t`, true, scanners},
		{"anthropic-admin", "Anthropic admin key", "anthropic", `^sk-ant-admin01-[\w-]{93}AA$`, false, scanners},
		{"anthropic-oauth", "Anthropic OAuth access token", "anthropic", `^sk-ant-oat01-`, true, observed},
		{"anthropic-refresh", "Anthropic OAuth refresh token", "anthropic", `^sk-ant-ort01-`, false, observed},
		{"anthropic-api", "Anthropic API key", "anthropic", `^sk-ant-api03-[\w-]{93}AA$`, true, scanners},
		{"anthropic-other", "Anthropic key", "anthropic", `^sk-ant-`, true, observed},
		{"openai-service-account", "OpenAI service account key", "openai", `^sk-svcacct-` + tail, true, scanners},
		{"github-pat", "GitHub fine-grained token", "github", `^github_pat_\w{82}$`, true, scanners},
		{"openai-admin", "OpenAI admin key", "openai", `^sk-admin-[\w-]+T3BlbkFJ[\w-]+$`, false, scanners},
		{"openai-project", "OpenAI project key", "openai", `^sk-proj-` + tail, true, scanners},
		{"openai-other", "OpenAI key", "openai", `^sk-(None|service|proj|svcacct)-`, true, observed},
		{"huggingface-org", "Hugging Face organisation token", "huggingface", `^api_org_[A-Za-z0-9]{34}$`, true, scanners},
		{"openrouter", "OpenRouter key", "openrouter", `^sk-or-v1-[0-9a-f]{64}$`, true, scanners},
		{"together", "Together AI key", "together_ai", `^tgp_v1_[\w-]{43}$`, true, observed},
		{"nvidia", "NVIDIA key", "nvidia_nim", `^nvapi-[\w-]{64}$`, true, scanners},
		{"perplexity", "Perplexity key", "perplexity", `^pplx-[A-Za-z0-9]{48}$`, true, scanners},
		{"google-oauth", "Google OAuth access token", "vertex_ai", `^ya29\.`, true, observed},
		{"xai", "xAI key", "xai", `^xai-[0-9A-Za-z_]{80}$`, true, scanners},
		{"databricks", "Databricks token", "databricks", `^dapi[a-f0-9]{32}(-\d)?$`, true, scanners},
		{"groq", "Groq key", "groq", `^gsk_[A-Za-z0-9]{52}$`, true, scanners},
		{"google-standard", "Google API key", "gemini", `^AIza[\w-]{35}$`, true, scanners},
		{"bedrock-api", "Amazon Bedrock API key", "bedrock", `^ABSK[A-Za-z0-9+/]{109,269}={0,2}$`, true, scanners},
		{"aws-access-key", "AWS access key id", "bedrock", `^(A3T[A-Z0-9]|AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}$`, true, scanners},
		{"cerebras", "Cerebras key", "cerebras", `^csk-`, true, unproved},
		{"fireworks", "Fireworks key", "fireworks_ai", `^(fw_[A-Za-z0-9]{22,40}$|fpk_)`, true, observed},
		{"vercel", "Vercel AI Gateway key", "vercel_ai_gateway", `^vck_`, true, observed},
		{"github", "GitHub token", "github", `^(ghp|gho|ghu|ghs|ghr)_[A-Za-z0-9]{36}$`, true, scanners},
		{"huggingface", "Hugging Face token", "huggingface", `^hf_[A-Za-z0-9]{34}$`, true, scanners},
		{"replicate", "Replicate token", "replicate", `^r8_[0-9A-Za-z_-]{37}$`, true, scanners},
		{"google-auth", "Google auth key", "gemini", `^AQ\.`, true, observed},
		{"elevenlabs", "ElevenLabs key", "elevenlabs", `^sk_[a-f0-9]{48}$`, false, scanners},
		{"jwt", "JSON web token", "", `^eyJ[\w-]+\.[\w-]+\.`, true, observed},
		{"openai-legacy", "OpenAI key of the old form", "openai", `^sk-[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20}$`, true, scanners},
		// No vendor's own prefix: these name no provider.
		{"sk-32", "key of sk- and 32 characters (DeepSeek, Moonshot, DashScope and gateways)", "", `^sk-[a-z0-9]{32}$`, true, scanners},
		{"sk-any", "key that begins with sk- (LiteLLM proxy and many gateways)", "", `^sk-.`, true, observed},
		{"azure-84", "Azure OpenAI key of 84 characters", "", `^[A-Za-z0-9]{84}$`, true, observed},
		{"together-64", "key of 64 hexadecimal digits (Together AI, older)", "", `^[a-f0-9]{64}$`, true, observed},
		{"cohere-40", "key of 40 letters and digits (Cohere)", "", `^[A-Za-z0-9]{40}$`, true, scanners},
		{"azure-32", "key of 32 hexadecimal digits (Azure OpenAI)", "", `^[a-f0-9]{32}$`, true, scanners},
		{"mistral-32", "key of 32 letters and digits (Mistral)", "", `^[A-Za-z0-9]{32}$`, true, unproved},
	}
}
