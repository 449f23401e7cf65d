package wire

import (
	"context"
	"crypto/sha1" //nolint:gosec // the name of a cache file, as AWS's tools make it
	"encoding/hex"
	"encoding/json"
	"errors"
	"io/fs"
	"net/url"
	"strings"
	"time"

	"github.com/llmctl/llmctl/pkg/secret"
)

// profiles are AWS's two shared files. Every value is kept as a secret, because
// only its name says whether it is one.
// Source: AWS SDKs and Tools reference guide, shared config and credentials files.
type profiles struct {
	sections map[string]map[string]secret.Secret
	paths    []string
	unread   string // why one of them could not be read; "" when it is merely not there
}

// files reads both, once. Of a setting that both have, the credentials file's
// counts.
func (x *chain) files() *profiles {
	if x.file != nil {
		return x.file
	}
	x.file = &profiles{sections: map[string]map[string]secret.Secret{}}
	for _, f := range []struct{ variable, name string }{{"AWS_CONFIG_FILE", "config"}, {"AWS_SHARED_CREDENTIALS_FILE", "credentials"}} {
		path := or(x.c.expand(plainPart(x.r, f.variable)), x.c.inHome(".aws", f.name))
		if path == "" {
			continue
		}
		x.file.paths = append(x.file.paths, path)
		b, err := x.c.ReadFile(path)
		switch {
		case err == nil:
			x.file.read(string(b), f.name == "config")
		case !errors.Is(err, fs.ErrNotExist):
			x.file.unread = path + " cannot be read"
		}
	}
	return x.file
}

// read adds the sections of one file. In the config file a profile is called
// "profile NAME", but for default.
func (f *profiles) read(text string, config bool) {
	var section map[string]secret.Secret
	for line := range strings.SplitSeq(strings.TrimPrefix(text, "\uFEFF"), "\n") {
		line = strings.TrimRight(line, " \t\r")
		switch {
		case line == "" || line[0] == '#' || line[0] == ';' || line[0] == ' ' || line[0] == '\t': // indented: a setting of one service
		case line[0] == '[':
			name, _, _ := strings.Cut(line[1:], "]")
			name = strings.Join(strings.Fields(name), " ")
			if config && name != "default" && !strings.HasPrefix(name, "sso-session ") {
				var ok bool
				if name, ok = strings.CutPrefix(name, "profile "); !ok {
					section = nil
					continue
				}
			}
			if f.sections[name] == nil {
				f.sections[name] = map[string]secret.Secret{}
			}
			section = f.sections[name]
		case section != nil:
			name, value, ok := strings.Cut(line, "=")
			for _, mark := range []string{" #", " ;", "\t#", "\t;"} {
				value, _, _ = strings.Cut(value, mark)
			}
			if name = strings.ToLower(strings.TrimSpace(name)); ok && name != "" {
				section[name] = secret.New(strings.TrimSpace(value))
			}
		}
	}
}

func (f *profiles) has(name string) bool { return len(f.sections[name]) > 0 }

// text is a setting that is no credential.
func (f *profiles) text(section, name string) string {
	t, _ := f.sections[section][name].ID()
	return t
}

// places says which files were looked at.
func (f *profiles) places() string {
	if len(f.paths) == 0 {
		return "no file: the home directory is not known"
	}
	out := strings.Join(f.paths, " and ")
	if f.unread != "" {
		out += " (" + f.unread + ")"
	}
	return out
}

// profile is the keys of one profile. deep counts how many lent to one another.
func (x *chain) profile(ctx context.Context, name string, deep int) (awsKeys, *Probe) {
	f := x.files()
	get := func(setting string) string { return f.text(name, setting) }
	from := "the profile " + name
	switch {
	case !f.has(name):
		return awsKeys{}, stopped(x.r, "key.missing", "there is no profile "+name+" in "+f.places(), "correct the profile's name, or aws configure --profile "+name)
	case deep > 5:
		return awsKeys{}, stopped(x.r, "key.missing", from+" goes round in a circle of source_profile", "")
	case get("role_arn") != "":
		return x.profileRole(ctx, name, deep)
	case !f.sections[name]["aws_access_key_id"].IsZero():
		return x.profileKeys(name)
	case get("sso_session") != "" || get("sso_start_url") != "":
		return x.sso(ctx, name)
	case get("credential_process") != "":
		return awsKeys{}, x.unspoken(from + " names a command (credential_process)")
	case get("login_session") != "":
		return awsKeys{}, x.unspoken(from + " names a console login (login_session)")
	}
	return awsKeys{}, stopped(x.r, "key.missing", from+" in "+f.places()+" has no keys", "aws configure --profile "+name)
}

// profileKeys are the keys that stand in the file.
func (x *chain) profileKeys(name string) (awsKeys, *Probe) {
	s := x.files().sections[name]
	if s["aws_access_key_id"].IsZero() || s["aws_secret_access_key"].IsZero() {
		return awsKeys{}, stopped(x.r, "key.missing", "the profile "+name+" has not both aws_access_key_id and aws_secret_access_key", "aws configure --profile "+name)
	}
	return awsKeys{id: s["aws_access_key_id"], key: s["aws_secret_access_key"], session: s["aws_session_token"], from: "the profile " + name}, nil
}

// profileRole is a profile that borrows a role.
func (x *chain) profileRole(ctx context.Context, name string, deep int) (awsKeys, *Probe) {
	f := x.files()
	a := assumed{role: f.text(name, "role_arn"), session: f.text(name, "role_session_name"), external: f.text(name, "external_id")}
	source, lender := f.text(name, "source_profile"), f.text(name, "credential_source")
	var k awsKeys
	var p *Probe
	switch {
	case f.text(name, "mfa_serial") != "":
		return awsKeys{}, x.unspoken("the profile " + name + " wants a code of a device (mfa_serial)")
	case f.text(name, "web_identity_token_file") != "":
		return x.webFile(ctx, a, f.text(name, "web_identity_token_file"))
	case source == name:
		k, p = x.profileKeys(name)
	case source != "":
		k, p = x.profile(ctx, source, deep+1)
	case lender == "Environment":
		if k, p = x.ambient(ctx); p == nil && k.id.IsZero() {
			p = stopped(x.r, "key.missing", "the profile "+name+" takes its keys from AWS_ACCESS_KEY_ID, which is not set", "")
		}
	case lender != "":
		return awsKeys{}, x.unspoken("the profile " + name + " takes its keys from the machine (credential_source)")
	default:
		p = stopped(x.r, "key.missing", "the profile "+name+" has a role_arn and no source_profile", "")
	}
	if p != nil {
		return awsKeys{}, p
	}
	return x.assume(ctx, a, k)
}

// sso exchanges the token of a login at IAM Identity Center for keys. A login
// that ran out is not renewed: that writes files of another program.
// Source: AWS SDKs and Tools reference guide, IAM Identity Center; AWS SSO
// portal API reference, GetRoleCredentials.
func (x *chain) sso(ctx context.Context, name string) (awsKeys, *Probe) {
	f := x.files()
	session, region := f.text(name, "sso_session"), f.text(name, "sso_region")
	cached := or(session, f.text(name, "sso_start_url"))
	if session != "" {
		region = f.text("sso-session "+session, "sso_region")
	}
	account, role := f.text(name, "sso_account_id"), f.text(name, "sso_role_name")
	again := "aws sso login --profile " + name
	if !label().MatchString(region) || account == "" || role == "" {
		return awsKeys{}, stopped(x.r, "key.missing", "the profile "+name+" lacks sso_region, sso_account_id or sso_role_name", "aws configure sso --profile "+name)
	}
	sum := sha1.Sum([]byte(cached))
	var login struct {
		AccessToken string    `json:"accessToken"`
		ExpiresAt   time.Time `json:"expiresAt"`
	}
	b, err := x.c.ReadFile(x.c.inHome(".aws", "sso", "cache", hex.EncodeToString(sum[:])+".json"))
	if err != nil || json.Unmarshal(b, &login) != nil || login.AccessToken == "" {
		return awsKeys{}, stopped(x.r, "key.missing", "the profile "+name+" wants a login that is not there", again)
	}
	if !login.ExpiresAt.IsZero() && login.ExpiresAt.Before(x.c.Now()) {
		return awsKeys{}, stopped(x.r, "auth.expired", "the login of the profile "+name+" ran out at "+login.ExpiresAt.UTC().Format(time.RFC3339), again)
	}
	return x.roleKeys(ctx, name, "https://portal.sso."+region+".amazonaws.com", url.Values{"account_id": {account}, "role_name": {role}}, secret.New(login.AccessToken))
}

// roleKeys fetches the keys of a role with a login.
func (x *chain) roleKeys(ctx context.Context, name, base string, ask url.Values, token secret.Secret) (awsKeys, *Probe) {
	p, body, _ := x.c.step(ctx, instead(x.r, base), call{
		method: "GET", url: base + "/federation/credentials?" + ask.Encode(), sign: ssoToken(token),
	}, nil, token)
	if p.Err != nil {
		p.Err.Message = "the login of the profile " + name + " gives no keys: " + p.Err.Message
		if p.Code == "auth.expired" {
			p.Err.Hint = "aws sso login --profile " + name
		}
		return awsKeys{}, &p
	}
	var got struct {
		Role struct {
			ID      string `json:"accessKeyId"`
			Key     string `json:"secretAccessKey"`
			Session string `json:"sessionToken"`
		} `json:"roleCredentials"`
	}
	if json.Unmarshal(body, &got) != nil || got.Role.ID == "" || got.Role.Key == "" {
		return awsKeys{}, stopped(x.r, "answer.unknown", "the login of the profile "+name+" gives no keys", "")
	}
	return awsToken(got.Role.ID, got.Role.Key, got.Role.Session, "the login of the profile "+name), nil
}
