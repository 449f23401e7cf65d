package main

import (
	"fmt"
	"strings"

	"github.com/llmctl/llmctl/pkg/fault"
)

// codes makes the table of codes and a page for each. A retired code keeps a
// page that says so, because old logs link to it.
func codes(s set, rows []fault.Row) {
	var b strings.Builder
	b.WriteString(codesHead)
	area := ""
	for _, r := range rows {
		if r.Code.Area() != area {
			area = r.Code.Area()
			fmt.Fprintf(&b, "\n## %s\n\n| code | what it means | severity | exit | who acts | then | key |\n| --- | --- | --- | --- | --- | --- | --- |\n", area)
		}
		fmt.Fprintf(&b, "| [`%s`](codes/%s.md) | %s | %s | %d | %s | %s | %s |\n", r.Code, r.Code, cell(r.Title), r.Severity, r.Exit, r.Blame, r.Then, r.Key)
		s.put("docs/codes/"+string(r.Code)+".md", codePage(r))
	}
	for i, c := range fault.Retired() {
		if i == 0 {
			b.WriteString("\n## Retired\n\n")
		}
		fmt.Fprintf(&b, "- `%s`\n", c)
		s.put("docs/codes/"+string(c)+".md", fmt.Sprintf("# %s\n\nThis code is retired: llmctl no longer produces it.\n\n[All codes](../codes.md)\n", c))
	}
	s.put("docs/codes.md", b.String())
}

const codesHead = `# Codes

Printed from the table in pkg/fault: change the rows, then run ` + "`make gen`" + `.

A code names one cause. Codes are never renamed: a script, a suppression and a link may rely on them.

- **exit** is the exit code of ` + "`chat` and `keys test`" + ` when this is the cause; ` + "`doctor`" + ` ends with 1 for any error.
- **then** is what a router does: try the same deployment *again*, go to the *next*, or *stop*.
- **key** is what the failure says of the credential: *good*, *bad*, or *unsaid*.
- Suppress one with ` + "`--ignore CODE[=MODEL]` or `# llmctl:ignore CODE reason`" + ` in the config: it stays visible.
`

func codePage(r fault.Row) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n> %s\n\n", r.Code, r.Title)
	b.WriteString("| severity | exit code | who acts | a router then | says of the key |\n| --- | --- | --- | --- | --- |\n")
	fmt.Fprintf(&b, "| %s | %d | %s | %s | %s |\n\n", r.Severity, r.Exit, r.Blame, r.Then, r.Key)
	b.WriteString(r.Code.Page())
	fmt.Fprintf(&b, "\nIn one line: %s.\n\n[All codes](../codes.md)\n", cell(r.Hint))
	return b.String()
}

// cell is text inside a table.
func cell(text string) string {
	return strings.NewReplacer("|", `\|`, "<", "&lt;", ">", "&gt;").Replace(text)
}
