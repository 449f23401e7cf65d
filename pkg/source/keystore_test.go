package source

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/zalando/go-keyring"

	"github.com/llmctl/llmctl/pkg/fault"
	"github.com/llmctl/llmctl/pkg/resolve"
	"github.com/llmctl/llmctl/pkg/secret"
)

// ring is a keyring in memory. A hook stands in front of every call.
type ring struct {
	keys  map[string]string
	calls int
	hook  func(text string) error
}

func (r *ring) enter(text string) error {
	r.calls++
	if r.hook != nil {
		return r.hook(text)
	}
	return nil
}

func (r *ring) Set(service, user, password string) error {
	if err := r.enter(password); err != nil {
		return err
	}
	r.keys[service+"/"+user] = password
	return nil
}

func (r *ring) Get(service, user string) (string, error) {
	if err := r.enter(""); err != nil {
		return "", err
	}
	v, ok := r.keys[service+"/"+user]
	if !ok {
		return "", keyring.ErrNotFound
	}
	return v, nil
}

func (r *ring) Delete(service, user string) error {
	if err := r.enter(""); err != nil {
		return err
	}
	delete(r.keys, service+"/"+user)
	return nil
}

const bus = "DBUS_SESSION_BUS_ADDRESS=unix:path=/x"

func TestKeyStoreInKeyring(t *testing.T) {
	d, r := newDisk(nil), &ring{keys: map[string]string{}}
	sys := d.system("/p", "/home/u", bus)
	sys.Keyring = r
	in, err := sys.Keys().Set(t.Context(), "OpenAI", secret.New(key))
	if err != nil || in != InKeyring || r.keys["llmctl/openai"] != key {
		t.Fatalf("%v %v", in, err)
	}
	file := string(d.files["home/u/.local/share/llmctl/keys/openai.json"].Data)
	if file == "" || strings.Contains(file, key) {
		t.Errorf("file: %s", file)
	}
	s, got := Read(t.Context(), sys, Options{})
	if len(got) != 0 || len(s.Store) != 1 || s.Store[0].Name != "openai" || !s.Store[0].Value.Equal(secret.New(key)) || s.Store[0].Origin.Layer != resolve.KeyStore {
		t.Errorf("%+v %v", s.Store, codes(got))
	}
	if in, err := sys.Keys().Delete(t.Context(), "openai"); err != nil || in != InKeyring || len(r.keys) != 0 {
		t.Errorf("%v %v %v", in, err, r.keys)
	}
	if _, err := sys.Keys().Delete(t.Context(), "openai"); err == nil || asErr(err).Code != "key.missing" {
		t.Errorf("%v", err)
	}
	if list, err := sys.Keys().List(); err != nil || len(list) != 0 {
		t.Errorf("%v %v", list, err)
	}
}

// Without a keyring the key goes to a file that only its owner reads, and the
// answer says so.
func TestKeyStoreInFile(t *testing.T) {
	for name, environ := range map[string][]string{"no bus": nil, "refused": {bus}} {
		d := newDisk(nil)
		r := &ring{keys: map[string]string{}, hook: func(text string) error { return fmt.Errorf("cannot store %q", text) }}
		sys := d.system("/p", "/home/u", environ...)
		sys.Keyring = r
		in, err := sys.Keys().Set(t.Context(), "groq", secret.New(key))
		if err != nil || in != InFile {
			t.Fatalf("%s: %v %v", name, in, err)
		}
		if environ == nil && r.calls != 0 {
			t.Errorf("%s: the keyring was asked", name)
		}
		f := d.files["home/u/.local/share/llmctl/keys/groq.json"]
		if f.Mode != 0o600 || d.files["home/u/.local/share/llmctl/keys"].Mode.Perm() != 0o700 {
			t.Errorf("%s: %v", name, f.Mode)
		}
		got, origin, err := sys.Keys().Get(t.Context(), "groq")
		if err != nil || !got.Equal(secret.New(key)) || origin.File == "" {
			t.Errorf("%s: %v %v", name, origin, err)
		}
		f.Mode = 0o644
		_, _, err = sys.Keys().Get(t.Context(), "groq")
		if err == nil || asErr(err).Code != "key.store" || strings.Contains(fmt.Sprintf("%+v", asErr(err)), key) {
			t.Errorf("%s: %v", name, err)
		}
		if s, found := Read(t.Context(), sys, Options{}); len(s.Store) != 0 || has(found, "key.store") != 1 {
			t.Errorf("%s: %v %v", name, s.Store, codes(found))
		}
		if _, err := sys.Keys().Delete(t.Context(), "groq"); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A locked keyring costs its time once, however many keys are in it.
func TestKeyringHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDisk(map[string]string{
			"/home/u/.local/share/llmctl/keys/a.json": `{"name":"a","in":"keyring"}`,
			"/home/u/.local/share/llmctl/keys/b.json": `{"name":"b","in":"keyring"}`,
		})
		ctx, cancel := context.WithCancel(t.Context())
		r := &ring{hook: func(string) error { <-ctx.Done(); return ctx.Err() }}
		sys := d.system("/p", "/home/u", bus)
		sys.Keyring = r
		s, got := Read(t.Context(), sys, Options{})
		synctest.Wait() // the call that hangs is inside, and its count is written
		if len(s.Store) != 0 || has(got, "key.store") != 2 || r.calls != 1 {
			t.Errorf("%v %v, %d calls", s.Store, codes(got), r.calls)
		}
		cancel()
		synctest.Wait()
	})
}

func TestKeyStoreErrors(t *testing.T) {
	d := newDisk(map[string]string{"/x/llmctl/keys/bad.json": "{", "/x/llmctl/keys/gone.json": `{"name":"gone","in":"keyring"}`})
	sys := d.system("/p", "", "XDG_DATA_HOME=/x", bus)
	sys.Keyring = &ring{keys: map[string]string{}}
	for name, want := range map[string]fault.Code{
		"": "usage.invalid", "../x": "usage.invalid", "a/b": "usage.invalid", key: "usage.invalid",
		"none": "key.missing", "bad": "key.store", "gone": "key.store",
	} {
		_, _, err := sys.Keys().Get(t.Context(), name)
		if err == nil || asErr(err).Code != want || strings.Contains(err.Error(), key) {
			t.Errorf("%q: %v, want %s", name, err, want)
		}
	}
	if _, err := sys.Keys().Set(t.Context(), "a", secret.Secret{}); err == nil {
		t.Error("stored nothing")
	}
	sys.WriteNew = func(string, []byte, fs.FileMode) error { return errors.New("disk full") }
	sys.Keyring = nil
	if _, err := sys.Keys().Set(t.Context(), "a", secret.New(key)); err == nil || strings.Contains(err.Error(), key) {
		t.Errorf("%v", err)
	}
	if list, err := sys.Keys().List(); err != nil || len(list) != 2 {
		t.Errorf("%v %v", list, err)
	}
}

func TestKeyStoreFolder(t *testing.T) {
	for _, c := range []struct {
		goos, home string
		environ    []string
		want       string
	}{
		{"linux", "/home/u", nil, "/home/u/.local/share/llmctl/keys"},
		{"darwin", "/Users/u", nil, "/Users/u/Library/Application Support/llmctl/keys"},
		{"darwin", "/Users/u", []string{"XDG_DATA_HOME=/x"}, "/x/llmctl/keys"},
		{"linux", "/home/u", []string{"XDG_DATA_HOME=x"}, "/home/u/.local/share/llmctl/keys"},
		{"linux", "", nil, ""},
	} {
		sys := FS{GOOS: c.goos, Home: c.home, Environ: c.environ}
		if got := sys.Keys().Folder(); got != c.want {
			t.Errorf("%+v: %s", c, got)
		}
	}
}
