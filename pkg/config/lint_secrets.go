package config

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/llmctl/llmctl/pkg/fault"
	"github.com/llmctl/llmctl/pkg/secret"
)

// secrets finds credentials that are written into the file, and empty ones.
func (l *linter) secrets() {
	l.leaves(func(v leaf) {
		if v.name == "master_key" || !credentialName(v) || v.inList && v.name == "hosted_keys" {
			return
		}
		t, _ := text(v.node)
		switch {
		case variableName().MatchString(t):
			f := l.add("config.reference-form", v.node.Written(), v.model, v.name+" is the name "+t+" itself, not the value of that variable")
			f.Fix.Summary = "write os.environ/" + t
			f.Fix.Commands = rename2(v.node.Written(), t, "os.environ/"+t)
		case literal(t) && keyLike(v.name, t) && !l.harmless(v, t):
			l.literal(v, t)
		}
	})
	l.passwords()
	for _, m := range l.c.Models {
		l.emptyKey(m.Params.Field("api_key"), m.Name)
	}
	for _, cred := range l.c.Credentials {
		l.emptyKey(cred.Values.Field("api_key"), "")
	}
}

// credentialName reports whether a value's name says that it is a credential.
// It is stricter than Sensitive: what is hidden for safety need not be one.
func credentialName(v leaf) bool {
	n := strings.ToLower(v.name)
	switch {
	case !Sensitive(v.name):
		return false
	case strings.Contains(n, "public_key") || strings.Contains(n, "key_id") || strings.Contains(n, "credential_name"):
		return false
	case n == "key" || n == "auth" || n == "token" || n == "hosted_keys" || strings.HasSuffix(n, "webhook_url"):
		return false
	case strings.HasSuffix(n, "_keys") || n == "prompt_cache_key" || n == "cache_key":
		return false
	}
	return v.path[0] != "guardrails" || strings.Contains(n, "api_key")
}

// literal reports whether a text under a credential's name can be one.
func literal(t string) bool {
	if _, ok := ParseReference(t); ok || t == "" || wrongReference(t) || strings.Contains(t, "os.environ/") || len(t) < 4 {
		return false
	}
	switch strings.ToLower(t) {
	case "true", "false", "null", "none":
		return false
	}
	// A file with a credential in it, or a form of authentication.
	if strings.HasPrefix(t, "/") || strings.HasPrefix(t, "./") || strings.HasPrefix(t, "~") || strings.HasSuffix(t, ".json") || strings.HasSuffix(t, ".pem") {
		return false
	}
	if strings.HasPrefix(t, "http://") || strings.HasPrefix(t, "https://") || strings.HasPrefix(t, "oidc/") {
		return false
	}
	_, lint := secret.New(strings.TrimPrefix(t, "Bearer ")).Clean()
	return !lint.Placeholder && !lint.Masked && embedded().FindString(t) == ""
}

// variableName matches what can only be the name of a variable: NVIDIA_API_KEY.
var variableName = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[A-Z][A-Z0-9]*_(?:[A-Z0-9]+_)*(?:KEY|TOKEN|SECRET|PASSWORD)$`)
})

// keyLike tells a key from a word that stands where some text has to stand:
// "sk-local", "no-auth-needed". A password may be any text.
func keyLike(name, t string) bool {
	n := strings.ToLower(name)
	if secret.LooksLikeKey(t) || strings.Contains(n, "password") || strings.Contains(n, "passphrase") {
		return true
	}
	return len(t) >= 16 && strings.ContainsAny(t, "0123456789") && strings.ContainsAny(strings.ToLower(t), "abcdefghijklmnopqrstuvwxyz")
}

// passwords finds addresses with a password in them that go to a public host.
func (l *linter) passwords() {
	l.leaves(func(v leaf) {
		t, _ := text(v.node)
		u, err := url.Parse(t)
		if err != nil || u.User == nil || loopback(u.Host) || private(u.Host) {
			return
		}
		word, has := u.User.Password()
		if !has || !literal(word) {
			return
		}
		f := l.add("config.literal-key", v.node.Written(), v.model, v.name+" holds a password for "+bareHost(u.Host))
		f.Fix.Summary = "put the whole address into .env and write os.environ/" + strings.ToUpper(v.name) + " here"
	})
}

// harmless reports whether a literal key goes to a server of one's own and does
// not look like any vendor's: such servers want some text and check none.
func (l *linter) harmless(v leaf, t string) bool {
	if secret.LooksLikeKey(t) && !strings.HasPrefix(t, "sk-1234") {
		return false
	}
	if v.of == nil {
		return false
	}
	host := v.of.host()
	p, known := l.provider(*v.of)
	return loopback(host) || private(host) || known && p.Local && host == ""
}

// host is the host of a deployment's literal base, "" without one.
func (m Model) host() string {
	f := m.base()
	if f == nil {
		return ""
	}
	u, err := url.Parse(strings.TrimSpace(f.Value.Text()))
	if err != nil {
		return ""
	}
	return u.Host
}

func (l *linter) literal(v leaf, t string) {
	f := l.add("config.literal-key", v.node.Written(), v.model, v.name+" holds a credential, "+secret.New(t).Fingerprint())
	name := strings.ToUpper(strings.NewReplacer("-", "_", " ", "_").Replace(v.name))
	if v.path[0] == "environment_variables" {
		f.Detail = v.name + " is set to a credential, " + secret.New(t).Fingerprint()
		f.Fix.Summary = "set it in the environment or in .env and remove the line"
		return
	}
	if v.name == "api_key" && v.of != nil {
		if p, ok := l.provider(*v.of); ok && len(p.Keys) > 0 {
			name = p.Keys[0]
		}
	}
	f.Fix.Summary = "put it into .env, write os.environ/" + name + " here, and replace the key if the file was ever shared"
}

func (l *linter) emptyKey(f *Field, deployment string) {
	if f == nil || f.Value.Kind() != Null && !(f.Value.Kind() == Scalar && strings.TrimSpace(f.Value.Text()) == "") {
		return
	}
	found := l.add("config.empty-key", f.Written(), deployment, "api_key has no value: the provider's default variable counts instead")
	if f.Value.Kind() == Null {
		found.Severity = fault.Warning
	}
}

// masterKey looks at the key of the proxy itself.
func (l *linter) masterKey() {
	f := l.c.General.Field("master_key")
	if f == nil {
		return
	}
	t, scalar := text(f.Value)
	if _, ok := ParseReference(t); ok || wrongReference(t) {
		return
	}
	set := []string{`echo "LITELLM_MASTER_KEY=sk-$(openssl rand -hex 24)" >> .env`}
	switch {
	case !scalar || t == "":
		found := l.add("config.weak-master-key", f.Written(), "", "master_key has no value: older versions of LiteLLM then serve everybody as an administrator, newer ones refuse to start")
		found.Fix.Summary, found.Fix.Commands = "write os.environ/LITELLM_MASTER_KEY, and set the variable", set
	case weak(t):
		found := l.add("config.weak-master-key", f.Written(), "", "master_key is a sample or shorter than 20 characters, and it is written into the file")
		if t == "sk-1234" {
			found.Detail = "master_key is sk-1234, the key of every tutorial: LiteLLM refuses to start with it since September 2026"
		}
		found.Fix.Summary, found.Fix.Commands = "make a new one, and write os.environ/LITELLM_MASTER_KEY here", set
	default:
		found := l.add("config.literal-master-key", f.Written(), "", "master_key is written here, "+secret.New(t).Fingerprint())
		found.Fix.Summary, found.Fix.Commands = "write os.environ/LITELLM_MASTER_KEY, and set the variable to a new key", set
	}
}

// weak reports whether a master key can be guessed.
func weak(t string) bool {
	_, lint := secret.New(t).Clean()
	low := strings.ToLower(t)
	return len(t) < 20 || lint.Placeholder || slices.ContainsFunc([]string{"sk-1234", "changeme", "change-me", "litellm", "password", "master"}, func(w string) bool {
		return strings.Contains(low, w) && len(t) < 32
	})
}
