package wire

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"net/url"
	"strings"

	"github.com/llmctl/llmctl/pkg/fault"
	"github.com/llmctl/llmctl/pkg/resolve"
	"github.com/llmctl/llmctl/pkg/secret"
)

// aws is the free call for a deployment that signs: who is it that signs? STS
// answers that to anybody and asks for no permission. It says nothing of
// Bedrock: whoever may list models may yet not call them, and the other way
// round, so that a list would prove less than it seems to.
// Source: AWS STS API reference, GetCallerIdentity.
func (c *Client) aws(ctx context.Context, r *resolve.Resolution) Probe {
	region := r.Settings["region"].Value
	switch {
	case !label().MatchString(region):
		return *stopped(r, "base.hole", "the region of "+r.Provider.Name+" is not known", "set aws_region_name or AWS_REGION_NAME")
	case c.Now == nil:
		return none(r, "without a clock nothing can be signed")
	}
	x := chain{c: c, r: r, region: region}
	keys, p := x.keys(ctx)
	if p != nil {
		return *p
	}
	return x.identity(ctx, keys)
}

// chain is one walk along the places where AWS keys may stand, in the order of
// LiteLLM for what the deployment names, then of AWS's own tools.
// Sources: LiteLLM 1.109.1, base_aws_llm.py; aws-sdk-go-v2 config v1.33.15,
// resolve_credentials.go.
type chain struct {
	c      *Client
	r      *resolve.Resolution
	region string
	file   *profiles // read once
}

// keys walks the chain. One of the two results is nil or zero.
func (x *chain) keys(ctx context.Context) (awsKeys, *Probe) {
	order := []func(context.Context) (awsKeys, *Probe){x.named, x.ambient}
	if x.r.Policy == resolve.EnvFirst {
		order = []func(context.Context) (awsKeys, *Probe){x.ambient, x.named}
	}
	for _, ask := range order {
		if k, p := ask(ctx); p != nil || !k.id.IsZero() {
			return k, p
		}
	}
	return x.standard(ctx)
}

// static is a pair of keys that stand side by side; zero without one.
func (x *chain) static(id, key, session string) (awsKeys, *Probe) {
	for _, name := range []string{id, key, session} {
		if p, ok := part(x.r, name); ok && p.Code != "" {
			return awsKeys{}, halted(x.r, name, p)
		}
	}
	a, hasID := part(x.r, id)
	b, hasKey := part(x.r, key)
	switch {
	case hasID && hasKey:
		return awsKeys{id: a.Key, key: b.Key, session: x.r.Cloud[session].Key, from: a.Origin.String()}, nil
	case hasID:
		return awsKeys{}, stopped(x.r, "key.missing", a.Origin.String()+" has no "+key+" beside it", "")
	case hasKey:
		return awsKeys{}, stopped(x.r, "key.missing", b.Origin.String()+" has no "+id+" beside it", "")
	}
	return awsKeys{}, nil
}

// named is what the deployment names.
func (x *chain) named(ctx context.Context) (awsKeys, *Probe) {
	for _, name := range []string{"aws_role_name", "aws_profile_name", "aws_web_identity_token", "aws_external_id", "aws_session_name"} {
		if p, ok := part(x.r, name); ok && p.Code != "" {
			return awsKeys{}, halted(x.r, name, p)
		}
	}
	role, profile := plainPart(x.r, "aws_role_name"), plainPart(x.r, "aws_profile_name")
	source := func() (awsKeys, *Probe) {
		if profile != "" {
			return x.profile(ctx, profile, 0)
		}
		return x.static("aws_access_key_id", "aws_secret_access_key", "aws_session_token")
	}
	if role == "" {
		return source()
	}
	asked := assumed{role: role, session: plainPart(x.r, "aws_session_name"), external: plainPart(x.r, "aws_external_id")}
	if p, ok := part(x.r, "aws_web_identity_token"); ok {
		return x.webIdentity(ctx, asked, p.Key)
	}
	k, p := source()
	if p == nil && k.id.IsZero() {
		if k, p = x.ambient(ctx); p == nil && k.id.IsZero() {
			k, p = x.standard(ctx)
		}
	}
	if p != nil {
		return awsKeys{}, p
	}
	return x.assume(ctx, asked, k)
}

// ambient is what the variables say. Keys there win over AWS_PROFILE.
func (x *chain) ambient(ctx context.Context) (awsKeys, *Probe) {
	k, p := x.static("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
	if p != nil || !k.id.IsZero() {
		return k, p
	}
	if path, role := plainPart(x.r, "AWS_WEB_IDENTITY_TOKEN_FILE"), plainPart(x.r, "AWS_ROLE_ARN"); path != "" && role != "" {
		return x.webFile(ctx, assumed{role: role, session: plainPart(x.r, "AWS_ROLE_SESSION_NAME")}, path)
	}
	return awsKeys{}, nil
}

// standard is the profile of the surroundings, and the end of the chain.
func (x *chain) standard(ctx context.Context) (awsKeys, *Probe) {
	name := or(plainPart(x.r, "AWS_PROFILE"), plainPart(x.r, "AWS_DEFAULT_PROFILE"))
	if name != "" {
		return x.profile(ctx, name, 0)
	}
	f := x.files()
	if f.has("default") {
		return x.profile(ctx, "default", 0)
	}
	for _, v := range []string{"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"} {
		if _, ok := part(x.r, v); ok {
			return awsKeys{}, x.unspoken(v + " names the container's own endpoint for keys")
		}
	}
	return awsKeys{}, stopped(x.r, "key.missing",
		"no AWS keys: looked for aws_access_key_id, aws_profile_name and aws_role_name beside the model, AWS_ACCESS_KEY_ID, AWS_WEB_IDENTITY_TOKEN_FILE and AWS_PROFILE among the variables, and the profile default in "+
			f.places()+"; the metadata server of a machine in the cloud is not asked",
		"set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, or AWS_BEARER_TOKEN_BEDROCK")
}

// unspoken is a way to sign in that is no mistake and not gone here.
func (x *chain) unspoken(what string) *Probe {
	p := none(x.r, what+", which llmctl does not use")
	p.Err.Hint = "aws configure export-credentials --format env prints keys that llmctl can use"
	return &p
}

// assumed is a role that is asked for.
type assumed struct{ role, session, external string }

func (a assumed) form(action string) url.Values {
	v := url.Values{
		"Action": {action}, "Version": {"2011-06-15"}, "RoleArn": {a.role},
		"RoleSessionName": {or(a.session, "llmctl")}, "DurationSeconds": {"900"}, // the shortest there is
	}
	if a.external != "" {
		v.Set("ExternalId", a.external)
	}
	return v
}

// assume borrows a role.
func (x *chain) assume(ctx context.Context, a assumed, k awsKeys) (awsKeys, *Probe) {
	form := a.form("AssumeRole").Encode()
	return x.lent(ctx, a, []byte(form), k.sign(ctx, x.c.Now(), "sts", x.region), k)
}

// webFile is webIdentity with a token that stands in a file.
func (x *chain) webFile(ctx context.Context, a assumed, path string) (awsKeys, *Probe) {
	b, err := x.c.ReadFile(x.c.expand(path))
	if err != nil {
		return awsKeys{}, stopped(x.r, "key.unresolved", "the web identity token file "+path+" cannot be read", "")
	}
	return x.webIdentity(ctx, a, secret.New(strings.TrimSpace(string(b))))
}

// webIdentity borrows a role with a token of somebody else's.
func (x *chain) webIdentity(ctx context.Context, a assumed, token secret.Secret) (awsKeys, *Probe) {
	return x.lent(ctx, a, webForm(a.form("AssumeRoleWithWebIdentity"), "WebIdentityToken", token), unsigned, awsKeys{key: token})
}

// lent makes the call that lends a role.
func (x *chain) lent(ctx context.Context, a assumed, form []byte, sign signs, k awsKeys) (awsKeys, *Probe) {
	p, body := x.sts(ctx, form, sign, k)
	if p.Err != nil {
		p.Err.Message = "the role " + a.role + " is not lent: " + p.Err.Message
		return awsKeys{}, &p
	}
	t := readSTS(body)
	if t.id == "" || t.key == "" {
		return awsKeys{}, stopped(x.r, "answer.unknown", "STS lends the role "+a.role+" and gives no keys", "")
	}
	return awsToken(t.id, t.key, t.session, "the role "+a.role), nil
}

// identity asks who signs.
func (x *chain) identity(ctx context.Context, k awsKeys) Probe {
	form := url.Values{"Action": {"GetCallerIdentity"}, "Version": {"2011-06-15"}}.Encode()
	p, body := x.sts(ctx, []byte(form), k.sign(ctx, x.c.Now(), "sts", x.region), k)
	if p.Err != nil {
		p.Err.Message += "; signed with the keys of " + k.from
		return p
	}
	who := readSTS(body).arn
	if who == "" {
		p = *stopped(x.r, "answer.unknown", "STS answers and does not say who signed", "")
		return p
	}
	return p.proven(fault.Scoped, "sts GetCallerIdentity",
		"signs as "+who+" with the keys of "+k.from+"; nothing follows for the models of "+x.r.Provider.Title)
}

// sts makes one call of STS in the deployment's region.
func (x *chain) sts(ctx context.Context, form []byte, sign signs, k awsKeys) (Probe, []byte) {
	base := "https://sts." + x.region + ".amazonaws.com"
	if strings.HasPrefix(x.region, "cn-") {
		base += ".cn"
	}
	p, body, _ := x.c.step(ctx, instead(x.r, base), call{
		method: "POST", url: base + "/", body: form, kind: "application/x-www-form-urlencoded; charset=utf-8", sign: sign,
	}, func(b []byte) bool { return readSTS(b) != (stsAnswer{}) }, k.key, k.session)
	return p, body
}

// stsAnswer is what is read of the answers of STS.
type stsAnswer struct{ arn, id, key, session string }

// readSTS reads JSON, which is asked for, and XML, which some stand-ins of STS
// give all the same.
func readSTS(body []byte) stsAnswer {
	type lent struct {
		AccessKeyID     string `json:"AccessKeyId" xml:"AccessKeyId"`
		SecretAccessKey string
		SessionToken    string
	}
	type result struct {
		Arn         string
		Credentials lent
	}
	var j struct {
		Who  struct{ GetCallerIdentityResult result }         `json:"GetCallerIdentityResponse"`
		Role struct{ AssumeRoleResult result }                `json:"AssumeRoleResponse"`
		Web  struct{ AssumeRoleWithWebIdentityResult result } `json:"AssumeRoleWithWebIdentityResponse"`
	}
	var x struct {
		Who  result `xml:"GetCallerIdentityResult"`
		Role result `xml:"AssumeRoleResult"`
		Web  result `xml:"AssumeRoleWithWebIdentityResult"`
	}
	all := []result{}
	if kind(body) == markup {
		if xml.Unmarshal(body, &x) != nil {
			return stsAnswer{}
		}
		all = append(all, x.Who, x.Role, x.Web)
	} else {
		if json.Unmarshal(body, &j) != nil {
			return stsAnswer{}
		}
		all = append(all, j.Who.GetCallerIdentityResult, j.Role.AssumeRoleResult, j.Web.AssumeRoleWithWebIdentityResult)
	}
	for _, a := range all {
		if a != (result{}) {
			return stsAnswer{a.Arn, a.Credentials.AccessKeyID, a.Credentials.SecretAccessKey, a.Credentials.SessionToken}
		}
	}
	return stsAnswer{}
}
