package resolve

import (
	"slices"
	"testing"

	"github.com/llmctl/llmctl/pkg/fault"
)

func TestCloudParts(t *testing.T) {
	const own = "{aws_access_key_id: AKIAZQRLWTYPBNKMVCXS, aws_secret_access_key: os.environ/MINE, aws_region_name: eu-west-1"
	for _, tc := range []struct {
		name, model, params string
		env, dotenv         []string
		code                fault.Code
		want                map[string]string // part → text
	}{
		{"nothing", "bedrock/m", "{aws_region_name: eu-west-1}", nil, nil, "", map[string]string{}},
		{"surroundings", "bedrock/m", "{aws_region_name: eu-west-1}", []string{"AWS_ACCESS_KEY_ID=AKIAA", "AWS_PROFILE= work "}, []string{"AWS_ACCESS_KEY_ID=AKIAB", "AWS_SECRET_ACCESS_KEY=s1"}, "",
			map[string]string{"AWS_ACCESS_KEY_ID": "AKIAA", "AWS_SECRET_ACCESS_KEY": "s1", "AWS_PROFILE": "work"}},
		{"set but empty", "bedrock/m", "{aws_region_name: eu-west-1}", []string{"AWS_ACCESS_KEY_ID="}, []string{"AWS_ACCESS_KEY_ID=AKIAB"}, "", map[string]string{"AWS_ACCESS_KEY_ID": "AKIAB"}},
		{"the deployment's", "bedrock/m", own + "}", []string{"MINE=s2", "AWS_ACCESS_KEY_ID=AKIAA"}, nil, "",
			map[string]string{"aws_access_key_id": "AKIAZQRLWTYPBNKMVCXS", "aws_secret_access_key": "s2", "AWS_ACCESS_KEY_ID": "AKIAA"}},
		{"the credential set's", "bedrock/m", "{aws_region_name: eu-west-1, litellm_credential_name: c}", nil, nil, "", map[string]string{"aws_profile_name": "team"}},
		{"a reference that is not set", "bedrock/m", own + "}", nil, nil, "key.unresolved", map[string]string{"aws_access_key_id": "AKIAZQRLWTYPBNKMVCXS", "aws_secret_access_key": ""}},
		{"a sample value", "bedrock/m", "{aws_region_name: eu-west-1, aws_secret_access_key: your-aws-secret-key}", nil, nil, "key.placeholder", map[string]string{"aws_secret_access_key": "your-aws-secret-key"}},
		{"a key makes it needless", "bedrock/m", own + ", api_key: ABSKtest1234567}", nil, nil, "", nil},
		{"another provider", "openai/m", "{aws_access_key_id: AKIAA, api_key: sk-proj-Zq8Lw2Rt5Yp9}", []string{"AWS_PROFILE=work"}, nil, "", nil},
		{"google", "vertex_ai/gemini-pro", "{vertex_project: p, vertex_credentials: /k/sa.json}", []string{"GOOGLE_APPLICATION_CREDENTIALS=/k/adc.json", "VERTEXAI_CREDENTIALS={\"type\": \"x\"}"}, nil, "",
			map[string]string{"vertex_credentials": "/k/sa.json", "GOOGLE_APPLICATION_CREDENTIALS": "/k/adc.json", "VERTEXAI_CREDENTIALS": `{"type": "x"}`}},
		{"google as a map", "vertex_ai/gemini-pro", "{vertex_project: p, vertex_credentials: {type: service_account}}", nil, nil, "", map[string]string{"vertex_credentials": ""}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := world{t: t, env: tc.env, dotenv: tc.dotenv, yaml: "model_list:\n  - {model_name: it, litellm_params: {model: " + tc.model + ", " + tc.params[1:] +
				"}\ncredential_list:\n  - {credential_name: c, credential_values: {aws_profile_name: team}}\n"}
			r := w.one(Explicit, "it")
			if code(r) != tc.code {
				t.Fatalf("%q (%v), want %q", code(r), r.Err(), tc.code)
			}
			if (r.Cloud == nil) != (tc.want == nil) || len(r.Cloud) != len(tc.want) {
				t.Errorf("parts %v, want %v", r.Cloud, tc.want)
			}
			for name, text := range tc.want {
				if p, ok := r.Cloud[name]; !ok || !is(p.Key, text) && text != "" || p.Origin.Name == "" {
					t.Errorf("%s: %+v", name, p)
				}
			}
		})
	}
}

// What a token of Google's is made of is bound as a key is.
func TestCloudPartsAreBound(t *testing.T) {
	one := func(base, params string, env ...string) Part {
		w := world{t: t, env: env, yaml: "model_list:\n  - {model_name: it, litellm_params: {model: vertex_ai/gemini-pro, vertex_project: p" + base + params + "}}\n"}
		cloud := w.one(Explicit, "it").Cloud
		for _, name := range []string{"vertex_credentials", "GOOGLE_APPLICATION_CREDENTIALS"} {
			if p, ok := cloud[name]; ok {
				return p
			}
		}
		t.Fatalf("no part in %v", cloud)
		return Part{}
	}
	const foreign, beside = ", api_base: 'https://gw.example.com'", ", vertex_credentials: /k/sa.json"
	for name, tc := range map[string]struct {
		p    Part
		code fault.Code
	}{
		"at home":                     {one("", "", "GOOGLE_APPLICATION_CREDENTIALS=/k"), ""},
		"from the surroundings":       {one(foreign, "", "GOOGLE_APPLICATION_CREDENTIALS=/k"), "binding.foreign-host"},
		"named beside the base":       {one(foreign, beside), ""},
		"surroundings, local server":  {one(", api_base: 'http://127.0.0.1:1'", "", "GOOGLE_APPLICATION_CREDENTIALS=/k"), "binding.foreign-host"},
		"named beside a local server": {one(", api_base: 'http://127.0.0.1:1'", beside), ""},
	} {
		if tc.p.Code != tc.code || (tc.code != "") != (tc.p.Reason != "") || tc.p.Key.IsZero() {
			t.Errorf("%s: %+v", name, tc.p)
		}
	}
}

func TestSignInTellsDeploymentsApart(t *testing.T) {
	of := func(env ...string) string {
		return world{t: t, env: append(env, "AWS_REGION=eu-west-1")}.one(Explicit, "bedrock/m").SignIn()
	}
	all := []string{of(), of("AWS_PROFILE=a"), of("AWS_PROFILE=b"), of("AWS_ACCESS_KEY_ID=AKIAA", "AWS_SECRET_ACCESS_KEY="+canary)}
	for i, a := range all {
		if slices.Contains(all[i+1:], a) {
			t.Errorf("%q twice", a)
		}
	}
	if of("AWS_PROFILE=a") != all[1] {
		t.Error("one sign-in has two names")
	}
}

func TestNoCloudPartIsPrinted(t *testing.T) {
	for _, params := range []string{
		"model: bedrock/m, aws_region_name: eu-west-1, aws_access_key_id: " + canary + "id, aws_secret_access_key: " + canary + ", aws_session_token: 'Bearer " + canary + "'",
		`model: vertex_ai/anthropic, vertex_project: p, vertex_credentials: '{"private_key": "` + canary + `"}'`,
		"model: vertex_ai/anthropic, vertex_project: p, vertex_credentials: {private_key: " + canary + "}",
	} {
		w := world{t: t, env: []string{"AWS_SECRET_ACCESS_KEY=" + canary, "VERTEXAI_CREDENTIALS=" + canary},
			yaml: "model_list:\n  - {model_name: anthropic, litellm_params: {" + params + "}}\n"}
		r := w.one(Explicit, "anthropic")
		if len(r.Cloud) < 2 {
			t.Fatalf("nothing to look at: %v", r.Cloud)
		}
		silent(t, r)
		for _, p := range r.Cloud {
			if p.Key.IsZero() && p.Code == "" {
				t.Error("an empty part")
			}
		}
	}
}
