package cmd_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
)

const (
	cloudSecret  = "canary/cloud+secret9KqT7b2Lx0pVnYw3ZsGdRf"
	cloudSession = "canary-cloud-session-FwoGZXIvYXdzEBYaDKq7+/x2=="
	cloudToken   = "ya29.canary-cloud-token-9KqT7b2Lx0pVnYw3"
)

// cloudWorld has a deployment for each way to sign in.
func cloudWorld(t *testing.T) (w *world, secrets []string) {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	der, _ := x509.MarshalPKCS8PrivateKey(key)
	private := string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
	sa, _ := json.Marshal(map[string]string{
		"type": "service_account", "project_id": "p1", "client_email": "bot@p1.iam.gserviceaccount.com",
		"private_key": private, "token_uri": "https://oauth2.googleapis.com/token",
	})
	w = newWorld(t, map[string]string{
		"litellm_config.yaml": `model_list:
  - model_name: by-env
    litellm_params: {model: bedrock/amazon.nova-lite-v1:0, aws_region_name: eu-west-1}
  - model_name: same-env
    litellm_params: {model: bedrock/amazon.nova-pro-v1:0, aws_region_name: eu-west-1}
  - model_name: by-params
    litellm_params: {model: bedrock/amazon.nova-lite-v1:0, aws_region_name: eu-west-1, aws_access_key_id: AKIAPARAMS, aws_secret_access_key: os.environ/MINE}
  - model_name: by-profile
    litellm_params: {model: bedrock/amazon.nova-lite-v1:0, aws_region_name: eu-west-1, aws_profile_name: work}
  - model_name: unset
    litellm_params: {model: bedrock/amazon.nova-lite-v1:0, aws_region_name: eu-west-1, aws_access_key_id: AKIAPARAMS, aws_secret_access_key: os.environ/NOT_SET}
  - model_name: gemini
    litellm_params: {model: vertex_ai/gemini-2.5-flash, vertex_project: p1, vertex_location: europe-west4, vertex_credentials: sa.json}
`,
		".env":                  "AWS_ACCESS_KEY_ID=AKIADOTENV\nAWS_SECRET_ACCESS_KEY=" + cloudSecret + "\nAWS_SESSION_TOKEN=" + cloudSession + "\n",
		"home/.aws/credentials": "[work]\naws_access_key_id = AKIAPROFILE\naws_secret_access_key = " + cloudSecret + "\n",
		"sa.json":               string(sa),
	}, "MINE="+cloudSecret)
	return w, []string{cloudSecret, cloudSession, cloudToken, strings.Split(private, "\n")[1]}
}

// clouds answers for AWS and Google, and echoes what it was sent when it
// refuses.
type clouds struct {
	refuse bool
	mu     sync.Mutex
	calls  []string
}

func (c *clouds) RoundTrip(req *http.Request) (*http.Response, error) {
	body, _ := io.ReadAll(req.Body)
	form, _ := url.ParseQuery(string(body))
	auth := req.Header.Get("Authorization")
	c.mu.Lock()
	c.calls = append(c.calls, req.URL.Host+req.URL.Path+" "+auth[:min(len(auth), 45)])
	c.mu.Unlock()
	status, answer := 200, "{}"
	switch {
	case c.refuse:
		var b strings.Builder
		_ = req.Header.Write(&b)
		all, _ := json.Marshal(b.String() + string(body) + form.Get("assertion"))
		status, answer = 403, `{"error":"invalid_grant","error_description":`+string(all)+`,"message":`+string(all)+`}`
	case strings.HasPrefix(req.URL.Host, "sts."):
		answer = `{"GetCallerIdentityResponse":{"GetCallerIdentityResult":{"Arn":"arn:aws:iam::111122223333:user/me"}}}`
	case req.URL.Host == "oauth2.googleapis.com":
		answer = `{"access_token":"` + cloudToken + `","expires_in":3599,"token_type":"Bearer"}`
	case strings.HasSuffix(req.URL.Path, ":countTokens"):
		answer = `{"totalTokens":1}`
	}
	return &http.Response{
		StatusCode: status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{"Content-Type": {"application/json"}}, Body: readCloser(answer), Request: req,
	}, nil
}

func TestCloudSignIn(t *testing.T) {
	w, secrets := cloudWorld(t)
	net := &clouds{}
	w.transport = net
	out, errOut, _ := w.run("doctor", "--json")
	var doc struct {
		Checks []struct {
			ID, Deployment, Outcome, Grade, Reason, Code string
		}
	}
	if err := json.Unmarshal([]byte(out), &doc); err != nil {
		t.Fatalf("%v\n%s%s", err, out, errOut)
	}
	want := map[string]string{
		"by-env": "ok scoped ", "same-env": "ok scoped ", "by-params": "ok scoped ", "by-profile": "ok scoped ",
		"unset": "skipped  key.unresolved", "gemini": "ok proven ",
	}
	for _, c := range doc.Checks {
		if c.ID != "probe.auth" {
			continue
		}
		if got := c.Outcome + " " + c.Grade + " " + c.Code; got != want[c.Deployment] {
			t.Errorf("%s: %s (%s), want %s", c.Deployment, got, c.Reason, want[c.Deployment])
		}
		if c.Outcome == "ok" && !strings.Contains(c.Reason, "signs as arn:aws:iam::111122223333:user/me") && !strings.Contains(c.Reason, "signed in as bot@p1") {
			t.Errorf("%s: %s", c.Deployment, c.Reason)
		}
		delete(want, c.Deployment)
	}
	if len(want) > 0 {
		t.Errorf("not probed: %v", want)
	}
	// One call each for three identities of AWS, and two for Google.
	if len(net.calls) != 5 {
		t.Errorf("%d calls: %q", len(net.calls), net.calls)
	}
	for _, refuse := range []bool{false, true} {
		net.refuse = refuse
		for _, args := range [][]string{{"doctor"}, {"doctor", "-v"}, {"doctor", "--json"}, {"doctor", "--offline", "--json"}, {"keys", "list", "--json"}, {"keys", "test", "by-env"}, {"keys", "test", "gemini", "--json"}, {"keys", "why", "by-params", "--json"}} {
			out, errOut, _ := w.run(args...)
			if out+errOut == "" {
				t.Errorf("%v prints nothing", args)
			}
			for i, s := range secrets {
				js, _ := json.Marshal(s)
				for _, form := range []string{s, url.QueryEscape(s), strings.Trim(string(js), `"`)} {
					if strings.Contains(out+errOut, form) {
						t.Errorf("%v prints secret %d", args, i)
					}
				}
			}
			if strings.Contains(out+errOut, "assertion=") && strings.Count(out+errOut, ".eyJ") > 0 {
				t.Errorf("%v prints a signed assertion", args)
			}
		}
	}
}

func TestCloudKeyTest(t *testing.T) {
	w, _ := cloudWorld(t)
	w.transport = &clouds{}
	for model, want := range map[string]string{"by-env": "nothing follows for the models", "gemini": "project, region and model are accepted"} {
		out, errOut, exit := w.run("keys", "test", model)
		if exit != 0 || !strings.Contains(strings.Join(strings.Fields(out), " "), want) || !strings.Contains(out, "signed in") {
			t.Errorf("%s: exit %d\n%s%s", model, exit, out, errOut)
		}
	}
}

// What lies in the real home and environment is not read by the demo.
func TestDemoSignsInNowhere(t *testing.T) {
	w, _ := cloudWorld(t)
	net := &clouds{}
	w.transport = net
	out, _, _ := w.run("doctor", "--demo", "--json")
	if !strings.Contains(out, "llmctl.doctor/v1") || strings.Contains(out, "AKIA") || len(net.calls) > 0 {
		t.Errorf("%d calls: %.300s", len(net.calls), out)
	}
}
