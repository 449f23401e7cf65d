package source

import (
	"io"

	"github.com/llmctl/llmctl/pkg/fault"
	"github.com/llmctl/llmctl/pkg/resolve"
	"github.com/llmctl/llmctl/pkg/secret"
)

// flags takes what the command line says. A key flag that gives no key is an
// error, and the entry stays, empty: nothing else takes its place silently.
func (r *reader) flags() {
	r.snapshot.Flags.APIBase = r.options.APIBase
	switch {
	case r.options.KeyEnv != "":
		r.keyEnv(r.options.KeyEnv)
	case r.options.KeyFile != "":
		e, err := r.keyFile(r.options.KeyFile)
		r.keyFlag("--key-file", e, err)
	case r.options.KeyStdin:
		e, err := r.keyStdin()
		r.keyFlag("--key-stdin", e, err)
	}
}

// keyFlag makes the flag's entry of what was read for it.
func (r *reader) keyFlag(flag string, e resolve.Entry, err *fault.Err) {
	o := resolve.Origin{Layer: resolve.Flag, Name: flag}
	if err != nil {
		f := fault.New(err.Code, flag+": "+err.Error())
		r.report(f)
		r.snapshot.RefErrs[flag] = err // why the entry below is empty
	} else if e.Origin.Layer != resolve.Flag {
		via := e.Origin
		o.Via = &via
	}
	r.snapshot.Flags.Key = &resolve.Entry{Name: flag, Value: e.Value, Origin: o}
}

// keyEnv looks where variables are looked up: the environment, then .env files.
func (r *reader) keyEnv(name string) {
	if secret.LooksLikeKey(name) {
		r.keyFlag("--key-env", resolve.Entry{}, &fault.Err{Code: "key.unresolved", Message: "this is a key, and not the name of a variable; it is now in the shell's history"})
		return
	}
	entries := r.snapshot.Env
	for _, f := range r.snapshot.EnvFiles {
		if f.Status == "read" {
			entries = append(entries[:len(entries):len(entries)], f.Entries...)
		}
	}
	for _, e := range entries {
		if e.Name == name && !e.Value.IsZero() {
			r.keyFlag("--key-env", e, nil)
			return
		}
	}
	r.keyFlag("--key-env", resolve.Entry{}, &fault.Err{Code: "key.unresolved", Message: name + " is set neither in the environment nor in a .env file"})
}

// keyStdin reads all of standard input, up to 64 KiB.
func (r *reader) keyStdin() (resolve.Entry, *fault.Err) {
	if r.sys.Stdin == nil {
		return resolve.Entry{}, &fault.Err{Code: "key.unresolved", Message: "there is no standard input"}
	}
	b, err := io.ReadAll(io.LimitReader(r.sys.Stdin, maxKey+1))
	switch value := trimLineEnd(string(b)); {
	case err != nil:
		return resolve.Entry{}, &fault.Err{Code: "key.unresolved", Message: "standard input cannot be read", Cause: err}
	case len(b) > maxKey:
		return resolve.Entry{}, &fault.Err{Code: "key.unresolved", Message: "standard input is too long for a key"}
	case value == "":
		return resolve.Entry{}, &fault.Err{Code: "key.unresolved", Message: "standard input is empty"}
	default:
		return resolve.Entry{Value: secret.New(value), Origin: resolve.Origin{Layer: resolve.Flag}}, nil
	}
}
