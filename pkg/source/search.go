package source

import (
	"bytes"
	"errors"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/llmctl/llmctl/pkg/config"
	"github.com/llmctl/llmctl/pkg/fault"
)

// folders are the working directory and those above it, nearest first, up to
// the repository's root, which is the one that holds .git, or the home. A
// working directory that is in neither is searched alone: above it lies what
// belongs to other people (/tmp, /srv).
func (s FS) folders() []string {
	if s.Dir == "" {
		return nil
	}
	var all []string
	for dir := filepath.Clean(s.Dir); ; dir = filepath.Dir(dir) {
		all = append(all, dir)
		if s.exists(filepath.Join(dir, ".git")) || s.Home != "" && dir == filepath.Clean(s.Home) {
			return all
		}
		if dir == filepath.Dir(dir) {
			return all[:1]
		}
	}
}

// config finds and reads the config file. That it cannot be used is a finding
// here, and no end: everything else still counts. What else is wrong with it is
// config.Lint's.
func (r *reader) config() {
	path := r.findConfig()
	if path == "" {
		return
	}
	c, err := config.Load(path, r.sys.ReadFile)
	r.snapshot.Config = c
	if err == nil {
		return
	}
	f := fault.New("config.unreadable", why(err))
	var e *fault.Err
	if errors.As(err, &e) {
		f = fault.New(e.Code, e.Message)
		if e.Hint != "" {
			f.Fix.Summary = e.Hint
		}
	}
	f.Location = &fault.Location{File: path}
	if e != nil { // its subject is "file:line"
		if file, line, ok := cutLast(e.Subject, ":"); ok {
			if n, err := strconv.Atoi(line); err == nil {
				f.Location.File, f.Location.Line = file, n
			}
		}
	}
	r.report(f)
}

func cutLast(s, sep string) (before, after string, ok bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

// findConfig follows product order: the flag, LLMCTL_CONFIG, the nearest file
// of a known name, the user's own. "" means that there is none.
func (r *reader) findConfig() string {
	if r.options.Config != "" {
		return r.options.Config
	}
	if v, ok := r.sys.lookup("LLMCTL_CONFIG"); ok && v != "" {
		return v
	}
	for _, dir := range r.sys.folders() {
		for _, name := range []string{"llmctl.yaml", ".llmctl.yaml", "litellm_config.yaml", "litellm-config.yaml", "config.yaml"} {
			path := filepath.Join(dir, name)
			info, err := r.sys.stat(path)
			if err != nil || info.IsDir() || name == "config.yaml" && !r.isModelList(path) {
				continue
			}
			return r.sys.show(path)
		}
	}
	path := r.sys.UserConfig()
	if path == "" || errors.Is(statErr(r.sys.stat(path)), fs.ErrNotExist) {
		return ""
	}
	return path
}

func statErr(_ fs.FileInfo, err error) error { return err }

// UserConfig is the path of the user's own config file, "" without a home.
// XDG_CONFIG_HOME counts on every system: who sets it means it.
func (s FS) UserConfig() string {
	if dir, ok := s.lookup("XDG_CONFIG_HOME"); ok && filepath.IsAbs(dir) {
		return filepath.Join(dir, "llmctl", "config.yaml")
	}
	if s.Home == "" {
		return ""
	}
	return filepath.Join(s.Home, ".config", "llmctl", "config.yaml")
}

// isModelList reports whether a file of the very common name config.yaml is
// meant for us: it has a top-level model_list. A file that does not parse counts
// when a line begins with it, so that a broken config is found and reported.
func (r *reader) isModelList(path string) bool {
	b, err := r.sys.regular(path, maxConfig)
	if err != nil || !bytes.Contains(b, []byte("model_list")) {
		return false
	}
	var top map[string]yaml.Node
	if yaml.Unmarshal(b, &top) == nil {
		_, ok := top["model_list"]
		return ok
	}
	for line := range strings.Lines(string(b)) {
		if strings.HasPrefix(line, "model_list:") {
			return true
		}
	}
	return false
}
