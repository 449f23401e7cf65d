package provider

// vendorRows are vendors that LiteLLM has no name for.
// Source: the vendors' documentation as the models.dev catalogue lists it.
func vendorRows() []Provider {
	return []Provider{
		{
			Name: "ollama_cloud", Title: "Ollama Cloud", Aliases: []string{"ollama-cloud"},
			Keys:  []string{"OLLAMA_API_KEY"},
			Base:  "https://ollama.com/v1",
			Hosts: []string{".ollama.com"},
			Auth:  Bearer, Wire: OpenAIChat, ChatPath: "/chat/completions", Version: "/v1",
			Probe:   public(models()),
			KeyPage: "https://ollama.com/settings/keys",
			Notes:   "LiteLLM reaches it as ollama/ with api_base https://ollama.com.",
			Source:  vendor, Date: date,
		},
		{
			Name: "siliconflow", Title: "SiliconFlow",
			Keys:  []string{"SILICONFLOW_API_KEY"},
			Base:  "https://api.siliconflow.com/v1",
			Hosts: []string{"api.siliconflow.cn"},
			Auth:  Bearer, Wire: OpenAIChat, ChatPath: "/chat/completions", Version: "/v1",
			Probe:   models(),
			KeyPage: "https://cloud.siliconflow.com/account/ak",
			Source:  vendor, Date: date,
		},
		{
			Name: "upstage", Title: "Upstage",
			Keys: []string{"UPSTAGE_API_KEY"},
			Base: "https://api.upstage.ai/v1/solar",
			Auth: Bearer, Wire: OpenAIChat, ChatPath: "/chat/completions", Version: "/v1/solar",
			Probe:   models(),
			KeyPage: "https://console.upstage.ai/api-keys",
			Source:  vendor, Date: date,
		},
	}
}
