package source

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"time"

	"github.com/llmctl/llmctl/pkg/config"
	"github.com/llmctl/llmctl/pkg/fault"
	"github.com/llmctl/llmctl/pkg/resolve"
	"github.com/llmctl/llmctl/pkg/secret"
)

// commandLimit is how long a cmd: reference may take. Password managers ask for
// a fingerprint, so it is longer than a machine needs.
const commandLimit = 30 * time.Second

// references reads what file:, keyring: and cmd: references of the config point
// to, each once.
func (r *reader) references(ctx context.Context) {
	c := r.snapshot.Config
	if c == nil {
		return
	}
	for _, m := range c.Models {
		if r.options.Need == nil || r.options.Need(m) {
			r.walk(ctx, m.Params)
		}
	}
	for _, cred := range c.Credentials {
		r.walk(ctx, cred.Values)
	}
	for _, f := range c.Environment {
		r.walk(ctx, f.Value)
	}
	r.walk(ctx, c.Litellm)
}

func (r *reader) walk(ctx context.Context, n *config.Node) {
	for _, f := range n.Fields() {
		r.walk(ctx, f.Value)
	}
	for _, item := range n.Items() {
		r.walk(ctx, item)
	}
	text := strings.TrimSpace(n.Text())
	ref, ok := config.ParseReference(text)
	if n.Kind() != config.Scalar || !ok || ref.Scheme == "env" {
		return
	}
	if _, done := r.snapshot.Refs[text]; done || r.snapshot.RefErrs[text] != nil {
		return
	}
	e, err := r.follow(ctx, ref, n.Pos())
	if err != nil {
		r.snapshot.RefErrs[text] = err
		return
	}
	r.snapshot.Refs[text] = e
}

// follow reads one reference that stands at pos.
func (r *reader) follow(ctx context.Context, ref config.Reference, pos config.Pos) (resolve.Entry, *fault.Err) {
	switch ref.Scheme {
	case "file":
		path := ref.Name
		if abs := filepath.Dir(r.sys.abs(pos.File)); !filepath.IsAbs(path) && !strings.HasPrefix(path, "~") {
			path = filepath.Join(abs, path)
		}
		return r.keyFile(r.sys.show(r.sys.abs(path)))
	case "keyring":
		value, origin, err := r.sys.Keys().Get(ctx, ref.Name)
		if err != nil {
			e := asErr(err)
			return resolve.Entry{}, &fault.Err{Code: "key.unresolved", Subject: "keyring:" + ref.Name, Message: e.Message, Cause: e.Cause}
		}
		return resolve.Entry{Name: ref.Name, Value: value, Origin: origin}, nil
	}
	return r.command(ctx, ref.Name, pos)
}

// keyFile reads a key from a file of its own. One line end at its end is not
// part of the key.
func (r *reader) keyFile(path string) (resolve.Entry, *fault.Err) {
	b, err := r.sys.read(path, maxKey)
	if err != nil {
		return resolve.Entry{}, &fault.Err{Code: "key.unresolved", Subject: path, Message: "the key file cannot be read: " + why(err), Cause: err}
	}
	if r.sys.open(path) {
		f := fault.New("key.permissions", path+" holds a key, and others on this machine can read it")
		f.Location = &fault.Location{File: path}
		f.Fix.Commands = []string{"chmod 600 " + quoted(path)}
		r.report(f)
	}
	value := trimLineEnd(string(b))
	if value == "" {
		return resolve.Entry{}, &fault.Err{Code: "key.unresolved", Subject: path, Message: "the key file is empty"}
	}
	return resolve.Entry{Name: "file:" + path, Value: secret.New(value), Origin: resolve.Origin{
		Layer: resolve.Deployment, Name: "file", File: path, Line: 1, Column: 1,
	}}, nil
}

func trimLineEnd(s string) string {
	return strings.TrimSuffix(strings.TrimSuffix(s, "\n"), "\r")
}

// command runs a key command and takes the first line of its stdout. There is
// no shell between: a config file is read by more people than it is written by,
// and a quoted argument should not become a program. Who wants a shell writes
// cmd:sh -c '…'.
func (r *reader) command(ctx context.Context, text string, pos config.Pos) (resolve.Entry, *fault.Err) {
	argv, err := split(text)
	if err != nil || len(argv) == 0 {
		return resolve.Entry{}, &fault.Err{Code: "key.unresolved", Subject: "cmd", Message: "the command cannot be taken apart: a quote is not closed"}
	}
	name := "cmd:" + filepath.Base(argv[0])
	if secret.LooksLikeKey(argv[0]) {
		name = "cmd"
	}
	if !r.options.AllowExec || r.sys.Run == nil {
		return resolve.Entry{}, &fault.Err{Code: "key.exec-refused", Subject: name, Message: "the command was not run: this command of llmctl starts no programs without --allow-exec"}
	}
	ctx, cancel := context.WithTimeout(ctx, commandLimit)
	defer cancel()
	out, errOut, err := r.sys.Run(ctx, argv, filepath.Dir(r.sys.abs(pos.File)))
	value, _, _ := strings.Cut(string(out), "\n")
	value = strings.TrimSuffix(value, "\r")
	switch {
	case ctx.Err() != nil && errors.Is(ctx.Err(), context.DeadlineExceeded):
		return resolve.Entry{}, &fault.Err{Code: "key.unresolved", Subject: name, Message: "no answer within " + commandLimit.String(), Cause: ctx.Err()}
	case err != nil:
		return resolve.Entry{}, &fault.Err{Code: "key.unresolved", Subject: name, Message: "the command failed: " + scrub(err.Error()) + said(errOut), Cause: errors.New("command failed")}
	case value == "":
		return resolve.Entry{}, &fault.Err{Code: "key.unresolved", Subject: name, Message: "the command printed nothing in the first line of its output" + said(errOut)}
	}
	return resolve.Entry{Name: name, Value: secret.New(value), Origin: resolve.Origin{
		Layer: resolve.Deployment, Name: name, File: pos.File, Line: pos.Line, Column: pos.Column,
	}}, nil
}

// said is the first line of a command's stderr, without what may be a key.
func said(errOut []byte) string {
	line, _, _ := strings.Cut(strings.TrimSpace(string(errOut)), "\n")
	if line == "" {
		return ""
	}
	return " (" + scrub(line) + ")"
}

// scrub drops words that may be a credential, and what is too long to be a
// message.
func scrub(text string) string {
	words := strings.FieldsFunc(text, func(r rune) bool { return r <= ' ' || r == 0x7F })
	for i, w := range words {
		bare := strings.TrimFunc(w, func(r rune) bool { return strings.ContainsRune(`"'(),;:=[]{}<>`, r) })
		if _, after, ok := strings.Cut(bare, "="); ok {
			bare = after
		}
		// A word that nobody would say in an error message is not repeated.
		if secret.LooksLikeKey(bare) || len(bare) >= 20 && strings.ContainsAny(bare, "0123456789") && !strings.ContainsAny(bare, "/.") {
			words[i] = "…"
		}
	}
	out := strings.Join(words, " ")
	if r := []rune(out); len(r) > 200 {
		out = string(r[:200]) + "…"
	}
	return out
}

var errQuote = errors.New("a quote is not closed")

// split takes a command apart as a shell does, without expanding anything.
// Backslashes quote outside of single quotes.
func split(text string) ([]string, error) {
	var argv []string
	var b strings.Builder
	open, quote := false, rune(0)
	escaped := false
	for _, c := range text {
		switch {
		case escaped:
			if quote == '"' && c != '"' && c != '\\' {
				b.WriteRune('\\')
			}
			b.WriteRune(c)
			escaped = false
		case c == '\\' && quote != '\'':
			escaped, open = true, true
		case quote != 0 && c == quote:
			quote = 0
		case quote != 0:
			b.WriteRune(c)
		case c == '\'' || c == '"':
			quote, open = c, true
		case c == ' ' || c == '\t' || c == '\n':
			if open {
				argv = append(argv, b.String())
				b.Reset()
			}
			open = false
		default:
			b.WriteRune(c)
			open = true
		}
	}
	if quote != 0 || escaped {
		return nil, errQuote
	}
	if open {
		argv = append(argv, b.String())
	}
	return argv, nil
}
