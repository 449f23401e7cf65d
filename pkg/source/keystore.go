package source

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/zalando/go-keyring"

	"github.com/llmctl/llmctl/pkg/fault"
	"github.com/llmctl/llmctl/pkg/resolve"
	"github.com/llmctl/llmctl/pkg/secret"
)

// Keyring is a password store of the operating system.
type Keyring interface {
	Set(service, user, password string) error
	Get(service, user string) (string, error)
	Delete(service, user string) error
}

// OSKeyring is the keyring of this system: Keychain, Credential Manager, or
// Secret Service over D-Bus.
func OSKeyring() Keyring { return osKeyring{} }

type osKeyring struct{}

func (osKeyring) Set(service, user, password string) error {
	return keyring.Set(service, user, password)
}
func (osKeyring) Get(service, user string) (string, error) { return keyring.Get(service, user) }
func (osKeyring) Delete(service, user string) error        { return keyring.Delete(service, user) }

// Backend says where the key store keeps a key.
type Backend string

// The backends. A file is plain text that only its owner may read.
const (
	InKeyring Backend = "keyring"
	InFile    Backend = "file"
)

// service is the name under which keyrings know us.
const service = "llmctl"

// keyringLimit is how long the keyring may take before it counts as absent. A
// locked one waits for a person, and on a server nobody comes.
const keyringLimit = 2 * time.Second

// KeyStore keeps keys under names: the system's keyring, else a file.
//
// Beside the keyring there is one small file for each name, since keyrings
// cannot be listed. It says where the key is, and holds the key itself only
// when no keyring could take it. One file for each name means that two
// processes that store different keys do not undo each other's work.
type KeyStore struct {
	sys   FS
	limit time.Duration
	down  error // the keyring did not answer: it is not asked again
}

// Keys is the key store of this system.
func (s FS) Keys() *KeyStore { return &KeyStore{sys: s, limit: keyringLimit} }

// Stored is a key that the store has.
type Stored struct {
	Name string
	In   Backend
	Path string // of the file that says so
}

// record is the file of one name.
type record struct {
	Name  string  `json:"name"`
	In    Backend `json:"in"`
	Value string  `json:"value,omitempty"` // only when In is InFile
}

// Folder is where the files are; "" when there is no home. XDG_DATA_HOME counts
// on every system.
func (k *KeyStore) Folder() string {
	if dir, ok := k.sys.lookup("XDG_DATA_HOME"); ok && filepath.IsAbs(dir) {
		return filepath.Join(dir, "llmctl", "keys")
	}
	if dir, ok := k.sys.lookup("LOCALAPPDATA"); ok && k.sys.GOOS == "windows" && dir != "" {
		return filepath.Join(dir, "llmctl", "keys")
	}
	switch {
	case k.sys.Home == "":
		return ""
	case k.sys.GOOS == "darwin":
		return filepath.Join(k.sys.Home, "Library", "Application Support", "llmctl", "keys")
	}
	return filepath.Join(k.sys.Home, ".local", "share", "llmctl", "keys")
}

// Set stores a key under a name, replaces an earlier one, and says where it is
// now.
func (k *KeyStore) Set(ctx context.Context, name string, key secret.Secret) (Backend, error) {
	name, err := k.name(name)
	if err != nil {
		return "", err
	}
	if key.IsZero() {
		return "", k.fail(name, "there is no key to store", nil)
	}
	r := record{Name: name, In: InKeyring}
	stored := key.Keep(func(text string) error {
		err := k.ask(ctx, func(ring Keyring) error { return ring.Set(service, name, text) })
		if err != nil && strings.Contains(err.Error(), text) {
			return errKeyring // what a keyring says may quote what it was given
		}
		return err
	})
	if stored != nil {
		r.In = InFile
		_ = key.Keep(func(text string) error { r.Value = text; return nil })
	}
	if err := k.write(r); err != nil {
		return "", err
	}
	return r.In, nil
}

// Get finds a key. Its origin says where: a file when it is in one. A name that
// the store does not have is key.missing.
func (k *KeyStore) Get(ctx context.Context, name string) (secret.Secret, resolve.Origin, error) {
	name, err := k.name(name)
	if err != nil {
		return secret.Secret{}, resolve.Origin{}, err
	}
	origin := resolve.Origin{Layer: resolve.KeyStore, Name: name}
	r, err := k.record(name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return secret.Secret{}, origin, err
	}
	if err == nil && r.In == InFile {
		origin.File = k.path(name)
		return secret.New(r.Value), origin, nil
	}
	known := err == nil
	var got secret.Secret
	err = k.ask(ctx, func(ring Keyring) error {
		text, err := ring.Get(service, name)
		got = secret.New(text)
		return err
	})
	switch {
	case err == nil && !got.IsZero():
		return got, origin, nil
	case known && errors.Is(err, keyring.ErrNotFound):
		return secret.Secret{}, origin, k.fail(name, "the keyring has it no longer", err)
	case known:
		return secret.Secret{}, origin, k.fail(name, "it is in the keyring, and "+reason(err), err)
	}
	return secret.Secret{}, origin, &fault.Err{Code: "key.missing", Subject: name, Message: "the key store has no key of this name", Hint: "store it with llmctl keys set " + name, Cause: fs.ErrNotExist}
}

// Delete removes a key and says where it was.
func (k *KeyStore) Delete(ctx context.Context, name string) (Backend, error) {
	name, err := k.name(name)
	if err != nil {
		return "", err
	}
	r, err := k.record(name)
	if errors.Is(err, fs.ErrNotExist) {
		return "", &fault.Err{Code: "key.missing", Subject: name, Message: "the key store has no key of this name", Cause: fs.ErrNotExist}
	}
	// A file that others can read is refused for its key, but may be removed.
	if err == nil && r.In == InKeyring {
		err := k.ask(ctx, func(ring Keyring) error { return ring.Delete(service, name) })
		if err != nil && !errors.Is(err, keyring.ErrNotFound) {
			return "", k.fail(name, "the keyring still has it: "+reason(err), err)
		}
	}
	if k.sys.Remove == nil {
		return "", k.fail(name, "there is no file system", errNoFiles)
	}
	if err := k.sys.Remove(k.path(name)); err != nil {
		return "", k.fail(name, "its file cannot be removed: "+why(err), err)
	}
	return r.In, nil
}

// List is what the store has, by name, without asking the keyring.
func (k *KeyStore) List() ([]Stored, error) {
	folder := k.Folder()
	if folder == "" || k.sys.Open == nil {
		return nil, nil
	}
	files, err := k.sys.list(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, k.fail(folder, "the folder cannot be read: "+why(err), err)
	}
	var out []Stored
	for _, f := range files {
		name, ok := strings.CutSuffix(f.Name(), ".json")
		if !ok || !storable(name) {
			continue
		}
		s := Stored{Name: name, Path: k.path(name)}
		if r, err := k.record(name); err == nil {
			s.In = r.In
		}
		out = append(out, s)
	}
	slices.SortFunc(out, func(a, b Stored) int { return strings.Compare(a.Name, b.Name) })
	return out, nil
}

// store reads every stored key into the snapshot. The keyring is asked only for
// names that are known to be in it, so that who stored nothing waits for
// nothing.
func (r *reader) store(ctx context.Context) {
	k := r.sys.Keys()
	list, err := k.List()
	if err != nil {
		r.report(storeFinding(err))
	}
	for _, s := range list {
		value, origin, err := k.Get(ctx, s.Name)
		if err != nil {
			r.report(storeFinding(err))
			continue
		}
		r.snapshot.Store = append(r.snapshot.Store, resolve.Entry{Name: s.Name, Value: value, Origin: origin})
	}
}

func storeFinding(err error) fault.Finding {
	e := asErr(err)
	f := fault.New("key.store", e.Subject+": "+e.Message)
	if e.Hint != "" {
		f.Fix.Summary = e.Hint
	}
	return f
}

// asErr is an error as the one type it has here.
func asErr(err error) *fault.Err {
	var e *fault.Err
	if errors.As(err, &e) {
		return e
	}
	return &fault.Err{Code: "key.store", Message: why(err), Cause: err}
}

var (
	errKeyring  = errors.New("the keyring refused")
	errNoBus    = errors.New("there is no keyring on this system")
	errNoAnswer = errors.New("the keyring did not answer in time: it may be locked")
)

// reason is what a keyring's failure is called. Its own words are not passed
// on: they are another program's, and may quote what they were given.
func reason(err error) string {
	switch {
	case errors.Is(err, errNoBus), errors.Is(err, errNoAnswer):
		return err.Error()
	case errors.Is(err, keyring.ErrSetDataTooBig):
		return "the key is too long for the keyring"
	}
	return "the keyring could not be used"
}

// ask calls the keyring, and waits no longer than the limit. A call that hangs
// is left behind: there is no way to end it, and the process ends soon.
func (k *KeyStore) ask(ctx context.Context, call func(Keyring) error) error {
	ring := k.sys.Keyring
	if ring == nil || k.noBus() {
		return errNoBus
	}
	if k.down != nil {
		return k.down
	}
	ctx, cancel := context.WithTimeout(ctx, k.limit)
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- call(ring) }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		k.down = errNoAnswer
		return errNoAnswer
	}
}

// noBus reports whether the Secret Service cannot be there. Without this the
// D-Bus library would try to start a bus of its own on a server.
func (k *KeyStore) noBus() bool {
	if k.sys.GOOS == "windows" || k.sys.GOOS == "darwin" {
		return false
	}
	if v, ok := k.sys.lookup("DBUS_SESSION_BUS_ADDRESS"); ok && v != "" {
		return false
	}
	dir, ok := k.sys.lookup("XDG_RUNTIME_DIR")
	return !ok || !k.sys.exists(filepath.Join(dir, "bus"))
}

func (k *KeyStore) path(name string) string { return filepath.Join(k.Folder(), name+".json") }

// record reads the file of a name. One with a key that others can read is
// refused.
func (k *KeyStore) record(name string) (record, error) {
	path := k.path(name)
	b, err := k.sys.regular(path, maxKey)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, errNoFiles) || k.Folder() == "" {
		return record{}, fs.ErrNotExist
	}
	var r record
	if err != nil {
		return r, k.fail(name, path+" cannot be read: "+why(err), err)
	}
	if json.Unmarshal(b, &r) != nil || r.In != InFile && r.In != InKeyring || r.In == InFile && r.Value == "" {
		return record{}, k.fail(name, path+" is not a file of the key store", nil)
	}
	if r.In == InFile && k.sys.open(path) {
		return record{}, &fault.Err{Code: "key.store", Subject: name, Message: path + " can be read by others, so it is not used", Hint: "chmod 600 " + path}
	}
	return r, nil
}

func (k *KeyStore) write(r record) error {
	folder := k.Folder()
	if folder == "" || k.sys.MkdirAll == nil || k.sys.WriteNew == nil {
		return k.fail(r.Name, "there is no folder for the key store: HOME is not set", nil)
	}
	if err := k.sys.MkdirAll(folder, 0o700); err != nil {
		return k.fail(r.Name, folder+" cannot be made: "+why(err), err)
	}
	b, err := json.Marshal(r)
	if err != nil {
		return k.fail(r.Name, "it cannot be written as JSON", nil)
	}
	if err := k.sys.WriteNew(k.path(r.Name), append(b, '\n'), 0o600); err != nil {
		return k.fail(r.Name, k.path(r.Name)+" cannot be written: "+why(err), err)
	}
	return nil
}

func (k *KeyStore) fail(name, message string, cause error) *fault.Err {
	return &fault.Err{Code: "key.store", Subject: name, Message: message, Cause: cause}
}

// name checks a name and gives it in lower case, as it is a file's name too.
func (k *KeyStore) name(name string) (string, error) {
	name = strings.ToLower(strings.TrimSpace(name))
	if secret.LooksLikeKey(name) {
		return "", &fault.Err{Code: "usage.invalid", Message: "this is a key, and not a name to store one under; it is now in the shell's history"}
	}
	if !storable(name) {
		return "", &fault.Err{Code: "usage.invalid", Message: "a name in the key store has letters, digits, and . _ - between them, and at most 64"}
	}
	return name, nil
}

func storable(name string) bool {
	for i, r := range name {
		word := r >= 'a' && r <= 'z' || r >= '0' && r <= '9'
		if !word && (i == 0 || !strings.ContainsRune("._-", r)) {
			return false
		}
	}
	return name != "" && len(name) <= 64
}
