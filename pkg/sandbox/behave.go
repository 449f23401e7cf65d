package sandbox

import "net/http"

// misbehaves answers as the behaviour says, and reports whether it did. The
// key has passed: all of this happens behind the door.
func (v *visit) misbehaves(op operation) bool {
	paid := op.kind == chat || op.kind == messages || op.kind == generate || op.kind == generateStream
	switch v.how {
	case RateLimited:
		v.refuse(v.rateLimited())
	case Overloaded:
		v.refuse(v.overloaded())
	case Failing:
		v.refuse(v.failing())
	case Restricted:
		if r, ok := v.restricted(paid); ok {
			v.refuse(r)
			return true
		}
		return false
	case NoCredit:
		if !paid && v.name != "fireworks_ai" { // Fireworks suspends the whole account
			return false
		}
		v.refuse(v.noCredit())
	default:
		return false
	}
	return true
}

// restricted is a key without a scope: it may not list. Hugging Face and
// GitHub let such a token in everywhere and refuse the calls themselves.
func (v *visit) restricted(paid bool) (refusal, bool) {
	if v.name == "huggingface" {
		return refusal{status: 403, body: `{"error":"This authentication method does not have sufficient permissions to call Inference Providers on behalf of user sandbox"}`}, paid
	}
	if v.name == "gemini" {
		return refusal{status: 403, body: `{"error":{"code":403,"message":"Requests to this API generativelanguage.googleapis.com method google.ai.generativelanguage.v1beta.ModelService.ListModels are blocked.","status":"PERMISSION_DENIED","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"API_KEY_SERVICE_BLOCKED","domain":"googleapis.com","metadata":{"service":"generativelanguage.googleapis.com"}}]}}`}, true
	}
	if v.name == "github" {
		return refusal{status: 401, body: "{\"error\":{\"code\":\"unauthorized\",\"message\":\"The `models` permission is required to access this endpoint\",\"details\":\"The `models` permission is required to access this endpoint\"}}"}, true
	}
	if paid {
		return refusal{}, false
	}
	if v.speaksAnthropic() {
		return refusal{status: 403, body: `{"type":"error","error":{"type":"permission_error","message":"Your API key does not have permission to use the specified resource."},"request_id":"req_sandbox"}`}, true
	}
	return refusal{status: 401, body: `{"error":{"message":"You have insufficient permissions for this operation. Missing scopes: api.model.read. Check that you have the correct role in your organization (Reader, Writer, Owner) and project (Member, Owner), and if you're using a restricted API key, that it has the necessary scopes.","type":"invalid_request_error","param":null,"code":null}}`}, true
}

func (v *visit) noCredit() refusal {
	switch v.name {
	case "anthropic":
		return refusal{status: 400, body: `{"type":"error","error":{"type":"invalid_request_error","message":"Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits."},"request_id":"req_sandbox"}`, header: "request-id: req_sandbox"}
	case "deepseek":
		return refusal{status: 402, body: `{"error":{"message":"Insufficient Balance","type":"unknown_error","param":null,"code":"invalid_request_error"}}`}
	case "openrouter":
		return refusal{status: 402, body: `{"error":{"message":"This request requires more credits, or fewer max_tokens. You requested up to 32000 tokens, but can only afford 27342. To increase, visit https://openrouter.ai/settings/credits and upgrade to a paid account","code":402,"metadata":{"provider_name":null}}}`}
	case "xai":
		return refusal{status: 403, body: `{"code":"The caller does not have permission to execute the specified operation","error":"Your newly created teams doesn't have any credits yet. You can purchase credits on https://console.x.ai/team/sandbox."}`}
	case "gemini":
		return refusal{status: 402, body: `{"error":{"code":402,"message":"Your prepayment credits are depleted. Please go to AI Studio to manage your project and billing.","status":"RESOURCE_EXHAUSTED"}}`}
	case "fireworks_ai":
		return refusal{status: 412, body: `{"error":{"message":"Account sandbox is suspended, possibly due to reaching the monthly spending limit or failure to pay past invoices.","code":"PRECONDITION_FAILED"}}`}
	case "cohere", "cohere_chat":
		return refusal{status: 402, body: `{"message":"Please add or update your payment method at https://dashboard.cohere.com/billing?tab=payment to continue"}`}
	}
	return refusal{status: http.StatusTooManyRequests, body: `{"error":{"message":"You exceeded your current quota, please check your plan and billing details. For more information on this error, read the docs: https://platform.openai.com/docs/guides/error-codes/api-errors.","type":"insufficient_quota","param":null,"code":"insufficient_quota"}}`}
}

func (v *visit) rateLimited() refusal {
	r := refusal{status: http.StatusTooManyRequests, header: "retry-after: 7"}
	switch {
	case v.speaksAnthropic():
		r.body = `{"type":"error","error":{"type":"rate_limit_error","message":"This request would exceed the rate limit for your organization (sandbox) of 20,000 input tokens per minute."},"request_id":"req_sandbox"}`
	case v.row.Wire == "gemini": // the wait stands in the body only
		r.header = ""
		r.body = `{"error":{"code":429,"message":"You exceeded your current quota, please check your plan and billing details.\nPlease retry in 7s.","status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[{"quotaId":"GenerateContentInputTokensPerModelPerMinute-FreeTier"}]},{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"7s"}]}}`
	case v.name == "mistral":
		r.body = `{"object":"error","message":"Rate limit exceeded","type":"rate_limited","param":null,"code":"1300","raw_status_code":429}`
	case v.name == "azure":
		r.body = `{"error":{"code":"429","message":"Requests to the ChatCompletions_Create Operation under Azure OpenAI API version 2024-10-21 have exceeded token rate limit of your current OpenAI S0 pricing tier. Please retry after 7 seconds."}}`
	default:
		r.body = `{"error":{"message":"Rate limit reached for sandbox-small in organization org-sandbox on tokens per min (TPM): Limit 30000, Used 30000, Requested 1. Please try again in 7s.","type":"tokens","param":null,"code":"rate_limit_exceeded"}}`
	}
	return r
}

func (v *visit) overloaded() refusal {
	switch {
	case v.speaksAnthropic():
		return refusal{status: 529, body: `{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}`}
	case v.row.Wire == "gemini":
		return refusal{status: 503, body: `{"error":{"code":503,"message":"The model is overloaded. Please try again later.","status":"UNAVAILABLE"}}`}
	}
	return refusal{status: 503, body: `{"error":{"message":"The engine is currently overloaded, please try again later","type":"server_error","param":null,"code":null}}`}
}

func (v *visit) failing() refusal {
	switch {
	case v.speaksAnthropic():
		return refusal{status: 500, body: `{"type":"error","error":{"type":"api_error","message":"Internal server error"},"request_id":"req_sandbox"}`}
	case v.row.Wire == "gemini":
		return refusal{status: 500, body: `{"error":{"code":500,"message":"An internal error has occurred.","status":"INTERNAL"}}`}
	}
	return refusal{status: 500, body: `{"error":{"message":"The server had an error processing your request. Sorry about that!","type":"server_error","param":null,"code":null}}`}
}
