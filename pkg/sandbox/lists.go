package sandbox

import (
	"strings"
)

type object = map[string]any

// publicList reports whether the provider shows its models to anybody, so that
// a list proves nothing of a key. OpenRouter's probe is another call, but its
// list is public, too.
func (v *visit) publicList() bool {
	return v.row.Probe.Public && !v.row.Local || v.name == "openrouter" || v.name == "huggingface"
}

// ids are the models that are listed.
func (v *visit) ids() []string {
	if v.how == EmptyModels {
		return nil
	}
	return v.models
}

// list answers GET …/models in the shape of the provider's wire.
func (v *visit) list() {
	switch {
	case v.speaksAnthropic():
		if v.r.Header.Get("Anthropic-Version") == "" {
			v.refuse(invalid("anthropic", "anthropic-version: header is required"))
			return
		}
		all := []object{}
		for _, id := range v.ids() {
			all = append(all, object{"type": "model", "id": id, "display_name": id, "created_at": "2026-01-01T00:00:00Z"})
		}
		v.w.Header().Set("Request-Id", "req_sandbox")
		v.encode(object{"data": all, "has_more": false, "first_id": first(v.ids()), "last_id": last(v.ids())})
	case v.row.Wire == "gemini" && !strings.Contains(v.path, "/openai/"):
		all := []object{}
		for _, id := range v.ids() {
			all = append(all, geminiModelCard(id))
		}
		v.encode(object{"models": all})
	case v.name == "together_ai": // a bare array
		all := []object{}
		for _, id := range v.ids() {
			all = append(all, object{"id": id, "object": "model", "created": created, "type": "chat"})
		}
		v.encode(all)
	default:
		all := []object{}
		for _, id := range v.ids() {
			all = append(all, openAIModelCard(id))
		}
		v.encode(object{"object": "list", "data": all})
	}
}

func openAIModelCard(id string) object {
	return object{"id": id, "object": "model", "created": created, "owned_by": "sandbox"}
}

func geminiModelCard(id string) object {
	return object{"name": "models/" + strings.TrimPrefix(id, "models/"), "version": "001", "displayName": id,
		"supportedGenerationMethods": []string{"generateContent", "countTokens"}}
}

// show answers GET …/models/{id}.
func (v *visit) show(id string) {
	switch {
	case v.how == EmptyModels || !v.serves(id):
		v.refuse(noModel(v.name, id))
	case v.row.Wire == "gemini":
		v.encode(geminiModelCard(id))
	case v.speaksAnthropic():
		v.encode(object{"type": "model", "id": id, "display_name": id, "created_at": "2026-01-01T00:00:00Z"})
	default:
		v.encode(openAIModelCard(id))
	}
}

func first(ids []string) any {
	if len(ids) == 0 {
		return nil
	}
	return ids[0]
}

func last(ids []string) any {
	if len(ids) == 0 {
		return nil
	}
	return ids[len(ids)-1]
}

// probed answers the special endpoint that tells about a key. The key passed.
// Sources: the vendors' API references, as the probe rows name them.
func (v *visit) probed() {
	poor := v.how == NoCredit
	switch v.name {
	case "openrouter": // GET /api/v1/key
		limit := object{"label": "sandbox", "usage": 0, "limit": nil, "limit_remaining": nil, "is_free_tier": false}
		if poor {
			limit["limit"], limit["limit_remaining"], limit["usage"] = 5, 0, 5
		}
		v.encode(object{"data": limit})
	case "xai": // GET /v1/api-key
		v.encode(object{"name": "sandbox", "acls": []string{"api-key:model:*", "api-key:endpoint:*"},
			"api_key_blocked": false, "api_key_disabled": false, "team_blocked": false})
	case "deepseek": // GET /user/balance
		amount := "10.00"
		if poor {
			amount = "0.00"
		}
		v.encode(object{"is_available": !poor, "balance_infos": []object{
			{"currency": "USD", "total_balance": amount, "granted_balance": "0.00", "topped_up_balance": amount}}})
	case "cohere": // POST /v1/check-api-key
		v.encode(object{"valid": true, "organization_id": "sandbox", "owner_id": "sandbox"})
	case "huggingface": // GET /api/whoami-v2
		role := []string{"inference.serverless.write"}
		if v.how == Restricted {
			role = []string{}
		}
		v.encode(object{"type": "user", "name": "sandbox", "auth": object{"type": "access_token",
			"accessToken": object{"displayName": "sandbox", "role": "fineGrained", "fineGrained": object{"global": role}}}})
	case "ollama", "ollama_chat": // GET /api/tags, GET /api/version
		if strings.HasSuffix(v.path, "/version") {
			v.encode(object{"version": "0.24.0"})
			return
		}
		all := []object{}
		for _, id := range v.ids() {
			all = append(all, object{"name": id, "model": id, "size": 1})
		}
		v.encode(object{"models": all})
	case "perplexity": // GET /async/chat/completions
		v.encode(object{"next_token": nil, "requests": []object{}})
	case "litellm_proxy": // GET /key/info
		v.encode(object{"key": "sandbox", "info": object{"spend": 0, "max_budget": nil, "models": v.ids()}})
	default:
		v.encode(object{"object": "list", "data": []object{}})
	}
}

// count answers the free calls that count tokens, and need a key.
func (v *visit) count(model string) {
	if model == "" { // Anthropic has it in the body
		var q anthropicRequest
		if !v.body(&q) {
			return
		}
		model = q.Model
	}
	v.asked(model, false)
	switch {
	case !v.serves(model):
		v.refuse(noModel(v.name, model))
	case v.speaksAnthropic():
		v.encode(object{"input_tokens": 1})
	default:
		v.encode(object{"totalTokens": 1})
	}
}
