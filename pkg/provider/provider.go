// Package provider is the table of providers: rows, no behaviour.
//
// It says, for each provider, which names it has, which variables hold its key
// and its base and in which order they are read, where it listens, how it
// wants to be greeted, which wire it speaks, and which free call proves what.
// It resolves nothing and calls nobody.
//
// The one rule: a fact about a provider stands here once, with its source and
// date, and nowhere else.
package provider

// Wire names a protocol. Its text is what users see.
type Wire string

// The wires of product.md. WireOther is a protocol that llmctl does not speak.
const (
	OpenAIChat      Wire = "openai-chat"
	OpenAIResponses Wire = "openai-responses"
	AzureOpenAI     Wire = "azure-openai"
	Anthropic       Wire = "anthropic"
	Gemini          Wire = "gemini"
	VertexGemini    Wire = "vertex-gemini"
	BedrockConverse Wire = "bedrock-converse"
	Ollama          Wire = "ollama"
	Cohere          Wire = "cohere"
	Other           Wire = "other"
)

// Auth is the form in which a provider wants its credential.
type Auth string

// The forms. None means that the server asks for no credential by default.
const (
	Bearer      Auth = "bearer"         // Authorization: Bearer KEY
	Token       Auth = "token"          // Authorization: Token KEY
	XAPIKey     Auth = "x-api-key"      // x-api-key: KEY
	APIKey      Auth = "api-key"        // api-key: KEY
	GoogAPIKey  Auth = "x-goog-api-key" // x-goog-api-key: KEY, never ?key=
	SigV4       Auth = "sigv4"          // AWS signature, or Bearer with an API key
	GoogleOAuth Auth = "google-oauth"   // Authorization: Bearer <access token>
	None        Auth = "none"
	OtherAuth   Auth = "other"
)

// Provider is one row.
type Provider struct {
	Name    string   // LiteLLM's provider id; also the prefix of a model, without the slash
	Title   string   // the name people use
	Aliases []string // other prefixes that mean this row (LiteLLM's and other tools')

	Keys       []string // variables of the key, in the order in which they are read
	VendorKeys []string // names that the vendor's own tools read and LiteLLM does not
	Globals    []string // litellm_settings names that hold its key: "anthropic_key"
	Bases      []string // variables of the base, in the order in which they are read
	VendorBase []string // names that the vendor's own tools read and LiteLLM does not

	Base  string   // default base; holes such as {region} are named; "" = none
	Hosts []string // the provider's own hosts beside Base's: exact, or ".suffix"
	Local bool     // normally a server on the user's own machine or network

	Auth     Auth
	Wire     Wire
	ChatPath string // appended to the base; {model} and {deployment} are holes
	Version  string // the path that a base of this provider ends in ("/v1"); "" = none wanted

	Probe    Probe
	KeyKinds []string // names of KeyKind rows that fit; empty = any shape
	KeyPage  string   // where a person gets a key; "" = nobody needs one, or unknown

	Notes   string // one sentence that a user of this row should know; may be empty
	Source  string // where the row was checked, "litellm 1.109.1 (executed)"
	Date    string // when, YYYY-MM-DD
	Callers []Hole // settings that fill holes of Base and ChatPath
}

// Hole is a named part of an address that a setting or a variable fills.
type Hole struct {
	Name    string   // as in {name}
	Param   string   // litellm_params name that fills it
	Vars    []string // variables that fill it, in order
	Default string   // "" = no default: base.hole
}

// Probe is the cheapest honest call that says something about a key.
// The zero Probe means that no free call is known.
type Probe struct {
	Method string // "GET" when empty and Path is not
	// Path is joined to the base, as ChatPath is, with the same holes. Empty
	// when URL is set.
	Path string
	// URL is the full address of a probe that is not below the base. {origin}
	// in it is scheme://host of the base in use, so that a custom base keeps
	// its own host. A URL with a host of its own is used only when the base is
	// the provider's own: for any other base there is no probe,
	// because the key would leave the host it was resolved for.
	URL    string
	Body   string // JSON body of a POST
	Header []Header

	// Public says that the endpoint is known to answer without a key; a 200
	// is then graded Unproven unless Negative is asked for.
	Public bool
	// NeedsKey says that the endpoint is known to refuse a wrong key, so that
	// no negative control is needed. Public and NeedsKey both false: unknown.
	NeedsKey bool
	// List says that a good answer lists model ids, so that the configured
	// model can be looked up in it.
	List bool
	// Proves and Misses are said to the user, as noun phrases.
	Proves string
	Misses string
	Source string
}

// Header is one header that is always sent. It never holds a credential.
type Header struct{ Name, Value string }

// KeyKind is the shape of one kind of key. Shapes are hints: no key is refused
// for its shape alone.
type KeyKind struct {
	Name      string // "anthropic-api"
	Title     string // "Anthropic API key"
	Provider  string // row the kind belongs to; "" = several vendors
	Pattern   string // RE2, anchored
	Inference bool   // false: an administration key or a login token
	Source    string
}
