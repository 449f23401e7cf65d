package report

import (
	"strings"

	"github.com/charmbracelet/lipgloss"
)

// cell is one field of a table, and how it is painted.
type cell struct {
	text  string
	paint lipgloss.Style
}

// table writes rows in columns that fit the page: the widest column gives way
// first, and no line is broken.
func (p *ink) table(indent int, header []string, rows [][]cell) {
	if len(rows) == 0 {
		return
	}
	widths := natural(header, rows)
	p.fit(widths, p.width-indent-2*(len(widths)-1))
	if header != nil {
		cells := make([]cell, len(header))
		for i, h := range header {
			cells[i] = cell{h, p.faint}
		}
		p.row(indent, widths, cells)
	}
	for _, r := range rows {
		p.row(indent, widths, r)
	}
}

func natural(header []string, rows [][]cell) []int {
	widths := make([]int, len(rows[0]))
	for i, h := range header {
		widths[i] = lipgloss.Width(h)
	}
	for _, r := range rows {
		for i, c := range r {
			widths[i] = max(widths[i], lipgloss.Width(c.text))
		}
	}
	return widths
}

// fit shrinks the widest columns until all of them fit into room. A column
// keeps 8 columns: less says nothing.
func (p *ink) fit(widths []int, room int) {
	for {
		sum, widest := 0, 0
		for i, w := range widths {
			sum += w
			if w > widths[widest] {
				widest = i
			}
		}
		if sum <= room || widths[widest] <= 8 {
			return
		}
		widths[widest]--
	}
}

func (p *ink) row(indent int, widths []int, cells []cell) {
	var b strings.Builder
	b.WriteString(strings.Repeat(" ", indent))
	for i, c := range cells {
		text := clip(c.text, widths[i], p.g.cut)
		b.WriteString(c.paint.Render(text))
		if i < len(cells)-1 {
			b.WriteString(strings.Repeat(" ", widths[i]-lipgloss.Width(text)+2))
		}
	}
	p.line(b.String())
}
