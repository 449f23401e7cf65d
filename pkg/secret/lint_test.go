package secret_test

import (
	"strings"
	"testing"

	"github.com/llmctl/llmctl/pkg/secret"
)

func TestClean(t *testing.T) {
	const key = "sk-ant-api03-Zq8Lw2Rt5Yp9"
	tests := []struct {
		name, text, clean string
		want              secret.Lint
	}{
		{"clean", key, key, secret.Lint{}},
		{"newline", key + "\n", key, secret.Lint{TrimmedSpace: true}},
		{"carriage return", key + "\r", key, secret.Lint{TrimmedSpace: true}},
		{"spaces and tab", " \t" + key + "  ", key, secret.Lint{TrimmedSpace: true}},
		{"no-break space", key + "\u00a0", key, secret.Lint{TrimmedSpace: true}},
		{"byte order mark", "\ufeff" + key, key, secret.Lint{TrimmedSpace: true}},
		{"only space", " \n", "", secret.Lint{TrimmedSpace: true}},
		{"double quotes", `"` + key + `"`, key, secret.Lint{Quotes: `"`}},
		{"single quotes", `'` + key + `'`, key, secret.Lint{Quotes: `'`}},
		{"space outside quotes", ` "` + key + `" `, key, secret.Lint{Quotes: `"`, TrimmedSpace: true}},
		{"space inside quotes", `"` + key + ` "`, key, secret.Lint{Quotes: `"`, TrimmedSpace: true}},
		{"empty quotes", `""`, "", secret.Lint{Quotes: `"`}},
		{"quote in front", `"` + key, `"` + key, secret.Lint{OneQuote: true}},
		{"quote behind", key + `'`, key + `'`, secret.Lint{OneQuote: true}},
		{"unlike quotes", `"` + key + `'`, `"` + key + `'`, secret.Lint{OneQuote: true}},
		{"inner space", "sk-a b12345678", "sk-a b12345678", secret.Lint{BadRune: true, BadIndex: 4, BadName: "U+0020"}},
		{"index in the text as given", `  "sk-a` + "\u200b" + `b12345678"`, "sk-a\u200bb12345678", secret.Lint{TrimmedSpace: true, Quotes: `"`, BadRune: true, BadIndex: 7, BadName: "U+200B"}},
		{"curly quotes", "“" + key + "”", "“" + key + "”", secret.Lint{BadRune: true, BadIndex: 0, BadName: "U+201C"}},
		{"inner newline", "sk-a\nb12345678", "sk-a\nb12345678", secret.Lint{BadRune: true, BadIndex: 4, BadName: "U+000A"}},
		{"emoji", "sk-1234567890\U0001F511", "sk-1234567890\U0001F511", secret.Lint{BadRune: true, BadIndex: 13, BadName: "U+1F511"}},
		{"index in runes", "ключ9", "ключ9", secret.Lint{BadRune: true, BadIndex: 0, BadName: "U+043A"}},
		{"Bearer", "Bearer " + key, "Bearer " + key, secret.Lint{Prefix: "Bearer ", BadRune: true, BadIndex: 6, BadName: "U+0020"}},
		{"header", "x-api-key:" + key, "x-api-key:" + key, secret.Lint{Prefix: "x-api-key:"}},
		{"assignment", "ANTHROPIC_API_KEY=" + key, "ANTHROPIC_API_KEY=" + key, secret.Lint{Prefix: "ANTHROPIC_API_KEY="}},
		{"export", "export A_KEY=" + key, "export A_KEY=" + key, secret.Lint{Prefix: "export ", BadRune: true, BadIndex: 6, BadName: "U+0020"}},
		{"base64 is no assignment", "QUJD_REVG12345678==", "QUJD_REVG12345678==", secret.Lint{}},
		{"url", "https://api.example.com/v1", "https://api.example.com/v1", secret.Lint{URL: true}},
		{"masked by stars", "sk-ant-****Yp9T", "sk-ant-****Yp9T", secret.Lint{Masked: true}},
		{"masked by dots", "sk-ant-api03-Zq8...Yp9T", "sk-ant-api03-Zq8...Yp9T", secret.Lint{Masked: true}},
		{"masked by ellipsis", "sk-Zq8…Yp9T", "sk-Zq8…Yp9T", secret.Lint{Masked: true, BadRune: true, BadIndex: 6, BadName: "U+2026"}},
		{"shell reference", "${MY_KEY}", "${MY_KEY}", secret.Lint{Reference: "${MY_KEY}"}},
		{"bare shell reference", "$MY_KEY", "$MY_KEY", secret.Lint{Reference: "$MY_KEY"}},
		{"LiteLLM reference", "os.environ/MY_KEY", "os.environ/MY_KEY", secret.Lint{Reference: "os.environ/MY_KEY"}},
		{"windows reference", "%MY_KEY%", "%MY_KEY%", secret.Lint{Reference: "%MY_KEY%"}},
		{"template", "{{ .Key1 }}", "{{ .Key1 }}", secret.Lint{Reference: "{{ .Key1 }}", BadRune: true, BadIndex: 2, BadName: "U+0020"}},
		{"command", "$(pass show x1)", "$(pass show x1)", secret.Lint{Reference: "$(…)", BadRune: true, BadIndex: 6, BadName: "U+0020"}},
		{"key inside a reference", "os.environ/" + key, "os.environ/" + key, secret.Lint{Reference: "os.environ/…"}},
		{"word", "mykeyname", "mykeyname", secret.Lint{Word: true}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, lint := secret.New(tt.text).Clean()
			if !got.Equal(secret.New(tt.clean)) {
				t.Errorf("clean text differs, length %d", got.Len())
			}
			if lint != tt.want {
				t.Errorf("got  %+v\nwant %+v", lint, tt.want)
			}
		})
	}
}

// What Clean says of a text never holds a part of the key that long.
func TestLintHoldsNoKey(t *testing.T) {
	for _, text := range []string{
		"Bearer " + canary, "export X_Y=" + canary, "X_Y=" + canary, "os.environ/" + canary, "${" + canary + "}",
		"{{" + canary + "}}", "$(echo " + canary + ")", "process.env." + canary, "%" + canary + "%", "$" + canary,
	} {
		_, l := secret.New(text).Clean()
		if said := l.Prefix + l.Reference + l.BadName + l.Quotes; leaks(said) != "" {
			t.Errorf("Lint leaks (%s) for %q", leaks(said), strings.ReplaceAll(text, canary, "KEY"))
		}
	}
}

func TestPlaceholder(t *testing.T) {
	for _, text := range []string{
		"your-api-key", "YOUR_API_KEY_HERE", "your_api_key_here", "sk-your-key", "<your key>", "<key>", "[your-key]",
		"sk-...", "sk-xxx", "sk-xxxxxxxxxxxxxxxx", "sk-ant-api03-xxxxxxxx", "gsk_0000000000000000", "xxxx", "...",
		"changeme", "CHANGE-ME", "replace-me", "REPLACE_WITH_KEY", "todo", "dummy", "test", "none", "None", "null",
		"undefined", "empty", "not-needed", "no-key-required", "user_provided", "secret", "ollama", "lm-studio",
		"my-api-key", "insert-key-here", "placeholder", "sk-abcabcabcabcabcabc", "sk-1234",
	} {
		if _, l := secret.New(text).Clean(); !l.Placeholder {
			t.Errorf("%q is a sample value", text)
		}
	}
	for _, text := range []string{
		"sk-ant-api03-Zq8Lw2Rt5Yp9Bn3Km6", "sk-proj-Ab12Cd34Ef56Gh78Ij90T3BlbkFJ", "0123456789abcdef0123456789abcdef",
		"sk-litellm-team-a-77", "gsk_Zq8Lw2Rt5Yp9Bn3Km6Vc1Xs4", "AIzaSyZq8Lw2Rt5Yp9Bn3Km6Vc1Xs4Fg7", "hunter22", "",
	} {
		if _, l := secret.New(text).Clean(); l.Placeholder {
			t.Errorf("%q is taken for a sample value", text)
		}
	}
}

func keys() []string {
	return []string{
		"sk-ant-api03-Zq8Lw2Rt5Yp9Bn3Km6Vc1Xs4Fg7Hj0Qw2Er5AA",
		"sk-ant-oat01-Zq8Lw2Rt5Yp9",
		"sk-proj-Ab12Cd34Ef56Gh78T3BlbkFJAb12Cd34",
		"sk-or-v1-0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
		"sk-0123456789abcdef0123456789abcdef",
		"gsk_Zq8Lw2Rt5Yp9Bn3Km6Vc1Xs4Fg7Hj0Qw2Er5Ty8Ui1Op4As7Df",
		"AIzaSyZq8Lw2Rt5Yp9Bn3Km6Vc1Xs4Fg7Hj0Q",
		"AQ.Zq8Lw2Rt5Yp9Bn3Km6Vc1Xs4",
		"ya29.a0Zq8Lw2Rt5Yp9Bn3Km6",
		"xai-Zq8Lw2Rt5Yp9Bn3Km6Vc1Xs4",
		"hf_Zq8LwRtYpBnKmVcXsFgHjQwErTyUiOpAs",
		"AKIAZQRLWTYPBNKMVCXS",
		"dapi0123456789abcdef0123456789abcdef",
		"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl",
		"0123456789abcdef0123456789abcdef",         // Azure, old
		"Zq8Lw2Rt5Yp9Bn3Km6Vc1Xs4Fg7Hj0Qw2Er5Ty8U", // Cohere
		"Zq8_Lw2-Rt5Yp9Bn3_Km6Vc1-Xs4Fg7Hj0Qw2Er",  // base64url without a prefix
		"Bearer sk-ant-api03-Zq8Lw2Rt5Yp9",
		`"sk-ant-api03-Zq8Lw2Rt5Yp9"`,
		" sk-ant-api03-Zq8Lw2Rt5Yp9\n",
		"https://sk-ant-api03-Zq8Lw2Rt5Yp9",
		"https://user:sk-ant-api03-Zq8Lw2Rt5Yp9@gateway.example/v1",
		"https://gateway.example/v1?key=AIzaSyZq8Lw2Rt5Yp9Bn3Km6Vc1Xs4Fg7Hj0Q",
	}
}

func settings() []string {
	return []string{
		// bases
		"https://api.openai.com/v1", "http://127.0.0.1:11434", "http://localhost:4000/v1", "https://openrouter.ai/api/v1",
		"https://my-resource-with-a-very-long-name-01.openai.azure.com/openai/deployments/gpt-4o-mini-2024-07-18",
		"https://bedrock-runtime.us-east-1.amazonaws.com", "https://generativelanguage.googleapis.com/v1beta/openai",
		"https://api.cloudflare.com/client/v4/accounts/0123456789abcdef0123456789abcdef/ai/v1",
		"https://gateway.ai.cloudflare.com/v1/0123456789abcdef0123456789abcdef/my-gateway/openai",
		"https://sk-lab-cluster-01.example.com/v1", "http://sk-lab-cluster-01:8000/v1", "sk-lab-cluster-01.example.com:8000",
		"https://gateway.example/sk-learn-models-large/v1", "https://dbc-0a1b2c3d-4e5f.cloud.databricks.com/serving-endpoints",
		"https://{region}-aiplatform.googleapis.com/v1/projects/{project}", "unix:///var/run/llm.sock", "/v1", "https://",
		"https://0a1b2c3d4e5f60718293a4b5c6d7e8f9.us-east-1.example.com/v1",
		// host:port
		"localhost:11434", "127.0.0.1:8000", "ollama.internal.example.com:11434", "gpu-node-0123456789abcdef0123.local:8000", "[::1]:8080", "0.0.0.0:4000",
		// models
		"gpt-4o", "gpt-4o-mini-2024-07-18", "anthropic/claude-sonnet-4-5", "claude-3-5-sonnet-20241022",
		"us.anthropic.claude-3-5-sonnet-20241022-v2:0", "anthropic.claude-3-5-sonnet-20241022-v2:0",
		"claude-3-5-sonnet-20241022-thinking-extended", "Meta-Llama-3-1-405B-Instruct-Turbo-FP8", "llama-v3p1-405b-instruct-long-context-0125",
		"accounts/fireworks/models/llama-v3p1-8b-instruct", "meta-llama/Meta-Llama-3.1-405B-Instruct-Turbo",
		"ft:gpt-4o-mini-2024-07-18:my-org::AbCdEf12", "gemini-2.0-flash-thinking-exp-1219-preview-long", "text-embedding-3-large",
		"deepseek-r1-distill-qwen-32b-instruct-preview", "Qwen2-5-72B-Instruct-Turbo-Preview-2024-09",
		"arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-3-5-sonnet-20241022-v2:0",
		// versions, regions, projects, organizations
		"2024-10-21", "2025-01-01-preview", "v1", "v1beta", "us-east-1", "europe-west4", "swedencentral", "global", "ap-northeast-1",
		"my-gcp-project-123456", "123456789012", "123e4567-e89b-12d3-a456-426614174000", "123E4567-E89B-12D3-A456-426614174000",
		"org-Zq8Lw2Rt5Yp9Bn3Km6Vc1Xs4", "proj_Zq8Lw2Rt5Yp9Bn3Km6Vc1Xs4", "", "30", "600s", "true",
		"my-team-production-gateway-eu-west-1-blue", "some words that are a sentence and long enough 1",
	}
}

func TestLooksLikeKey(t *testing.T) {
	for _, text := range keys() {
		if !secret.LooksLikeKey(text) {
			t.Errorf("%q is a key", text)
		}
	}
	for _, text := range settings() {
		if secret.LooksLikeKey(text) {
			t.Errorf("%q is taken for a key", text)
		}
	}
}

func TestSetting(t *testing.T) {
	for _, text := range keys() {
		k := secret.New(text)
		if got, ok := k.Setting(); ok || got != k.Fingerprint() {
			t.Errorf("Setting hands out a key: %q", text)
		}
	}
	for _, text := range settings() {
		if got, ok := secret.New(text).Setting(); !ok || got != text {
			t.Errorf("Setting(%q) = %q, %v", text, got, ok)
		}
	}
}

func TestID(t *testing.T) {
	for _, text := range append(settings(), "0123456789abcdef0123456789abcdef", "Zq8Lw2Rt5Yp9Bn3Km6Vc1Xs4Fg7Hj0Qw2Er5Ty8U") {
		if got, ok := secret.New(text).ID(); !ok || got != text {
			t.Errorf("ID(%q) = %q, %v", text, got, ok)
		}
	}
	k := secret.New("sk-ant-api03-Zq8Lw2Rt5Yp9")
	if got, ok := k.ID(); ok || got != k.Fingerprint() {
		t.Errorf("ID hands out a key: %q", got)
	}
}
