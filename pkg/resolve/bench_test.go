package resolve

import (
	"fmt"
	"strings"
	"testing"
)

// many is a config of n deployments over the rows, in the forms that people
// write: with and without a base, with and without a key.
func many(n int) *Snapshot {
	var b strings.Builder
	b.WriteString("model_list:\n")
	for i := range n {
		fmt.Fprintf(&b, "  - model_name: group-%d\n    litellm_params:\n", i/3)
		switch i % 5 {
		case 0:
			fmt.Fprintf(&b, "      model: openai/gpt-4o\n      api_key: os.environ/OPENAI_KEY_%d\n", i%7)
		case 1:
			fmt.Fprintf(&b, "      model: anthropic/claude-sonnet-4-5\n      api_base: https://gw-%d.example.com/v1\n      api_key: sk-literal-%d-abcdefghijk\n", i%20, i)
		case 2:
			fmt.Fprintf(&b, "      model: azure/deployment-%d\n      api_base: https://res-%d.openai.azure.com\n      api_version: 2024-10-21\n", i, i)
		case 3:
			fmt.Fprintf(&b, "      model: groq/llama-3.3-70b-versatile\n      rpm: 100\n")
		case 4:
			fmt.Fprintf(&b, "      model: ollama/llama3\n      api_base: http://10.0.0.%d:11434\n", i%250)
		}
	}
	w := world{yaml: b.String(), env: []string{"OPENAI_API_KEY=sk-proj-abcdefghij1", "ANTHROPIC_API_KEY=sk-ant-api03-abc1", "AZURE_API_KEY=0123456789abcdef0123456789abcdef", "GROQ_API_KEY=gsk_abcdefghij"}}
	for i := range 7 {
		w.env = append(w.env, fmt.Sprintf("OPENAI_KEY_%d=sk-proj-own%d-abcdefghij", i, i))
	}
	return w.snapshot()
}

// The aim is under 100 ms.
func BenchmarkDeployments10000(b *testing.B) {
	s, t := many(10_000), tables()
	b.ReportAllocs()
	for b.Loop() {
		if got := Deployments(s, t, Explicit); len(got) != 10_000 {
			b.Fatal(len(got))
		}
	}
}

func BenchmarkResolveOne(b *testing.B) {
	s, t := many(100), tables()
	b.ReportAllocs()
	for b.Loop() {
		Resolve(s, t, Explicit, "group-7")
	}
}
