package wire

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/llmctl/llmctl/pkg/fault"
	"github.com/llmctl/llmctl/pkg/provider"
	"github.com/llmctl/llmctl/pkg/resolve"
	"github.com/llmctl/llmctl/pkg/secret"
)

// Keys of the tests; none of the secret ones may come out of the package.
const (
	awsID      = "AKIACANARY7EXAMPLE42"
	awsSecret  = "canary/aws+secret9KqT7b2Lx0pVnYw3ZsGdRfHjM"
	awsSession = "canary-session-FwoGZXIvYXdzEBYaDKq7+/x2Lz=="
	lentID     = "ASIALENT7EXAMPLE4200"
	lentSecret = "canary/lent+secretQ2w8ErT5yUi0OpA3sDfGhJkL"
	lentToken  = "canary-lent-token-IQoJb3JpZ2luX2VjEJ3+/x=="
	loginToken = "canary-login-token-aoaAAAAAGZq8Lw2Rt5Yp9"
	webToken   = "canary.web.identity-eyJhbGciOiJSUzI1NiJ9x"
)

// cloudNet takes every call to a server on loopback, which sees the host that
// was meant.
type cloudNet struct {
	to   string
	next http.RoundTripper
}

func (n cloudNet) RoundTrip(req *http.Request) (*http.Response, error) {
	c := req.Clone(req.Context())
	c.Host, c.URL.Scheme, c.URL.Host = req.URL.Host, "http", n.to
	return n.next.RoundTrip(c)
}

// amazon is STS and the portal of IAM Identity Center. It knows keys by id and
// checks signatures with code of its own.
type amazon struct {
	now   time.Time
	keys  map[string][2]string // id → secret, session token
	mu    sync.Mutex
	calls []string // host and action
	xml   bool
	plain http.HandlerFunc // answers in its place
}

func (a *amazon) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, _ := io.ReadAll(req.Body)
	form, _ := url.ParseQuery(string(body))
	a.mu.Lock()
	a.calls = append(a.calls, req.Host+" "+form.Get("Action")+req.URL.Path)
	a.mu.Unlock()
	switch {
	case a.plain != nil:
		a.plain(w, req)
	case strings.HasPrefix(req.Host, "portal.sso."):
		a.portal(w, req)
	case form.Get("Action") == "AssumeRoleWithWebIdentity":
		if req.Header.Get("Authorization") != "" || form.Get("WebIdentityToken") != webToken {
			a.refuse(w, 400, "InvalidIdentityToken", "No OpenIDConnect provider found")
			return
		}
		a.lend(w, form)
	default:
		if code, text := a.check(req, body); code != "" {
			a.refuse(w, 403, code, text)
			return
		}
		if form.Get("Action") == "AssumeRole" {
			if strings.HasSuffix(form.Get("RoleArn"), "/closed") {
				a.refuse(w, 403, "AccessDenied", "User: arn:aws:iam::111122223333:user/me is not authorized to perform: sts:AssumeRole on resource: "+form.Get("RoleArn"))
				return
			}
			a.lend(w, form)
			return
		}
		id, _, _ := strings.Cut(strings.TrimPrefix(req.Header.Get("Authorization"), "AWS4-HMAC-SHA256 Credential="), "/")
		if a.xml {
			w.Header().Set("Content-Type", "text/xml")
			_, _ = io.WriteString(w, `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:iam::111122223333:user/`+id+`</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>`)
			return
		}
		a.json(w, `{"GetCallerIdentityResponse":{"GetCallerIdentityResult":{"Account":"111122223333","Arn":"arn:aws:iam::111122223333:user/`+id+`","UserId":"AIDA"},"ResponseMetadata":{"RequestId":"r-1"}}}`)
	}
}

func (a *amazon) json(w http.ResponseWriter, body string) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, body)
}

func (a *amazon) lend(w http.ResponseWriter, form url.Values) {
	action := form.Get("Action")
	a.json(w, `{"`+action+`Response":{"`+action+`Result":{"AssumedRoleUser":{"Arn":"arn:aws:sts::1:assumed-role/x/`+form.Get("RoleSessionName")+`"},"Credentials":{"AccessKeyId":"`+lentID+`","SecretAccessKey":"`+lentSecret+`","SessionToken":"`+lentToken+`","Expiration":1.7e9}}}}`)
}

func (a *amazon) portal(w http.ResponseWriter, req *http.Request) {
	if req.Header.Get("X-Amz-Sso_bearer_token") != loginToken || req.URL.Query().Get("account_id") != "111122223333" || req.URL.Query().Get("role_name") != "Dev" {
		w.Header().Set("X-Amzn-Errortype", "UnauthorizedException")
		w.WriteHeader(401)
		a.json(w, `{"message":"Session token not found or invalid"}`)
		return
	}
	a.json(w, `{"roleCredentials":{"accessKeyId":"`+lentID+`","secretAccessKey":"`+lentSecret+`","sessionToken":"`+lentToken+`","expiration":1893456000000}}`)
}

func (a *amazon) refuse(w http.ResponseWriter, status int, code, text string) {
	if a.xml {
		w.Header().Set("Content-Type", "text/xml")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>`+code+`</Code><Message>`+text+`</Message></Error><RequestId>r-2</RequestId></ErrorResponse>`)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	b, _ := json.Marshal(map[string]any{"Error": map[string]string{"Type": "Sender", "Code": code, "Message": text}, "RequestId": "r-2"})
	_, _ = w.Write(b)
}

// check verifies a signature from the request alone.
// Source: AWS General Reference, Signature Version 4 signing process.
func (a *amazon) check(req *http.Request, body []byte) (code, text string) {
	auth, ok := strings.CutPrefix(req.Header.Get("Authorization"), "AWS4-HMAC-SHA256 ")
	if !ok {
		return "MissingAuthenticationToken", "Request is missing Authentication Token"
	}
	field := map[string]string{}
	for _, f := range strings.Split(auth, ", ") {
		name, value, _ := strings.Cut(f, "=")
		field[name] = value
	}
	scope := strings.Split(field["Credential"], "/")
	known, ok := a.keys[scope[0]]
	if !ok || known[1] != req.Header.Get("X-Amz-Security-Token") {
		return "InvalidClientTokenId", "The security token included in the request is invalid."
	}
	at, err := time.Parse("20060102T150405Z", req.Header.Get("X-Amz-Date"))
	if err != nil || a.now.Sub(at).Abs() > 5*time.Minute {
		return "SignatureDoesNotMatch", "Signature expired: " + req.Header.Get("X-Amz-Date") + " is now earlier than " + a.now.Format("20060102T150405Z") + " (5 min.)"
	}
	if len(scope) != 5 || scope[1] != at.Format("20060102") || scope[3] != "sts" || req.Host != "sts."+scope[2]+".amazonaws.com" {
		return "SignatureDoesNotMatch", "Credential should be scoped to correct service"
	}
	signed := strings.Split(field["SignedHeaders"], ";")
	if !slices.Contains(signed, "host") || !slices.Contains(signed, "x-amz-date") || !slices.IsSorted(signed) {
		return "IncompleteSignature", "host and x-amz-date have to be signed"
	}
	var headers strings.Builder
	for _, name := range signed {
		value := strings.Join(req.Header.Values(name), ",")
		switch name {
		case "host":
			value = req.Host
		case "content-length":
			value = fmt.Sprint(len(body))
		}
		headers.WriteString(name + ":" + strings.TrimSpace(value) + "\n")
	}
	canonical := strings.Join([]string{req.Method, req.URL.EscapedPath(), req.URL.RawQuery, headers.String(), field["SignedHeaders"], sum(body)}, "\n")
	toSign := strings.Join([]string{"AWS4-HMAC-SHA256", req.Header.Get("X-Amz-Date"), strings.Join(scope[1:], "/"), sum([]byte(canonical))}, "\n")
	key := []byte("AWS4" + known[0])
	for _, part := range append(scope[1:], toSign) {
		key = mac(key, part)
	}
	if hex.EncodeToString(key) != field["Signature"] {
		return "SignatureDoesNotMatch", "The request signature we calculated does not match the signature you provided."
	}
	return "", ""
}

func sum(b []byte) string { s := sha256.Sum256(b); return hex.EncodeToString(s[:]) }

func mac(key []byte, text string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return h.Sum(nil)
}

// disk is what Client.ReadFile sees.
type disk map[string]string

func (d disk) read(name string) ([]byte, error) {
	if text, ok := d[name]; ok {
		return []byte(text), nil
	}
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

func bedrockRow() provider.Provider {
	return provider.Provider{
		Name: "bedrock", Title: "Amazon Bedrock", Base: "https://bedrock-runtime.{region}.amazonaws.com", Auth: provider.SigV4,
		Wire: provider.BedrockConverse, ChatPath: "/model/{model}/converse",
		Probe: provider.Probe{URL: "https://bedrock.{region}.amazonaws.com/foundation-models", NeedsKey: true},
	}
}

// parts makes Resolution.Cloud of name=value texts: lower case is named by the
// deployment, upper case lies around.
func parts(list ...string) map[string]resolve.Part {
	out := map[string]resolve.Part{}
	for _, l := range list {
		name, value, _ := strings.Cut(l, "=")
		layer := resolve.Deployment
		if strings.ToUpper(name) == name {
			layer = resolve.Env
		}
		out[name] = resolve.Part{Key: secret.New(value), Origin: resolve.Origin{Layer: layer, Name: name}}
	}
	return out
}

func bedrock(region string, list ...string) *resolve.Resolution {
	r := keyless(at(bedrockRow(), "https://bedrock-runtime."+region+".amazonaws.com"))
	r.Settings = map[string]resolve.Setting{"region": {Value: region}}
	r.Cloud = parts(list...)
	return r
}

// inCloud is a client whose network is h, and whose clock says noon.
func inCloud(t *testing.T, h http.Handler, d disk) *Client {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	way := NewTransport(nil)
	t.Cleanup(way.CloseIdleConnections)
	return &Client{
		Transport: cloudNet{strings.TrimPrefix(s.URL, "http://"), way}, Now: noon, UserAgent: "llmctl/test",
		ReadFile: d.read, Home: "/home/me",
	}
}

func noon() time.Time { return time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC) }

func newAmazon() *amazon {
	return &amazon{now: noon(), keys: map[string][2]string{
		awsID: {awsSecret, ""}, "ASIASESSION": {awsSecret, awsSession}, lentID: {lentSecret, lentToken},
	}}
}

// silentProbe fails when anything that can be printed of a probe holds a secret.
func silentProbe(t *testing.T, p Probe, secrets ...string) {
	t.Helper()
	doc, _ := json.Marshal(p.Evidence())
	out := fmt.Sprintf("%+v %#v %s", p, p, doc)
	if p.Err != nil {
		out += fmt.Sprintf("%+v %s %v", *p.Err, p.Err.Error(), p.Err.Cause)
	}
	for _, s := range secrets {
		if strings.Contains(out, s) || strings.Contains(out, url.QueryEscape(s)) {
			t.Errorf("a secret is printed: …%.60s", out[max(0, strings.Index(out, s)-60):])
		}
	}
}

func inEnv() []string {
	return []string{"AWS_ACCESS_KEY_ID=" + awsID, "AWS_SECRET_ACCESS_KEY=" + awsSecret}
}

const pair = "aws_access_key_id = " + awsID + "\naws_secret_access_key = " + awsSecret + "\n"

func TestAWSSignIn(t *testing.T) {
	cred := func(text string) disk { return disk{"/home/me/.aws/credentials": text} }
	conf := func(text string) disk { return disk{"/home/me/.aws/config": text} }
	ssoConf := "[profile dev]\nsso_session = corp\nsso_account_id = 111122223333\nsso_role_name = Dev\n[sso-session corp]\nsso_region = eu-west-1\n"
	login := func(until, token string) disk {
		return disk{"/home/me/.aws/config": ssoConf, "/home/me/.aws/sso/cache/" + sha1hex("corp") + ".json": `{"accessToken":"` + token + `","expiresAt":"` + until + `"}`}
	}
	own := []string{"aws_access_key_id=" + awsID, "aws_secret_access_key=" + awsSecret}
	bad := []string{"AWS_ACCESS_KEY_ID=AKIANOBODY", "AWS_SECRET_ACCESS_KEY=" + awsSecret}
	for _, tc := range []struct {
		name  string
		parts []string
		disk  disk
		code  fault.Code
		says  string // who signs
		calls int
	}{
		{"keys in the environment", inEnv(), nil, "", awsID, 1},
		{"keys with a session", []string{"AWS_ACCESS_KEY_ID=ASIASESSION", "AWS_SECRET_ACCESS_KEY=" + awsSecret, "AWS_SESSION_TOKEN=" + awsSession}, nil, "", "ASIASESSION", 1},
		{"a session token too many", append(inEnv(), "AWS_SESSION_TOKEN="+awsSession), nil, "auth.rejected", "", 1},
		{"the deployment's win", append(slices.Clone(bad), own...), nil, "", awsID, 1},
		{"nobody's keys", bad, nil, "auth.rejected", "", 1},
		{"a wrong secret", []string{"AWS_ACCESS_KEY_ID=" + awsID, "AWS_SECRET_ACCESS_KEY=x" + awsSecret}, nil, "auth.rejected", "", 1},
		{"half a pair", []string{"AWS_ACCESS_KEY_ID=" + awsID}, cred("[default]\n" + pair), "key.missing", "", 0},
		{"half a pair beside the model", append([]string{"aws_secret_access_key=" + awsSecret}, inEnv()...), nil, "key.missing", "", 0},
		{"default profile", nil, cred("# mine\n[default]\n" + pair), "", awsID, 1},
		{"default profile in the config file", nil, conf("\ufeff[default]\r\n" + strings.ReplaceAll(pair, "\n", " ; note\r\n")), "", awsID, 1},
		{"profile of the config file", []string{"AWS_PROFILE=work"}, conf("[work]\naws_access_key_id=AKIANOBODY\n[profile work]\n" + pair), "", awsID, 1},
		{"files elsewhere", []string{"AWS_SHARED_CREDENTIALS_FILE=~/keys"}, disk{"/home/me/keys": "[default]\n" + pair}, "", awsID, 1},
		{"keys win over AWS_PROFILE", append([]string{"AWS_PROFILE=gone"}, inEnv()...), nil, "", awsID, 1},
		{"the deployment's profile", append([]string{"aws_profile_name=work"}, bad...), cred("[work]\n" + pair), "", awsID, 1},
		{"no such profile", []string{"aws_profile_name=gone"}, cred("[default]\n" + pair), "key.missing", "", 0},
		{"a profile without keys", []string{"AWS_PROFILE=work"}, conf("[profile work]\nregion = eu-west-1\n"), "key.missing", "", 0},
		{"a role", append([]string{"aws_role_name=arn:aws:iam::1:role/open"}, inEnv()...), nil, "", lentID, 2},
		{"a closed role", append([]string{"aws_role_name=arn:aws:iam::1:role/closed"}, inEnv()...), nil, "auth.forbidden", "", 1},
		{"a role without keys", []string{"aws_role_name=arn:aws:iam::1:role/open"}, nil, "key.missing", "", 0},
		{"a profile with a role", []string{"AWS_PROFILE=r"}, disk{"/home/me/.aws/config": "[profile r]\nrole_arn=arn:aws:iam::1:role/open\nsource_profile=base\n", "/home/me/.aws/credentials": "[base]\n" + pair}, "", lentID, 2},
		{"a circle of roles", []string{"AWS_PROFILE=a"}, conf("[profile a]\nrole_arn=x\nsource_profile=b\n[profile b]\nrole_arn=y\nsource_profile=a\n"), "key.missing", "", 0},
		{"a role with a device", []string{"AWS_PROFILE=a"}, conf("[profile a]\nrole_arn=x\nmfa_serial=d\nsource_profile=b\n"), "probe.none", "", 0},
		{"a command", []string{"AWS_PROFILE=a"}, conf("[profile a]\ncredential_process=/bin/keys\n"), "probe.none", "", 0},
		{"a container", []string{"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI=/v2"}, nil, "probe.none", "", 0},
		{"web identity", []string{"AWS_WEB_IDENTITY_TOKEN_FILE=/var/token", "AWS_ROLE_ARN=arn:aws:iam::1:role/open"}, disk{"/var/token": webToken + "\n"}, "", lentID, 2},
		{"somebody else's web identity", []string{"AWS_WEB_IDENTITY_TOKEN_FILE=/var/token", "AWS_ROLE_ARN=arn:aws:iam::1:role/open"}, disk{"/var/token": "other"}, "auth.rejected", "", 1},
		{"no web identity", []string{"AWS_WEB_IDENTITY_TOKEN_FILE=/var/token", "AWS_ROLE_ARN=arn:aws:iam::1:role/open"}, nil, "key.unresolved", "", 0},
		{"a login", []string{"AWS_PROFILE=dev"}, login("2026-11-21T20:00:00Z", loginToken), "", lentID, 2},
		{"a login that ran out", []string{"AWS_PROFILE=dev"}, login("2026-11-21T08:00:00Z", loginToken), "auth.expired", "", 0},
		{"a login that was ended", []string{"AWS_PROFILE=dev"}, login("2026-11-21T20:00:00Z", "other"), "auth.expired", "", 1},
		{"no login", []string{"AWS_PROFILE=dev"}, conf(ssoConf), "key.missing", "", 0},
		{"nothing", nil, nil, "key.missing", "", 0},
	} {
		for _, xml := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, xml %v", tc.name, xml), func(t *testing.T) {
				a := newAmazon()
				a.xml = xml
				p := inCloud(t, a, tc.disk).Probe(t.Context(), bedrock("us-west-2", tc.parts...))
				if p.Code != tc.code || p.OK != (tc.code == "") || len(a.calls) != tc.calls {
					t.Fatalf("got %q (%v) after %v, want %q after %d calls", p.Code, p.Err, a.calls, tc.code, tc.calls)
				}
				if p.OK && (p.Grade != fault.Scoped || !strings.Contains(p.Says, "/"+tc.says) || p.URL != "https://sts.us-west-2.amazonaws.com/") {
					t.Errorf("grade %s, %s, %s", p.Grade, p.Says, p.URL)
				}
				silentProbe(t, p, awsSecret, awsSession, lentSecret, lentToken, loginToken, webToken)
			})
		}
	}
}

// sha1hex is the name that the AWS command line gives the cache of a login.
func sha1hex(text string) string { s := sha1.Sum([]byte(text)); return hex.EncodeToString(s[:]) }

func TestAWSPolicy(t *testing.T) {
	list := append([]string{"aws_access_key_id=AKIANOBODY", "aws_secret_access_key=" + awsSecret}, inEnv()...)
	for p, want := range map[resolve.Policy]fault.Code{resolve.Explicit: "auth.rejected", resolve.EnvFirst: ""} {
		r := bedrock("us-west-2", list...)
		r.Policy = p
		if got := inCloud(t, newAmazon(), nil).Probe(t.Context(), r); got.Code != want {
			t.Errorf("%s: %q, want %q", p, got.Code, want)
		}
	}
}

func TestAWSClockRegionAndPart(t *testing.T) {
	a := newAmazon()
	a.now = noon().Add(time.Hour)
	if p := inCloud(t, a, nil).Probe(t.Context(), bedrock("us-west-2", inEnv()...)); p.Code != "auth.clock" {
		t.Errorf("an hour late: %q (%v)", p.Code, p.Err)
	}
	for _, region := range []string{"", "evil.example.com", "a/b", "US"} {
		a := newAmazon()
		if p := inCloud(t, a, nil).Probe(t.Context(), bedrock(region, inEnv()...)); p.Code != "base.hole" || len(a.calls) > 0 {
			t.Errorf("region %q: %q after %v", region, p.Code, a.calls)
		}
	}
	r := bedrock("us-west-2", inEnv()...)
	r.Cloud["aws_profile_name"] = resolve.Part{Code: "key.unresolved", Reason: "X is not set"}
	if p := inCloud(t, newAmazon(), nil).Probe(t.Context(), r); p.Code != "key.unresolved" {
		t.Errorf("a broken reference: %q", p.Code)
	}
	c := inCloud(t, newAmazon(), nil)
	c.ReadFile = nil
	if p := c.Probe(t.Context(), bedrock("us-west-2", inEnv()...)); p.Code != "probe.none" {
		t.Errorf("switched off: %q", p.Code)
	}
}

// Nothing of the deployment that is meant for the provider goes to STS, a
// redirect is not followed, and a secret that comes back is taken out.
func TestAWSKeepsToItself(t *testing.T) {
	r := bedrock("us-west-2", inEnv()...)
	r.Headers = []provider.Header{{Name: "X-Team", Value: "mine"}}
	a := newAmazon()
	seen := http.Header{}
	a.plain = func(w http.ResponseWriter, req *http.Request) {
		seen = req.Header.Clone()
		w.WriteHeader(403)
		_, _ = io.WriteString(w, "echo "+awsSecret)
	}
	p := inCloud(t, a, nil).Probe(t.Context(), r)
	if p.Err == nil || p.Status != 403 || !strings.Contains(p.Err.Message, "echo") {
		t.Fatalf("%+v", p.Err)
	}
	silentProbe(t, p, awsSecret)
	if seen.Get("X-Team") != "" || seen.Get("Accept") != "application/json" || !strings.Contains(seen.Get("Authorization"), "/us-west-2/sts/") {
		t.Errorf("sent %v", seen)
	}
	a.plain = func(w http.ResponseWriter, req *http.Request) {
		http.Redirect(w, req, "https://elsewhere.example/", http.StatusTemporaryRedirect)
	}
	if p := inCloud(t, a, nil).Probe(t.Context(), r); p.Code != "net.redirect" {
		t.Errorf("a redirect: %q", p.Code)
	}
	a.plain = say(200, "text/html", htmlPortal)
	if p := inCloud(t, a, nil).Probe(t.Context(), r); p.Code != "answer.not-api" {
		t.Errorf("a portal: %q", p.Code)
	}
}

// A signature of the official module equals one that is computed here.
func TestSignatureIsSigV4(t *testing.T) {
	a := newAmazon()
	body := []byte("Action=GetCallerIdentity&Version=2011-06-15")
	req, _ := http.NewRequestWithContext(t.Context(), "POST", "https://sts.eu-central-1.amazonaws.com/", strings.NewReader(string(body)))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	k := awsKeys{id: secret.New("ASIASESSION"), key: secret.New(awsSecret), session: secret.New(awsSession)}
	if err := k.sign(t.Context(), noon(), "sts", "eu-central-1")(req, body); err != nil {
		t.Fatal(err)
	}
	if code, text := a.check(req, body); code != "" {
		t.Errorf("%s: %s", code, text)
	}
	if code, _ := a.check(req, append(body, 'x')); code != "SignatureDoesNotMatch" {
		t.Errorf("a changed body passes: %q", code)
	}
	if out := fmt.Sprintf("%+v %#v", k, k); strings.Contains(out, awsSecret) || strings.Contains(out, awsSession) {
		t.Error("keys can be printed")
	}
}
