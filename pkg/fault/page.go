package fault

import "embed"

//go:embed pages/*.md
var pages embed.FS

// Page is the text of the code's page in Markdown: what it means, how to tell,
// how to fix it, an example. It has no heading and ends with a line end; "" for
// a code that has no page.
func (c Code) Page() string {
	text, err := pages.ReadFile("pages/" + string(c) + ".md")
	if err != nil {
		return ""
	}
	return string(text)
}
