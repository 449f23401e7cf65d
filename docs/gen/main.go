// Command gen writes every generated file of the repository: completions/,
// docs/man, docs/cli, docs/codes, docs/codes.md and docs/providers.md. Their
// sources are the command tree and the tables; nothing is written by hand there.
//
//	go run ./docs/gen          write them
//	go run ./docs/gen -check   write nothing, list what differs, exit 1
package main

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/llmctl/llmctl/cmd"
	"github.com/llmctl/llmctl/pkg/fault"
	"github.com/llmctl/llmctl/pkg/provider"
)

func main() {
	check := flag.Bool("check", false, "write nothing; list files that differ and exit 1")
	flag.Parse()
	if err := run(*check, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

// set is what the generated files should be, by slash path.
type set map[string][]byte

func (s set) put(name, text string) { s[name] = []byte(text) }

// folders lists the folders in which every file is generated; one that gen
// does not know is left over and goes.
func folders() []string { return []string{"completions", "docs/man", "docs/cli", "docs/codes"} }

func build() (set, error) {
	s := set{}
	if err := completions(s, cmd.Tree()); err != nil {
		return nil, err
	}
	commands(s, cmd.Tree())
	codes(s, fault.All())
	s.put("docs/providers.md", provider.Markdown(provider.All()))
	return s, nil
}

func run(check bool, out io.Writer) error {
	if _, err := os.Stat("go.mod"); err != nil {
		return fmt.Errorf("run it from the root of the repository: %w", err)
	}
	want, err := build()
	if err != nil {
		return err
	}
	old, err := leftOver(want)
	if err != nil {
		return err
	}
	changed := differing(want)
	if check {
		for _, name := range changed {
			fmt.Fprintln(out, "differs:", name)
		}
		for _, name := range old {
			fmt.Fprintln(out, "left over:", name)
		}
		if n := len(changed) + len(old); n > 0 {
			return fmt.Errorf("%d generated files are not what the sources say: run make gen and commit", n)
		}
		return nil
	}
	for _, name := range old {
		if err := os.Remove(name); err != nil {
			return err
		}
	}
	for _, name := range changed {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(name, want[name], 0o644); err != nil {
			return err
		}
	}
	fmt.Fprintf(out, "%d files, %d written, %d removed\n", len(want), len(changed), len(old))
	return nil
}

// differing lists the files that are missing or not as they should be.
func differing(want set) []string {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(want)) {
		have, err := os.ReadFile(name)
		if err != nil || !bytes.Equal(have, want[name]) {
			names = append(names, name)
		}
	}
	return names
}

// leftOver lists the files in the generated folders that nothing makes.
func leftOver(want set) ([]string, error) {
	var names []string
	for _, dir := range folders() {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if os.IsNotExist(err) {
				return nil
			}
			if err != nil || d.IsDir() {
				return err
			}
			if _, ok := want[filepath.ToSlash(path)]; !ok {
				names = append(names, path)
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return names, nil
}
