package resolve

import (
	"maps"
	"slices"
	"strings"

	"github.com/llmctl/llmctl/pkg/config"
	"github.com/llmctl/llmctl/pkg/fault"
	"github.com/llmctl/llmctl/pkg/provider"
	"github.com/llmctl/llmctl/pkg/secret"
)

// Part is one value that a cloud sign-in may start from: a key, the name of a
// profile or role, the path of a file. Which of them is used is for the sign-in
// to say, because files that are not read here have a word in it too.
type Part struct {
	Key    secret.Secret
	Origin Origin
	// Code and Reason say why the part must not be used; "" when it may.
	Code   fault.Code
	Reason string
}

// cloudParams are the litellm_params of a sign-in.
// Source: LiteLLM 1.109.1, base_aws_llm.py and vertex_llm_base.py.
func cloudParams(a provider.Auth) []string {
	switch a {
	case provider.SigV4:
		return []string{
			"aws_access_key_id", "aws_secret_access_key", "aws_session_token", "aws_profile_name",
			"aws_role_name", "aws_session_name", "aws_external_id", "aws_web_identity_token",
		}
	case provider.GoogleOAuth:
		return []string{"vertex_credentials", "vertex_ai_credentials"}
	case provider.Bearer, provider.Token, provider.XAPIKey, provider.APIKey, provider.GoogAPIKey, provider.None, provider.OtherAuth:
	}
	return nil
}

// cloudVars are the variables that the vendors' own sign-in reads.
// Sources: aws-sdk-go-v2 config v1.33.15, env_config.go; Google, Application
// Default Credentials.
func cloudVars(a provider.Auth) []string {
	switch a {
	case provider.SigV4:
		return []string{
			"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_DEFAULT_PROFILE",
			"AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_ROLE_ARN", "AWS_ROLE_SESSION_NAME",
			"AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI",
		}
	case provider.GoogleOAuth:
		return []string{"VERTEXAI_CREDENTIALS", "GOOGLE_APPLICATION_CREDENTIALS", "CLOUDSDK_CONFIG", "APPDATA"}
	case provider.Bearer, provider.Token, provider.XAPIKey, provider.APIKey, provider.GoogAPIKey, provider.None, provider.OtherAuth:
	}
	return nil
}

// awsKey reports whether a part is a key of AWS, whose text can be looked at.
func awsKey(name string) bool {
	switch strings.ToLower(name) {
	case "aws_access_key_id", "aws_secret_access_key", "aws_session_token":
		return true
	}
	return false
}

// cloudParts collects what a sign-in may start from. A key makes it needless.
func (x *index) cloudParts(d *deployment, r *Resolution, b *base) {
	params := cloudParams(d.row.Auth)
	if len(params) == 0 || !r.Key.IsZero() {
		return
	}
	own := map[string]Part{}
	for _, name := range params {
		s := x.ownPart(d, name)
		if s == nil {
			continue
		}
		p := x.part(d, b, name, s)
		own[name] = p
		if p.Code != "" && p.Code != foreignHost && p.Code != unread {
			x.note(d, p.Code, s.origin, s.origin.String()+": "+p.Reason, true)
		}
	}
	r.Cloud = x.ambientParts(d, b)
	if len(own) > 0 {
		r.Cloud = maps.Clone(r.Cloud)
		maps.Copy(r.Cloud, own)
	}
}

// What stops a sign-in and says nothing against the deployment.
const (
	foreignHost = fault.Code("binding.foreign-host")
	unread      = fault.Code("probe.none")
)

// ownPart is what the deployment, else its credential set, says.
func (x *index) ownPart(d *deployment, name string) *slot {
	if f := d.params.Field(name); f != nil {
		if s := x.partSlot(Deployment, name, f); s.state != Unset && s.state != Empty {
			return &s
		}
	}
	if d.cred != nil {
		if f := d.cred.Values.Field(name); f != nil {
			if s := x.partSlot(Credential, name, f); s.state != Unset && s.state != Empty {
				return &s
			}
		}
	}
	return nil
}

// partSlot is keySlot, except that LiteLLM takes the fields of a service
// account as a map too, which is not read here and no mistake.
func (x *index) partSlot(l Layer, name string, f *config.Field) slot {
	s := x.keySlot(l, name, f, f.Pos)
	if f.Value.Kind() == config.Map {
		s.broken = &broken{unread, "it is a map; llmctl reads a path or a JSON text"}
	}
	return s
}

// part looks at a slot. A token of Google's is sent to the base, so that the
// rules of keys hold for what it is made of; a key of AWS's never leaves.
func (x *index) part(d *deployment, b *base, name string, s *slot) Part {
	p := Part{Key: s.clean, Origin: s.origin}
	switch {
	case s.broken != nil:
		p.Key, p.Code, p.Reason = secret.Secret{}, s.broken.code, s.broken.reason
	case awsKey(name):
		p.Code, p.Reason = x.bad(s, false)
	case d.row.Auth == provider.GoogleOAuth:
		if why := (binding{p: d.row, b: b, named: d.named}).may(s); why != "" {
			p.Code, p.Reason = foreignHost, why
		}
	}
	return p
}

// ambientParts are those of the surroundings. AWS's are the same for every
// deployment of a row, and made once.
func (x *index) ambientParts(d *deployment, b *base) map[string]Part {
	a := x.surroundings(d.row)
	if a.cloud != nil && d.row.Auth == provider.SigV4 {
		return a.cloud
	}
	out := map[string]Part{}
	for _, name := range cloudVars(d.row.Auth) {
		for _, s := range x.variableSlots(name, x.keyedSlot) {
			if s.state != Unset && s.state != Empty {
				out[name] = x.part(d, b, name, &s)
				break
			}
		}
	}
	a.cloud = out
	return out
}

// SignIn names what a sign-in starts from, without giving any of it away: two
// deployments with one name sign in alike. It is "" when there is a key.
func (r *Resolution) SignIn() string {
	var out strings.Builder
	for _, name := range slices.Sorted(maps.Keys(r.Cloud)) {
		p := r.Cloud[name]
		out.WriteString(name + "=" + p.Key.Fingerprint() + string(p.Code) + " ")
	}
	return out.String()
}
