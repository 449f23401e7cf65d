package report

import (
	"slices"
	"strings"

	"github.com/charmbracelet/lipgloss"
)

// cell is one field of a table, and how it is painted.
type cell struct {
	text  string
	paint lipgloss.Style
}

// table writes rows in columns that fit the page, and no line is broken. The
// widest column gives way first; firm ones only when the others are short.
func (p *ink) table(indent int, header []string, rows [][]cell, firm ...int) {
	if len(rows) == 0 {
		return
	}
	widths := natural(header, rows)
	fit(widths, p.width-indent-2*(len(widths)-1), firm)
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

// fit shrinks columns until all of them fit into room: the loose ones down to
// 14 columns, then every one down to 8. Less says nothing.
func fit(widths []int, room int, firm []int) {
	for shrink(widths, room, 14, firm) {
	}
	for shrink(widths, room, 8, nil) {
	}
}

// shrink takes one column from the widest that may give; false when nothing
// has to, or nothing can.
func shrink(widths []int, room, least int, firm []int) bool {
	sum, widest := 0, -1
	for i, w := range widths {
		sum += w
		if w > least && !slices.Contains(firm, i) && (widest < 0 || w > widths[widest]) {
			widest = i
		}
	}
	if sum <= room || widest < 0 {
		return false
	}
	widths[widest]--
	return true
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
