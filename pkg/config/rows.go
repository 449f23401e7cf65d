package config

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/llmctl/llmctl/pkg/fault"
	"github.com/llmctl/llmctl/pkg/provider"
)

// rowFields are the settings of one entry of providers.
func rowFields() []string {
	return []string{"name", "title", "prefix", "aliases", "keys", "bases", "base", "auth", "wire", "chat_path", "probe", "notes", "key_page", "local", "hosts"}
}

var rowName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`) })

// ProviderRows are the rows of the file's own providers section: providers that
// llmctl's table lacks, or others in place of its rows. The section is a list
// of maps with a name, or a map by name. A row that cannot be used is left out,
// and a finding says why.
//
// Defaults: wire openai-chat, auth bearer, and the wire's chat path and probe.
func (c *Config) ProviderRows() ([]provider.Provider, []fault.Finding) {
	if c == nil || c.Providers.Kind() == Null {
		return nil, nil
	}
	r := rows{config: c}
	switch c.Providers.Kind() {
	case List:
		for _, n := range c.Providers.Items() {
			r.row(n.Get("name").Text(), n)
		}
	case Map:
		for _, f := range c.Providers.Fields() {
			r.row(f.Name, f.Value)
		}
	default:
		r.note(c.Providers.Pos(), "providers has to be a list of maps with name and base")
	}
	return r.out, r.found
}

type rows struct {
	config *Config
	out    []provider.Provider
	found  []fault.Finding
}

func (r *rows) note(at Pos, detail string) { r.add("config.shape", at, detail) }

// add notes a finding and gives it for further detail; it is valid until the
// next one is added.
func (r *rows) add(code fault.Code, at Pos, detail string) *fault.Finding {
	if len(r.found) >= maxFindings {
		return &fault.Finding{}
	}
	r.found = append(r.found, r.config.finding(code, at, detail))
	return &r.found[len(r.found)-1]
}

// row reads one entry.
func (r *rows) row(name string, n *Node) {
	switch {
	case n.Kind() != Map:
		r.note(n.Pos(), "a provider has to be a map with name and base")
		return
	case !rowName().MatchString(name):
		r.note(n.Pos(), "a provider needs a name of letters, digits, dots and dashes: it is the part of a model before the slash")
		return
	case slices.ContainsFunc(r.out, func(p provider.Provider) bool { return p.Name == name }):
		r.note(n.Pos(), "the provider "+clip(name)+" is here twice; the first counts")
		return
	}
	p := provider.Provider{
		Name: name, Title: n.Get("title").Text(), Base: strings.TrimRight(n.Get("base").Text(), "/"),
		Aliases: append(r.texts(n, "prefix"), r.texts(n, "aliases")...),
		Keys:    r.texts(n, "keys"), Bases: r.texts(n, "bases"), Hosts: r.texts(n, "hosts"),
		Auth: provider.Auth(n.Get("auth").Text()), Wire: provider.Wire(n.Get("wire").Text()),
		ChatPath: n.Get("chat_path").Text(), Local: n.Get("local").Text() == "true",
		KeyPage: n.Get("key_page").Text(), Notes: n.Get("notes").Text(), Source: place(n.Pos()),
	}
	p.Aliases = slices.DeleteFunc(p.Aliases, func(a string) bool { return a == name })
	if p.Title == "" {
		p.Title = name
	}
	if !r.enums(n, &p) || !r.base(n, p) || !r.own(n, &p) {
		return
	}
	r.probe(n, &p)
	r.strange(n)
	r.out = append(r.out, p)
}

// strange finds a field that nobody reads: with "key" in place of "keys" the
// provider would have no variable at all, and no word would say why.
func (r *rows) strange(n *Node) {
	known := rowFields()
	for _, f := range n.Fields() {
		switch near := nearest(f.Name, known); {
		case slices.Contains(known, f.Name):
		case near != "":
			found := r.add("config.unknown-key", f.Written(), clip(f.Name)+" in providers: did you mean "+near+"?")
			found.Fix.Summary, found.Fix.Commands = "write "+near, rename(f.Written(), f.Name, near)
		default:
			r.add("config.unknown-key", f.Written(), clip(f.Name)+" in providers is not read")
		}
	}
}

// texts reads a text or a list of texts.
func (r *rows) texts(n *Node, name string) []string {
	v := n.Get(name)
	switch v.Kind() {
	case Scalar:
		return []string{strings.TrimSuffix(v.Text(), "/")}
	case List:
		var out []string
		for _, i := range v.Items() {
			if i.Text() == "" {
				r.note(i.Pos(), name+" holds texts")
				continue
			}
			out = append(out, strings.TrimSuffix(i.Text(), "/"))
		}
		return out
	case Map:
		r.note(v.Pos(), name+" has to be a text or a list of texts")
	case Null: // nothing is said
	}
	return nil
}

// enums checks wire and auth and gives them their defaults.
func (r *rows) enums(n *Node, p *provider.Provider) bool {
	wires := []provider.Wire{provider.OpenAIChat, provider.OpenAIResponses, provider.AzureOpenAI, provider.Anthropic, provider.Gemini,
		provider.VertexGemini, provider.BedrockConverse, provider.Ollama, provider.Cohere}
	auths := []provider.Auth{provider.Bearer, provider.Token, provider.XAPIKey, provider.APIKey, provider.GoogAPIKey, provider.SigV4, provider.GoogleOAuth, provider.None}
	if p.Wire == "" {
		p.Wire = provider.OpenAIChat
	}
	if !slices.Contains(wires, p.Wire) {
		r.note(n.Get("wire").Pos(), "no such wire: "+clip(string(p.Wire))+"; one of "+join(wires))
		return false
	}
	if p.Auth == "" {
		p.Auth = provider.Bearer
		switch p.Wire {
		case provider.Anthropic:
			p.Auth = provider.XAPIKey
		case provider.Gemini:
			p.Auth = provider.GoogAPIKey
		case provider.AzureOpenAI:
			p.Auth = provider.APIKey
		default: // bearer
		}
	}
	if !slices.Contains(auths, p.Auth) {
		r.note(n.Get("auth").Pos(), "no such form of auth: "+clip(string(p.Auth))+"; one of "+join(auths))
		return false
	}
	if p.ChatPath == "" {
		p.ChatPath = map[provider.Wire]string{
			provider.OpenAIChat: "/chat/completions", provider.OpenAIResponses: "/responses", provider.Anthropic: "/v1/messages",
			provider.Gemini: "/v1beta/models/{model}:generateContent", provider.Ollama: "/api/chat", provider.Cohere: "/v2/chat",
		}[p.Wire]
	} else if !strings.HasPrefix(p.ChatPath, "/") {
		p.ChatPath = "/" + p.ChatPath
	}
	return true
}

// base checks that the row says where to call.
func (r *rows) base(n *Node, p provider.Provider) bool {
	at := n.Get("base").Pos()
	if at.Line == 0 {
		at = n.Pos()
	}
	if p.Base == "" {
		if len(p.Bases) == 0 {
			r.note(at, "the provider "+clip(p.Name)+" has no base, and no bases that name a variable")
			return false
		}
		return true
	}
	if u, err := url.Parse(p.Base); err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		r.note(at, "base has to be http:// or https:// with a host")
		return false
	}
	return true
}

// own keeps a row from borrowing what belongs to a provider of the table. A
// config comes with a cloned repository; a row of it that is called openai, or
// reads OPENAI_API_KEY, would make a stranger's host the home of that key. Such
// a row has to stay on the provider's own hosts.
func (r *rows) own(n *Node, p *provider.Provider) bool {
	table := provider.All()
	for _, name := range append([]string{p.Name}, p.Aliases...) {
		if known, ok := provider.Lookup(table, name); ok && !stays(*p, known) {
			f := r.add("binding.foreign-host", n.Pos(), clip(name)+" is "+known.Title+" in llmctl's table, and this row leads its keys elsewhere")
			f.Fix.Summary = "give the row a name of its own, and set api_base and api_key in the deployment"
			return false
		}
	}
	p.Keys = slices.DeleteFunc(p.Keys, func(variable string) bool {
		i := slices.IndexFunc(table, func(k provider.Provider) bool { return slices.Contains(k.Keys, variable) })
		if i < 0 || stays(*p, table[i]) {
			return false
		}
		f := r.add("binding.foreign-host", n.Get("keys").Pos(), clip(variable)+" belongs to "+table[i].Title+", and this row leads it elsewhere")
		f.Fix.Summary = "use a variable of its own, or name the key in the deployment: api_key: os.environ/" + variable
		return true
	})
	return true
}

// stays reports whether every address of row is at home at known.
func stays(row, known provider.Provider) bool {
	if len(row.Bases) > 0 && !slices.Equal(row.Bases, known.Bases) {
		return false // a variable may hold any address
	}
	home := append([]string{hostOf(known.Base)}, known.Hosts...)
	for _, h := range append([]string{hostOf(row.Base)}, row.Hosts...) {
		if h != "" && !slices.Contains(home, h) {
			return false
		}
	}
	return true
}

func hostOf(base string) string {
	u, err := url.Parse(base)
	if err != nil {
		return base // no host is like it
	}
	return u.Hostname()
}

// probe reads a path, or a map with method, path, url, list and the like. The
// default is the wire's list of models.
func (r *rows) probe(n *Node, p *provider.Provider) {
	v := n.Get("probe")
	switch v.Kind() {
	case Scalar:
		p.Probe = provider.Probe{Method: "GET", Path: v.Text(), List: strings.HasSuffix(v.Text(), "/models")}
	case Map:
		p.Probe = provider.Probe{
			Method: strings.ToUpper(v.Get("method").Text()), Path: v.Get("path").Text(), URL: v.Get("url").Text(), Body: v.Get("body").Text(),
			Public: v.Get("public").Text() == "true", NeedsKey: v.Get("needs_key").Text() == "true", List: v.Get("list").Text() == "true",
		}
		if p.Probe.Method == "" {
			p.Probe.Method = "GET"
		}
		if p.Probe.Method != "GET" && p.Probe.Method != "POST" && p.Probe.Method != "HEAD" {
			r.note(v.Get("method").Pos(), "a probe is a GET, a HEAD or a POST")
			p.Probe = provider.Probe{}
		}
	case List:
		r.note(v.Pos(), "probe has to be a path, or a map with path")
	default:
		switch p.Wire {
		case provider.OpenAIChat, provider.OpenAIResponses:
			p.Probe = provider.Probe{Method: "GET", Path: "/models", List: true}
		case provider.Anthropic:
			p.Probe = provider.Probe{Method: "GET", Path: "/v1/models", List: true}
		default: // no list that every provider of the wire has
		}
	}
	p.Probe.Source = p.Source
}

func join[T ~string](list []T) string {
	out := make([]string, len(list))
	for i, v := range list {
		out[i] = string(v)
	}
	return strings.Join(out, ", ")
}
