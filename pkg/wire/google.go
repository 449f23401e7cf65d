package wire

import (
	"context"
	"errors"
	"io/fs"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/llmctl/llmctl/pkg/fault"
	"github.com/llmctl/llmctl/pkg/resolve"
	"github.com/llmctl/llmctl/pkg/secret"
)

// tokenLimit is how long Google may take for a token; it takes a tenth of a
// second.
const tokenLimit = 10 * time.Second

// identity is what a token of Google's is made of.
type identity struct {
	file secret.Secret // JSON
	from string        // where it stands, for people
	part resolve.Part  // zero for the file of gcloud
}

// google is the free call for a deployment that signs in at Google: a token,
// then countTokens on the model, which is free and asks project, API,
// permission, region and model at once.
func (c *Client) google(ctx context.Context, r *resolve.Resolution) Probe {
	id, p := c.googleFile(r)
	if p != nil {
		return *p
	}
	a, err := readAccount(id.file)
	if err != nil {
		return *stopped(r, "key.unresolved", "the Google credentials of "+id.from+" are no JSON that can be read", "")
	}
	switch a.Type {
	case "service_account", "authorized_user":
	case "":
		return *stopped(r, "key.unresolved", "the Google credentials of "+id.from+" have no type: they are of another kind of file", "use the JSON key of a service account, or gcloud auth application-default login")
	default:
		p := none(r, "the Google credentials of "+id.from+" are of the type "+short(a.Type, 40)+", which llmctl does not use")
		p.Err.Hint = "use the JSON key of a service account, or gcloud auth application-default login"
		return p
	}
	token, granted := c.googleGrant(ctx, r, id, a)
	if granted.Err != nil {
		return granted
	}
	return c.countTokens(ctx, r, id, a, token, granted)
}

// googleFile finds the credentials: what is named for the deployment, else what
// Google's own tools would use. The first that is set counts, also when it
// cannot be read.
// Sources: LiteLLM 1.109.1, vertex_llm_base.py; Google, Application Default
// Credentials.
func (c *Client) googleFile(r *resolve.Resolution) (identity, *Probe) {
	names := []string{"vertex_credentials", "vertex_ai_credentials", "VERTEXAI_CREDENTIALS", "GOOGLE_APPLICATION_CREDENTIALS"}
	if r.Policy == resolve.EnvFirst {
		names = []string{"VERTEXAI_CREDENTIALS", "vertex_credentials", "vertex_ai_credentials", "GOOGLE_APPLICATION_CREDENTIALS"}
	}
	for _, name := range names {
		p, ok := part(r, name)
		switch {
		case !ok:
			continue
		case p.Code != "" && p.Key.IsZero():
			return identity{}, halted(r, name, p)
		case p.Key.Match(braced()):
			return identity{p.Key, p.Origin.String(), p}, nil
		}
		path, plain := p.Key.ID()
		if !plain {
			return identity{}, stopped(r, "key.unresolved", p.Origin.String()+" is neither a path nor JSON", "")
		}
		b, err := c.ReadFile(c.expand(path))
		if err != nil {
			return identity{}, stopped(r, "key.unresolved", p.Origin.String()+" names "+short(path, 120)+", which "+why(err), "correct the path: nothing else is used in its place")
		}
		return identity{secret.New(string(b)), path + " (" + p.Origin.String() + ")", p}, nil
	}
	return c.gcloudFile(r)
}

// gcloudFile is what gcloud auth application-default login leaves behind.
func (c *Client) gcloudFile(r *resolve.Resolution) (identity, *Probe) {
	const name = "application_default_credentials.json"
	var paths []string
	switch dir := plainPart(r, "CLOUDSDK_CONFIG"); {
	case dir != "":
		paths = append(paths, strings.TrimRight(c.expand(dir), `/\`)+"/"+name)
	default:
		if roaming := plainPart(r, "APPDATA"); roaming != "" { // Windows
			paths = append(paths, strings.TrimRight(roaming, `/\`)+"/gcloud/"+name)
		}
		if home := c.inHome(".config", "gcloud", name); home != "" {
			paths = append(paths, home)
		}
	}
	for _, path := range paths {
		b, err := c.ReadFile(path)
		if err == nil {
			return identity{file: secret.New(string(b)), from: path}, nil
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return identity{}, stopped(r, "key.unresolved", path+" "+why(err), "")
		}
	}
	return identity{}, stopped(r, "key.missing",
		"no Google credentials: looked for vertex_credentials beside the model, VERTEXAI_CREDENTIALS and GOOGLE_APPLICATION_CREDENTIALS among the variables, and "+
			or(strings.Join(paths, ", "), "no file: the home directory is not known")+"; the metadata server of a machine in the cloud is not asked",
		"gcloud auth application-default login (gcloud auth login alone is not enough), or set GOOGLE_APPLICATION_CREDENTIALS")
}

// why says that a file cannot be read without the system's words, which repeat
// the path.
func why(err error) string {
	if errors.Is(err, fs.ErrNotExist) {
		return "does not exist"
	}
	return "cannot be read"
}

// googleGrant fetches a token.
func (c *Client) googleGrant(ctx context.Context, r *resolve.Resolution, id identity, a account) (secret.Secret, Probe) {
	limited, cancel := context.WithTimeout(ctx, tokenLimit)
	defer cancel()
	way := &door{c: c, r: r, hide: googleHidden(id.file)}
	token, err := googleToken(limited, id.file, a, way)
	p := way.p
	switch {
	case p.Err != nil:
		p.Err.Message = "Google grants no token for " + id.from + ": " + p.Err.Message
		if p.Code == "auth.expired" && a.Type == "authorized_user" {
			p.Err.Hint = "gcloud auth application-default login"
		}
	case p.Status == 0: // nobody was asked; the library's text may hold a part of the key
		p = *stopped(r, "key.unresolved", "the Google credentials of "+id.from+" cannot be used: the key in it is damaged, or a field is missing", "download the key anew, or gcloud auth application-default login")
	case err != nil || token.IsZero():
		f := failure(r, "answer.unknown", p.URL+" answered without a token", nil)
		f.Status, f.RequestID = p.Status, p.RequestID
		p.OK, p.Code, p.Err = false, f.Code, f
	}
	return token, p
}

// countTokens asks the model, where there is one that the token may be sent to.
func (c *Client) countTokens(ctx context.Context, r *resolve.Resolution, id identity, a account, token secret.Secret, granted Probe) Probe {
	who := or(a.Email, "the user of "+id.from)
	only := func(why string) Probe {
		return granted.proven(fault.Scoped, "token granted", "Google grants a token to "+who+"; "+why+", so nothing follows for project, region and model")
	}
	switch {
	case id.part.Code != "":
		return only("it is not sent to " + r.Host() + ", because " + id.part.Reason)
	case id.part == (resolve.Part{}) && !resolve.OwnHost(r.Provider, r.Host()):
		return only("it is not sent to " + r.Host() + ", which is none of Google's hosts")
	case !strings.HasPrefix(r.Upstream, "gemini"):
		return only("countTokens is asked of Gemini models alone")
	}
	own := *r
	own.Key = token
	method, address, ok := own.ProbeURL()
	if !ok {
		return only("the address of a call is not complete")
	}
	k := call{method: method, url: address, header: r.Provider.Probe.Header, body: []byte(r.Provider.Probe.Body)}
	p := c.probe(ctx, &own, k)
	if p.Err == nil && p.Code == "" {
		c.grade(ctx, &own, k, &p)
	}
	if p.Err != nil {
		p.Err.Message += "; signed in as " + who
	} else {
		p.Says = "signed in as " + who + "; project, region and model are accepted"
	}
	return p
}

// braced tells JSON from a path.
var braced = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^\s*\{`) })
