package verdict

import "github.com/llmctl/llmctl/pkg/fault"

// rule is one row of knowledge: all conditions that it gives must hold.
type rule struct {
	who    string     // vendors, separated by spaces; "" = whoever answers
	status string     // "401", "4xx", "401 403"; "" = any error
	words  string     // codes, types or reasons, separated by spaces; any of them, any case
	text   string     // RE2, any case, in one of the sentences
	quota  string     // RE2 in one of Google's quotaIds
	header string     // "name" or "name: part of the value", any case
	shape  shape      // what the body looks like
	flag   string     // "valid=false" in a good answer of a probe
	code   fault.Code // what it means
	key    fault.Key  // "" = what the code's row says of the key
}

// rules is all that is known, in the order in which it is asked. The first row
// that holds decides: what stands between us and the provider comes first,
// then what gateways say, then the vendors' own rows, then words and sentences
// that mean the same wherever they are said. What no row knows is left to the
// status (families).
//
// Bodies of different vendors collide, so rows are keyed by vendor where the
// same words mean different things. Codes before sentences: sentences change.
func rules() []rule {
	var all []rule
	for _, part := range [][]rule{edges(), gateways(), vendorRules(), wordRules(), textRules()} {
		all = append(all, part...)
	}
	return all
}

// edges is what answers before the provider does: proxies, portals, CDNs, and
// servers that are no API. None of it says anything of a key.
// Sources: Cloudflare error pages; RFC 9110, RFC 6585; issue reports, read 2026-11-21.
func edges() []rule {
	return []rule{
		{status: "301 302 303 307 308", code: "net.redirect"},
		{status: "407", code: "proxy.failed"},
		{status: "511", code: "answer.not-api"},
		{status: "4xx", text: `HTTP request to an HTTPS server|plain HTTP request was sent to HTTPS port`, code: "net.scheme"},
		{header: "cf-mitigated", status: "4xx 5xx", code: "edge.blocked"},
		{header: "server: cloudflare", status: "403 429 503", shape: isHTML, code: "edge.blocked"},
		{text: `used Cloudflare to restrict access|Attention Required! \| Cloudflare`, status: "4xx", code: "edge.blocked"},
		{text: `error code: 5[23]\d`, status: "5xx", shape: isText, code: "provider.failed"},
		{header: "server: cloudflare", status: "520 521 522 523 524 525 526 530", code: "provider.failed"},
		{header: "server: squid", status: "4xx 5xx", code: "proxy.failed"},
		{header: "server: privoxy", status: "4xx 5xx", code: "proxy.failed"},
		{header: "x-squid-error", status: "4xx 5xx", code: "proxy.failed"},
		{header: "server: zscaler", status: "4xx 5xx", code: "proxy.failed"},
		{header: "via", status: "4xx 5xx", shape: isHTML, code: "proxy.failed"},

		// Perplexity's own edge refuses a bad key and an empty account alike.
		{who: "perplexity", status: "401", shape: isHTML, code: "quota.unconfirmed"},

		{status: "413", shape: isHTML, code: "request.too-large", key: fault.Unsaid}, // the web server's limit, not the model's
		{status: "404 405", shape: isHTML, code: "path.not-found"},
		{status: "2xx 401 403", shape: isHTML, code: "answer.not-api"},
		{status: "404", shape: isText, text: `^404 page not found$|^not found$`, code: "path.not-found"},
	}
}

// gateways is what a LiteLLM proxy says in its own name. The word "litellm
// exception" is the class of the exception that it names.
// Source: LiteLLM 1.109.1, proxy error bodies; its error_diagnosis page.
func gateways() []rule {
	return []rule{
		{text: `No deployments available.*crossed budget`, code: "quota.exhausted"},
		{words: "budget_exceeded", code: "quota.exhausted"},
		{text: `Budget has been exceeded|ExceededBudget`, code: "quota.exhausted"},
		{text: `No deployments available|No healthy deployments?`, code: "cooldown.cascade"},
		{text: `No api key passed in`, code: "auth.not-sent"},
		{words: "token_not_found_in_db", code: "auth.rejected"},
		{text: `LiteLLM Virtual Key expected|Invalid proxy server token passed`, code: "auth.rejected"},
		{words: "expired_key", code: "auth.expired"},
		{words: "key_model_access_denied team_model_access_denied", code: "model.not-found"},
		{text: `(?:key|team|user) not allowed to access model`, code: "model.not-found"},
		{text: `Invalid model name passed in model|There is no 'model_name' with this string|LLM Provider NOT provided`, code: "model.not-found"},
		{words: "UnsupportedParamsError", code: "param.unsupported"},
		{words: "ContextWindowExceededError", code: "context.exceeded"},
		{words: "ContentPolicyViolationError", code: "content.filtered"},
	}
}

// vendorRules are rows that hold for one vendor only.
func vendorRules() []rule {
	var all []rule
	for _, part := range [][]rule{openAI(), anthropic(), google(), azure(), bedrock(), otherVendors()} {
		all = append(all, part...)
	}
	return all
}

// Source: OpenAI error codes page and its 401 texts; openai-openapi f85dbe2.
func openAI() []rule {
	return []rule{
		// The key is genuine, and a list may fail where a chat passes.
		{status: "401 403", text: `Missing scopes?:|insufficient permissions for this operation`, code: "auth.restricted"},
		{words: "mismatched_organization no_organization", code: "auth.forbidden", key: fault.Good},
		{who: "openai", text: `^no such organization`, code: "auth.forbidden"},
		{words: "account_deactivated", code: "auth.rejected"},
		{words: "ip_not_authorized", code: "auth.forbidden"},
		{words: "incorrect_hostname", code: "base.wrong-region"},
		{text: `incorrect regional hostname`, code: "base.wrong-region"},
		{words: "unsupported_country_region_territory", code: "auth.region"},
		{text: `organization must be verified`, code: "auth.forbidden", key: fault.Good},
		{text: `Invalid URL \((?:GET|POST) `, code: "path.not-found"},
		{text: `could not parse the JSON body`, code: "request.refused"},
	}
}

// Source: Anthropic API errors page; anthropic-sdk-go v1.84.0 shared error types.
func anthropic() []rule {
	return []rule{
		{status: "400 402 403", text: `credit balance is too low`, code: "quota.exhausted"},
		{words: "billing_error", code: "quota.exhausted"},
		{text: `only authorized for use with Claude Code`, code: "auth.forbidden", key: fault.Good},
		{text: `OAuth authentication is currently not (?:allowed|supported)`, code: "auth.forbidden"},
		// type forbidden, and no request id: refused by country or network.
		{who: "anthropic", status: "403", words: "forbidden", text: `Request not allowed`, code: "auth.region"},
		{text: `x-api-key header is required`, code: "auth.not-sent"},
		{who: "anthropic", status: "404", words: "not_found_error", text: `^model: `, code: "model.not-found"},
		{who: "anthropic", status: "404", code: "path.not-found"},
		{status: "413", text: `model context window`, code: "context.exceeded"},
		{words: "request_too_large", code: "request.too-large"},
		{text: `prompt is too long`, code: "context.exceeded"},
		{who: "anthropic", words: "permission_error", code: "auth.restricted"},
		{who: "anthropic", status: "400 422", words: "invalid_request_error", code: "request.refused"},
	}
}

// Google decides by reason and by quotaId; the status of a bad key is 400.
// Source: google.rpc.Code and ErrorInfo reasons; Gemini API troubleshooting page.
func google() []rule {
	const g = "gemini vertex"
	return []rule{
		{text: `API key expired`, code: "auth.expired"},
		{words: "API_KEY_EXPIRED ACCESS_TOKEN_EXPIRED", code: "auth.expired"},
		{words: "API_KEY_INVALID", code: "auth.rejected"},
		{text: `API key not (?:valid|found)\. Please pass a valid`, code: "auth.rejected"},
		{text: `API key was reported as leaked`, code: "auth.rejected"},
		{text: `unregistered callers`, code: "auth.not-sent"},
		// A key went to a service that wants an OAuth token: nothing is said of the key itself.
		{words: "CREDENTIALS_MISSING", code: "auth.rejected", key: fault.Unsaid},
		{words: "API_KEY_SERVICE_BLOCKED API_KEY_HTTP_REFERRER_BLOCKED API_KEY_IP_ADDRESS_BLOCKED API_KEY_ANDROID_APP_BLOCKED API_KEY_IOS_APP_BLOCKED", code: "auth.restricted"},
		{words: "SERVICE_DISABLED", code: "auth.restricted"},
		{words: "IAM_PERMISSION_DENIED", code: "auth.restricted"},
		{words: "CONSUMER_INVALID", code: "auth.forbidden"},
		{text: `User location is not supported`, code: "auth.region"},
		{words: "BILLING_DISABLED", code: "quota.exhausted"},
		{text: `prepay(?:ment)? credits are depleted`, code: "quota.exhausted"},
		// Whatever wait it names: a day's quota comes back at midnight, a limit of 0 never.
		{status: "429", quota: `PerDay`, code: "quota.exhausted"},
		{status: "429", text: `\blimit: 0\b`, code: "quota.exhausted"},
		{words: "RESOURCE_EXHAUSTED", code: "rate.limited"},
		{text: `models/\S+ is not found for API version|Publisher Model .* was not found`, code: "model.not-found"},
		{words: "invalid_grant", text: `Token must be a short-lived token|iat and exp`, code: "auth.clock"},
		{words: "invalid_grant invalid_client", code: "auth.rejected"},
		{who: g, words: "UNAUTHENTICATED", code: "auth.rejected"},
		{who: g, words: "PERMISSION_DENIED", code: "auth.forbidden"},
		{who: g, words: "UNAVAILABLE", code: "provider.overloaded"},
		{who: g, words: "INTERNAL DEADLINE_EXCEEDED", code: "provider.failed"},
		// Gemini looks at the key before the arguments.
		{who: g, words: "INVALID_ARGUMENT FAILED_PRECONDITION", code: "request.refused"},
	}
}

// Source: Azure OpenAI REST reference and API Management answers.
func azure() []rule {
	return []rule{
		{header: "policy-id: ThrowExceptionDueToTrafficDenied", code: "auth.forbidden"},
		{text: `Access denied due to Virtual Network/Firewall rules|Public access is disabled`, code: "auth.forbidden"},
		// The same words for a wrong key and for a right key at the wrong resource.
		{text: `invalid subscription key or wrong API endpoint`, code: "auth.rejected"},
		{text: `missing subscription key`, code: "auth.not-sent"},
		{words: "DeploymentNotFound", code: "model.deployment-not-found"},
		{who: "azure", status: "404", text: `^Resource not found$`, code: "path.not-found"},
		{who: "azure", words: "PermissionDenied", code: "auth.restricted"},
	}
}

// Source: Bedrock runtime errors (types/errors.go, v1.63.10) and its troubleshooting page.
func bedrock() []rule {
	return []rule{
		{text: `Signature (?:expired|not yet current): \d+T`, code: "auth.clock"},
		{words: "ExpiredTokenException ExpiredToken RequestExpired", code: "auth.expired"},
		{words: "UnrecognizedClientException InvalidClientTokenId InvalidSignatureException SignatureDoesNotMatch", code: "auth.rejected"},
		{text: `security token included in the request is expired`, code: "auth.expired"},
		{text: `security token included in the request is invalid|request signature we calculated does not match`, code: "auth.rejected"},
		{words: "MissingAuthenticationTokenException MissingAuthenticationToken IncompleteSignature", code: "auth.not-sent"},
		{text: `is not authorized to perform: `, code: "auth.restricted"},
		{text: `don't have access to the model with the specified model ID|Model use case details have not been submitted`, code: "model.not-found"},
		{text: `with on-demand throughput isn't supported|model identifier is invalid`, code: "model.not-found"},
		{text: `reached the end of its life`, code: "model.not-found"},
		{words: "ModelNotReadyException ModelTimeoutException ServiceUnavailableException", code: "provider.overloaded"},
		{words: "ModelErrorException ModelStreamErrorException InternalServerException", code: "provider.failed"},
		{words: "ThrottlingException TooManyRequestsException", code: "rate.limited"},
		{words: "ServiceQuotaExceededException", code: "quota.exhausted"},
		{who: "bedrock", words: "ValidationException", text: `too long|too many input tokens`, code: "context.exceeded"},
		{who: "bedrock", words: "ValidationException", code: "request.refused"},
	}
}

// otherVendors are vendors with a row or two.
// Sources: the vendors' error pages and issue reports; failures seen by users, compiled 2026-11-21.
func otherVendors() []rule {
	return []rule{
		{who: "xai", text: `(?:doesn't have any|used all available) credits|monthly spending limit`, code: "quota.exhausted"},
		{who: "xai", flag: "api_key_blocked=true", code: "auth.rejected"},
		{who: "xai", flag: "api_key_disabled=true", code: "auth.rejected"},
		{who: "xai", flag: "team_blocked=true", code: "auth.forbidden", key: fault.Good},
		{who: "deepseek", flag: "is_available=false", code: "quota.exhausted"},
		{who: "cohere", flag: "valid=false", code: "auth.rejected"},
		{who: "cohere", status: "429", text: `Trial key.*/ month`, code: "quota.exhausted"},
		// Mistral says this for a bad key and for a plan that is used up.
		{who: "mistral", status: "401", text: `^Unauthorized$`, code: "quota.unconfirmed"},
		{who: "mistral", status: "429", words: "1300 rate_limited", code: "rate.limited"},
		// Fireworks suspends accounts with 412; its key is good.
		{who: "fireworks", status: "412", code: "quota.exhausted"},
		// Fireworks answers a list with 500 for some keys that chat.
		{who: "fireworks", status: "500", code: "provider.failed"},
		{who: "nvidia", status: "401 403", text: `Authorization failed|Authentication failed`, code: "auth.rejected"},
		{who: "nvidia", status: "404", text: `Function .*not found`, code: "model.not-found"},
		{who: "github", text: "`models` permission is required|Resource not accessible by", code: "auth.restricted"},
		{text: `does not have sufficient permissions to call Inference Providers`, code: "auth.restricted"},
		{who: "huggingface", status: "402", code: "quota.exhausted"},
		{who: "huggingface", text: `exceeded your monthly included credits`, code: "quota.exhausted"},
		{who: "openrouter", text: `No endpoints found matching your data policy`, code: "auth.forbidden", key: fault.Good},
		{who: "openrouter", status: "400 404", text: `No endpoints found|is not a valid model ID`, code: "model.not-found"},
		{who: "openrouter", text: `free-models-per-day`, code: "quota.exhausted"},
		{who: "openrouter", status: "402", code: "quota.exhausted"},
		{who: "openrouter", status: "403", text: `flagged|moderation`, code: "content.filtered"},
		{who: "openrouter", status: "401", text: `User not found`, code: "auth.rejected"},
		{who: "deepseek", status: "402", code: "quota.exhausted"},
		{who: "cohere", status: "402", code: "quota.exhausted"},
		// Cohere's 498 is about a token of the text, not about the key.
		{who: "cohere", status: "498", code: "content.filtered"},
		{who: "groq", status: "498", code: "provider.overloaded"},
		{who: "lmstudio", text: `Unexpected endpoint or method`, code: "path.not-found"},
		{text: `Unexpected endpoint or method\. \((?:GET|POST) `, code: "path.not-found"},
		{text: `Credential was not sent or was of an unsupported type`, code: "auth.not-sent"},
		{who: "replicate", status: "402", code: "quota.exhausted"},
	}
}

// wordRules are codes that mean the same whoever says them.
func wordRules() []rule {
	return []rule{
		{words: "insufficient_quota billing_not_active credit_balance_exhausted billing_hard_limit_reached insufficient_balance insufficient_credits Arrearage", code: "quota.exhausted"},
		{text: `Request too large for `, code: "request.too-large"},
		{status: "413", words: "rate_limit_exceeded", code: "request.too-large"},
		{words: "rate_limit_exceeded rate_limit_error rate_limited rate_limit_reached_error Throttling too_many_requests", code: "rate.limited"},
		{status: "429", text: `current quota, please check your plan and billing`, code: "quota.exhausted"},

		{words: "model_not_found model_not_available ModelNotFound model_not_found_error invalid_model", code: "model.not-found"},
		{words: "context_length_exceeded context_window_exceeded string_above_max_length", code: "context.exceeded"},
		{words: "unsupported_parameter unsupported_value unknown_parameter", code: "param.unsupported"},
		{words: "content_filter content_policy_violation ResponsibleAIPolicyViolation data_inspection_failed DataInspectionFailed", code: "content.filtered"},
		{words: "overloaded_error capacity_exceeded engine_overloaded engine_overloaded_error service_unavailable_error", code: "provider.overloaded"},
		{words: "unknown_url", code: "path.not-found"},

		{words: "invalid_api_key InvalidApiKey invalid_authentication_error incorrect_api_key_error", code: "auth.rejected"},
		{status: "5xx 2xx", words: "server_error api_error internal_error internal_server_error timeout_error", code: "provider.failed"},
	}
}

// textRules are sentences that mean the same whoever says them.
func textRules() []rule {
	return []rule{
		// No key arrived. It says nothing of the key that was sent.
		{text: `didn't provide an API key|No auth credentials found|Missing (?:Authentication|Authorization) header|no (?:api[ _-]?key|credentials?|authorization header)s? (?:was |were )?(?:provided|found|given|supplied|passed|present)`, code: "auth.not-sent"},
		{status: "401 403 400", text: `(?:api[ _-]?key|authorization header|x-api-key|access token|bearer token|credentials?) (?:is |are )?(?:missing|required|not provided)|missing (?:the )?(?:api[ _-]?key|authorization|bearer|credentials?|access token)`, code: "auth.not-sent"},

		// Money.
		{status: "4xx", text: `insufficient (?:balance|credits?|funds|quota)|credit balance is too low|(?:out of|no|not enough) credits?\b|requires more credits|credits? (?:is|are|has been|have been) (?:exhausted|depleted)|payment (?:method|required)|exceeded your current quota|(?:account|subscription) .*(?:suspended|overdue|arrears)`, code: "quota.exhausted"},

		// The key is genuine but may not do this.
		{status: "401 403", text: `(?:does not have|lacks?|insufficient) (?:the )?(?:required |necessary |sufficient )?(?:permissions?|scopes?)`, code: "auth.restricted"},

		// Country and network.
		{status: "4xx", text: `(?:country|region|territory|location)[^.]{0,40}(?:is |are )?not (?:supported|available|allowed)|not available in your (?:country|region)`, code: "auth.region"},

		// The key is refused.
		{status: "400 401 403", text: `(?:api[ _-]?key|token|credential|access key|secret)s?\b[^.]{0,30}(?:has |is |was )?(?:been )?expired`, code: "auth.expired"},
		{text: `Incorrect API key provided|Invalid API[ _-]?key|API[ _-]?key (?:is )?(?:not valid|invalid|incorrect|revoked|disabled|deactivated|unknown)|API key provided is (?:invalid|incorrect)|invalid x-api-key|invalid api token|invalid token|invalid (?:credentials?|authentication|authorization)|bad credentials|Your api key: .* is invalid|malformed (?:api key|token)|(?:key|account) .*has been (?:deactivated|disabled|revoked|deleted)`, status: "400 401 403", code: "auth.rejected"},
		{status: "401", text: `unauthori[sz]ed|unauthenticated|authentication (?:fails|failed|error)|not authenticated|authorization failed|access denied|could not validate credentials|authentication_error`, code: "auth.rejected"},
		{status: "401 403", words: "authentication_error", code: "auth.rejected"},

		// Models. A provider that looks for the model has accepted the key.
		{status: "400 403 404 410 422 2xx", text: `model[^.]{0,80}(?:does not exist|not found|is not available|isn't available|not supported|is not supported for|has been (?:deprecated|decommissioned|retired)|is deprecated)|does not have access to model|no such model|unknown model|invalid model|model_not_found|not a valid model|try pulling it first|unable to access .*model`, code: "model.not-found"},
		{status: "2xx 4xx", text: `does not support (?:tools|thinking|chat|images?|vision|embeddings?|streaming|function)`, code: "param.unsupported"},

		// Size.
		{text: `maximum context length|context (?:length|window) (?:is |was )?exceed|exceeds? (?:the )?(?:model's |maximum )?context|context_length_exceeded|input is too long|too many (?:input )?tokens in`, status: "4xx", code: "context.exceeded"},
		{status: "413", text: `too large|exceeds`, code: "request.too-large"},

		// Parameters.
		{status: "400 422", text: `unsupported (?:parameter|value)|(?:parameter|property|argument|field)s? .*(?:is |are )?(?:unsupported|not supported|not permitted|not allowed|unknown|unrecognized)|(?:unknown|unrecognized|unexpected|extra) (?:parameter|argument|field|inputs?)|extra inputs are not permitted|don't support \w+=|only allowed when`, code: "param.unsupported"},
		{status: "400", text: `content management policy|content filter|safety (?:system|policy)|violat\w+ .*(?:policy|policies)`, code: "content.filtered"},

		// Rate and load.
		{status: "429 503", text: `rate[ _-]?limit|too many (?:requests|tokens)|requests? per (?:second|minute|hour|day)|tokens per|temporarily rate-limited|try again in|retry after|API calls / minute|resource (?:has been )?exhausted`, code: "rate.limited"},
		{status: "429 498 5xx 2xx", text: `overloaded|over capacity|at capacity|capacity exceeded|currently (?:unavailable|busy)|server is busy|high demand|no (?:available )?capacity`, code: "provider.overloaded"},
		{status: "503", text: `service (?:is )?(?:temporarily )?unavailable|loading model|model is (?:currently )?loading`, code: "provider.overloaded"},
		{status: "5xx 2xx", text: `internal (?:server )?error|had an error processing|unexpected (?:error|EOF)|an error (?:was encountered|occurred)|upstream|bad gateway|gateway time-?out`, code: "provider.failed"},

		// Addresses.
		{status: "404 405", text: `unknown request url|invalid url|no route|cannot (?:GET|POST)|method not allowed|^not found$|path .*not found|(?:endpoint|route|url|page) .*not found|unexpected endpoint`, code: "path.not-found"},

		// A sentence about the messages themselves: read after the key was accepted.
		{status: "400 422", text: `tool_calls?\b|tool_use|tool_result|thought_signature|reasoning_content|messages?\b.*(?:required|must|empty|role)|max_tokens|field required|missing field`, code: "request.refused"},
	}
}

// family is what follows from a status alone.
type family struct {
	from, to int
	code     fault.Code
}

// families are asked last; a verdict of theirs is never certain and says
// nothing of the key.
func families() []family {
	return []family{
		{300, 399, "net.redirect"},
		{400, 400, "request.refused"},
		{401, 401, "auth.rejected"},
		{402, 402, "quota.exhausted"},
		{403, 403, "auth.forbidden"},
		{404, 405, "path.not-found"},
		{408, 408, "provider.failed"},
		{410, 410, "path.not-found"},
		{413, 413, "request.too-large"},
		{415, 415, "request.refused"},
		{422, 422, "request.refused"},
		{429, 429, "rate.limited"},
		{451, 451, "auth.region"},
		{500, 502, "provider.failed"},
		{503, 503, "provider.overloaded"},
		{529, 529, "provider.overloaded"},
		{504, 599, "provider.failed"},
	}
}
