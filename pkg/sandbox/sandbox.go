// Package sandbox is providers on loopback: they check keys in their own header
// form, list models, chat, stream, and refuse in their own words.
//
// It is the demo, the playground and the test rig. It is not a proxy: nothing
// that reaches it leaves the machine, and it knows no real key.
//
// The one rule: a provider does not know its client. Nothing here comes from
// the packages that call providers or judge their answers, because shared code
// would make both wrong together.
package sandbox

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/llmctl/llmctl/pkg/provider"
)

// Behaviour is how a provider or an account misbehaves.
type Behaviour string

// The behaviours. The zero Behaviour is a provider in good health.
const (
	Healthy     Behaviour = ""
	Restricted  Behaviour = "restricted"   // the key is genuine and may not list models
	NoCredit    Behaviour = "no-credit"    // the key is genuine; what costs money is refused
	RateLimited Behaviour = "rate-limited" // every call is one too many; asks for 7 seconds
	Overloaded  Behaviour = "overloaded"
	Failing     Behaviour = "failing"      // 500
	Portal      Behaviour = "html"         // a sign-in page answers everything with 200
	AnyKey      Behaviour = "any-key"      // no key is ever looked at
	Hang        Behaviour = "hang"         // takes the request and never answers
	EmptyModels Behaviour = "empty-models" // lists nothing
	Cut         Behaviour = "cut"          // streams stop in the middle, politely
	Redirect    Behaviour = "redirect"     // sends every caller to another host
)

// Options says who is there and how they behave. The zero Options is every
// provider of the table, with no accepted key.
type Options struct {
	// Addr is the loopback address to listen on; "" is a free port of
	// 127.0.0.1. An address that others can reach is refused.
	Addr string
	// Providers are the rows that are played; nil means provider.All().
	Providers []provider.Provider
	// Keys are the accepted keys by provider. A name that no row has is an
	// OpenAI-compatible provider below /name/. A local provider without keys
	// asks for none.
	Keys map[string][]string
	// Behaviour is by provider name, or by the exact text of a key; the key's
	// comes first.
	Behaviour map[string]Behaviour
	// Models are the model ids by provider. A provider that is not here lists
	// "sandbox-small" and "sandbox-large" and answers for any model.
	Models map[string][]string
	// Delay is waited before each answer; Delays is the same by provider, and
	// comes first.
	Delay  time.Duration
	Delays map[string]time.Duration
	// Pace is waited between two words of a stream.
	Pace time.Duration
	// Unresolvable and Refused are hosts that Transport does not reach: their
	// name does not resolve, or nobody listens.
	Unresolvable []string
	Refused      []string
}

// Seen is a request that arrived. It holds no key.
type Seen struct {
	Method   string
	Path     string // without the query
	Host     string // as the Host header said it
	Provider string // who it was for; "" = nobody
	Model    string
	Stream   bool
	Status   int // what was answered; 0 while it is not
	// Keys are the credentials that came, one for each header.
	Keys []SeenKey
}

// SeenKey is a credential that arrived.
type SeenKey struct {
	Form        provider.Auth // the header form it came in; "query" for ?key=
	Fingerprint string        // "fp:" and 8 hex digits, as llmctl prints it
	Right       bool          // the form that this provider reads
	Known       bool          // one of the provider's accepted keys
}

// Server is the sandbox. Its zero value is of no use; Start makes one.
type Server struct {
	options Options
	houses  []house
	listen  net.Listener
	http    *http.Server
	done    chan struct{}
	once    sync.Once

	mu   sync.Mutex
	seen []Seen
}

// Start listens and answers until Close.
func Start(o Options) (*Server, error) {
	addr, err := loopback(o.Addr)
	if err != nil {
		return nil, err
	}
	var config net.ListenConfig
	l, err := config.Listen(context.Background(), "tcp", addr) // loopback: nothing to wait for
	if err != nil {
		return nil, err
	}
	s := &Server{options: o, houses: build(o), listen: l, done: make(chan struct{})}
	s.http = &http.Server{Handler: s, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = s.http.Serve(l) }() // ends with Close
	return s, nil
}

// loopback is the address to listen on. The sandbox knows keys by their text,
// so nobody else may talk to it.
func loopback(addr string) (string, error) {
	if addr == "" {
		return "127.0.0.1:0", nil
	}
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return "", err
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return "", errors.New("the sandbox listens on loopback only, as 127.0.0.1:8099, not on " + addr)
	}
	return addr, nil
}

// URL is the address, "http://127.0.0.1:PORT".
func (s *Server) URL() string { return "http://" + s.listen.Addr().String() }

// Base is what belongs into api_base to reach the provider called name by its
// path: http://127.0.0.1:PORT/groq/openai/v1.
func (s *Server) Base(name string) string {
	for _, h := range s.houses {
		if h.name == name {
			return s.URL() + "/" + name + h.path
		}
	}
	return s.URL() + "/" + name
}

// Close ends all answers, also those that hang, and stops listening.
func (s *Server) Close() error {
	var err error
	s.once.Do(func() {
		close(s.done)
		ctx, stop := context.WithTimeout(context.Background(), time.Second)
		defer stop()
		if err = s.http.Shutdown(ctx); errors.Is(err, context.DeadlineExceeded) {
			err = s.http.Close()
		}
	})
	return err
}

// Requests are the requests that arrived so far, oldest first.
func (s *Server) Requests() []Seen {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := slices.Clone(s.seen)
	for i := range out {
		out[i].Keys = slices.Clone(out[i].Keys)
	}
	return out
}

// fingerprint names a key as llmctl does everywhere: "fp:" and the first 8 hex
// digits of SHA-256 over "llmctl:" and the key.
func fingerprint(key string) string {
	sum := sha256.Sum256([]byte("llmctl:" + key))
	return "fp:" + hex.EncodeToString(sum[:4])
}
