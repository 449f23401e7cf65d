package wire

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/llmctl/llmctl/pkg/fault"
	"github.com/llmctl/llmctl/pkg/provider"
	"github.com/llmctl/llmctl/pkg/resolve"
	"github.com/llmctl/llmctl/pkg/secret"
)

const (
	accessToken  = "ya29.canary-access-token-9KqT7b2Lx0pVnYw3"
	refreshToken = "1//canary-refresh-token-0pVnYw3ZsGdRfHjM"
	clientSecret = "GOCSPX-canary-client-secret-9KqT7b"
)

// cloudGoogle is Google's token endpoint and Vertex AI.
type cloudGoogle struct {
	public *rsa.PublicKey
	refuse string // body of the token endpoint, status 400
	answer http.HandlerFunc
	mu     sync.Mutex
	calls  []string
}

func (g *cloudGoogle) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, _ := io.ReadAll(req.Body)
	g.mu.Lock()
	g.calls = append(g.calls, req.Host+req.URL.Path)
	g.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	if req.Host == "oauth2.googleapis.com" {
		form, _ := url.ParseQuery(string(body))
		switch {
		case g.refuse != "":
			w.WriteHeader(400)
			_, _ = io.WriteString(w, g.refuse)
		case form.Get("refresh_token") == refreshToken && form.Get("client_secret") == clientSecret, g.signed(form.Get("assertion")):
			_, _ = io.WriteString(w, `{"access_token":"`+accessToken+`","expires_in":3599,"token_type":"Bearer"}`)
		default:
			w.WriteHeader(400)
			_, _ = io.WriteString(w, `{"error":"invalid_grant","error_description":"Invalid JWT Signature."}`)
		}
		return
	}
	if g.answer != nil {
		g.answer(w, req)
		return
	}
	if req.Header.Get("Authorization") != "Bearer "+accessToken {
		w.WriteHeader(401)
		_, _ = io.WriteString(w, `{"error":{"code":401,"message":"Request had invalid authentication credentials.","status":"UNAUTHENTICATED"}}`)
		return
	}
	_, _ = io.WriteString(w, `{"totalTokens":1}`)
}

// signed verifies an assertion with the public key.
// Source: RFC 7523; Google, OAuth 2.0 for server to server applications.
func (g *cloudGoogle) signed(jwt string) bool {
	head, rest, _ := strings.Cut(jwt, ".")
	claims, mark, _ := strings.Cut(rest, ".")
	sig, err := base64.RawURLEncoding.DecodeString(mark)
	if err != nil || g.public == nil {
		return false
	}
	digest := sha256.Sum256([]byte(head + "." + claims))
	raw, _ := base64.RawURLEncoding.DecodeString(claims)
	var c struct{ Iss, Aud, Scope string }
	_ = json.Unmarshal(raw, &c)
	return rsa.VerifyPKCS1v15(g.public, crypto.SHA256, digest[:], sig) == nil &&
		c.Iss == "bot@p1.iam.gserviceaccount.com" && c.Aud == "https://oauth2.googleapis.com/token" && strings.Contains(c.Scope, "cloud-platform")
}

// serviceAccount is a JSON key, the key in it, and its public half.
func serviceAccount(t *testing.T) (file, private string, public *rsa.PublicKey) {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	private = string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
	b, _ := json.Marshal(map[string]string{
		"type": "service_account", "project_id": "p1", "private_key_id": "k1", "private_key": private,
		"client_email": "bot@p1.iam.gserviceaccount.com", "token_uri": "https://oauth2.googleapis.com/token",
	})
	return string(b), private, &key.PublicKey
}

func userFile() string {
	return `{"type":"authorized_user","client_id":"c1.apps.googleusercontent.com","client_secret":"` + clientSecret + `","refresh_token":"` + refreshToken + `"}`
}

func vertexRow() provider.Provider {
	return provider.Provider{
		Name: "vertex_ai", Title: "Google Vertex AI", Base: "https://{location}-aiplatform.googleapis.com", Auth: provider.GoogleOAuth, Wire: provider.VertexGemini,
		ChatPath: "/v1/projects/{project}/locations/{location}/publishers/google/models/{model}:generateContent",
		Probe: provider.Probe{
			Method: "POST", Path: "/v1/projects/{project}/locations/{location}/publishers/google/models/{model}:countTokens",
			Body: `{"contents":[{"role":"user","parts":[{"text":"hi"}]}]}`, NeedsKey: true,
		},
	}
}

func vertex(model string, list ...string) *resolve.Resolution {
	r := keyless(at(vertexRow(), "https://us-central1-aiplatform.googleapis.com"))
	r.Upstream = model
	r.Settings = map[string]resolve.Setting{"project": {Value: "p1"}, "location": {Value: "us-central1"}}
	r.Cloud = parts(list...)
	return r
}

func TestGoogleSignIn(t *testing.T) {
	sa, private, public := serviceAccount(t)
	other, otherKey, _ := serviceAccount(t)
	keyBody := strings.ReplaceAll(strings.Split(private, "\n")[1], "\n", "")
	const adc = "/home/me/.config/gcloud/application_default_credentials.json"
	denied := say(403, "application/json", `{"error":{"code":403,"message":"Permission 'aiplatform.endpoints.predict' denied","status":"PERMISSION_DENIED","details":[{"reason":"IAM_PERMISSION_DENIED"}]}}`)
	for _, tc := range []struct {
		name   string
		model  string
		parts  []string
		disk   disk
		refuse string
		answer http.HandlerFunc
		code   fault.Code
		ok     bool
		grade  fault.Grade
		calls  int
	}{
		{"a service account by its path", "gemini-pro", []string{"GOOGLE_APPLICATION_CREDENTIALS=/k/sa.json"}, disk{"/k/sa.json": sa}, "", nil, "", true, fault.Proven, 2},
		{"a service account as JSON", "gemini-pro", []string{"vertex_credentials=" + sa}, nil, "", nil, "", true, fault.Proven, 2},
		{"the deployment's wins", "gemini-pro", []string{"vertex_credentials=" + sa, "GOOGLE_APPLICATION_CREDENTIALS=/gone"}, nil, "", nil, "", true, fault.Proven, 2},
		{"LiteLLM's variable", "gemini-pro", []string{"VERTEXAI_CREDENTIALS=~/sa.json"}, disk{"/home/me/sa.json": sa}, "", nil, "", true, fault.Proven, 2},
		{"a login of gcloud", "gemini-pro", nil, disk{adc: userFile()}, "", nil, "", true, fault.Proven, 2},
		{"gcloud elsewhere", "gemini-pro", []string{"CLOUDSDK_CONFIG=/g/"}, disk{"/g/application_default_credentials.json": userFile()}, "", nil, "", true, fault.Proven, 2},
		{"gcloud on Windows", "gemini-pro", []string{`APPDATA=C:\Users\me`}, disk{`C:\Users\me/gcloud/application_default_credentials.json`: userFile()}, "", nil, "", true, fault.Proven, 2},
		{"no model", "", nil, disk{adc: userFile()}, "", nil, "", true, fault.Scoped, 1},
		{"somebody else's model", "claude-sonnet-4-5", nil, disk{adc: userFile()}, "", nil, "", true, fault.Scoped, 1},
		{"a permission is missing", "gemini-pro", nil, disk{adc: userFile()}, "", denied, "auth.restricted", true, fault.Scoped, 2},
		{"a model that is not there", "gemini-old", nil, disk{adc: userFile()}, "", say(404, "application/json", `{"error":{"code":404,"message":"Publisher Model projects/p1/x was not found","status":"NOT_FOUND"}}`), "model.not-found", false, "", 2},
		{"another key's signature", "gemini-pro", []string{"vertex_credentials=" + other}, nil, "", nil, "auth.rejected", false, "", 1},
		{"a clock", "gemini-pro", []string{"vertex_credentials=" + sa}, nil, `{"error":"invalid_grant","error_description":"Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim."}`, nil, "auth.clock", false, "", 1},
		{"a login that ran out", "gemini-pro", nil, disk{adc: userFile()}, `{"error":"invalid_grant","error_description":"Token has been expired or revoked."}`, nil, "auth.expired", false, "", 1},
		{"a token endpoint that echoes", "gemini-pro", nil, disk{adc: userFile()}, `{"error":"invalid_client","error_description":"client ` + clientSecret + ` with ` + refreshToken + `"}`, nil, "auth.rejected", false, "", 1},
		{"nothing", "gemini-pro", nil, nil, "", nil, "key.missing", false, "", 0},
		{"a path that leads nowhere", "gemini-pro", []string{"GOOGLE_APPLICATION_CREDENTIALS=/gone"}, disk{adc: userFile()}, "", nil, "key.unresolved", false, "", 0},
		{"no JSON", "gemini-pro", nil, disk{adc: "hello"}, "", nil, "key.unresolved", false, "", 0},
		{"another kind of file", "gemini-pro", nil, disk{adc: `{"installed":{"client_secret":"` + clientSecret + `"}}`}, "", nil, "key.unresolved", false, "", 0},
		{"a type that asks elsewhere", "gemini-pro", nil, disk{adc: `{"type":"external_account","credential_source":{"executable":{"command":"x"}}}`}, "", nil, "probe.none", false, "", 0},
		{"a damaged key", "gemini-pro", []string{"vertex_credentials=" + strings.Replace(sa, keyBody[8:20], "!", 1)}, nil, "", nil, "key.unresolved", false, "", 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			g := &cloudGoogle{public: public, refuse: tc.refuse, answer: tc.answer}
			p := inCloud(t, g, tc.disk).Probe(t.Context(), vertex(tc.model, tc.parts...))
			if p.Code != tc.code || p.OK != tc.ok || p.Grade != tc.grade || len(g.calls) != tc.calls {
				t.Fatalf("got %q ok %v grade %q (%v) after %v, want %q %v %q after %d", p.Code, p.OK, p.Grade, p.Err, g.calls, tc.code, tc.ok, tc.grade, tc.calls)
			}
			if p.OK && p.Code == "" && p.Says == "" {
				t.Error("nothing is said")
			}
			silentProbe(t, p, accessToken, refreshToken, clientSecret, keyBody, strings.Split(otherKey, "\n")[1])
		})
	}
}

// A token goes to Google, and to a base that was named beside the credentials.
func TestGoogleTokenStaysAtHome(t *testing.T) {
	sa, _, public := serviceAccount(t)
	for _, tc := range []struct {
		name   string
		refuse fault.Code
		disk   disk
		calls  []string
	}{
		{"named beside the base", "", nil, []string{"oauth2.googleapis.com/token", "gw.example"}},
		{"not for this host", "binding.foreign-host", nil, []string{"oauth2.googleapis.com/token"}},
		{"from gcloud", "", disk{"/home/me/.config/gcloud/application_default_credentials.json": userFile()}, []string{"oauth2.googleapis.com/token"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			g := &cloudGoogle{public: public}
			r := vertex("gemini-pro", "vertex_credentials="+sa)
			r.Base.Value = "https://gw.example"
			p := r.Cloud["vertex_credentials"]
			p.Code, p.Reason = tc.refuse, "it belongs elsewhere"
			r.Cloud["vertex_credentials"] = p
			if tc.disk != nil {
				r.Cloud = nil
			}
			got := inCloud(t, g, tc.disk).Probe(t.Context(), r)
			if !got.OK || len(g.calls) < len(tc.calls) {
				t.Fatalf("%+v after %v", got, g.calls)
			}
			foreign := false
			for _, c := range g.calls {
				foreign = foreign || strings.HasPrefix(c, "gw.example")
			}
			if foreign != (len(tc.calls) == 2) {
				t.Errorf("called %v", g.calls)
			}
			if foreign && !got.Control {
				t.Error("a host that is not Google's is believed without a control")
			}
		})
	}
}

func TestAccountIsNotPrinted(t *testing.T) {
	a, err := readAccount(secret.New(userFile()))
	if err != nil || a.Type != "authorized_user" {
		t.Fatal(a, err)
	}
	if _, err := readAccount(secret.New(refreshToken)); err == nil || strings.Contains(err.Error(), "canary") {
		t.Errorf("%v", err)
	}
}
