package page

import (
	"fmt"
	"strings"
	"time"

	"flowc.dev/flowc/passes/history"
)

// Data is what the script of the page gets.
type data struct {
	Title  string `json:"title"`
	About  string `json:"about"`
	Passes []row  `json:"passes"`
	// Columns are the source and the program after each pass that changed it.
	Columns []column `json:"columns"`
	// Lines are shared by the columns: the text, then three numbers for each
	// span, outer ones first: start and end, in UTF-16 units, and the node.
	Lines [][]any `json:"lines"`
	Nodes nodes   `json:"nodes"`
	// Cut says what has been left out.
	Cut []string `json:"cut"`
}

// A row tells of a pass.
type row struct {
	Name  string `json:"name"`
	Doc   string `json:"doc"`
	Time  string `json:"time"`
	Rules []rule `json:"rules"`
	// Column is the one of the program after it, -1 if it changed nothing.
	Column int `json:"column"`
}

type rule struct {
	Name string `json:"name"`
	Doc  string `json:"doc"`
	N    int    `json:"n"`
}

type column struct {
	Name string       `json:"name"`
	Pass int          `json:"pass"` // -1 for the source
	Size history.Size `json:"size"`
	// Lines are indices; Marks has for each: 1 for one that the pass made, 2 for
	// one that the next pass takes away, 4 for one that optimized code carries.
	Lines []int `json:"lines"`
	Marks []int `json:"marks"`
}

// A builder makes the data.
type builder struct {
	data
	lines   map[string]int // by text and spans
	nodes   *nodeTable
	dropped int // lines
	clipped int
	total   int
}

func newData(h *history.History, o Options) (*data, error) {
	b := &builder{data: data{Title: o.Title, About: o.About, Passes: []row{}, Columns: []column{}, Lines: [][]any{}, Cut: []string{}}, lines: map[string]int{}, nodes: newNodeTable(h)}
	if p := h.Source(); p != nil {
		if err := b.column("source", -1, p); err != nil {
			return nil, err
		}
	}
	omitted := 0
	for i := range h.Stages {
		s := &h.Stages[i]
		r := row{Name: s.Pass.Name, Doc: s.Pass.Doc, Time: milliseconds(s.Time), Rules: []rule{}, Column: -1}
		if s.Round > 1 {
			r.Name = fmt.Sprintf("%s, round %d", r.Name, s.Round)
		}
		docs := map[string]string{}
		for _, d := range s.Pass.Declared() {
			docs[d.Name] = d.Doc
		}
		for _, c := range s.Counts {
			r.Rules = append(r.Rules, rule{c.Name, docs[c.Name], c.N})
		}
		if s.Changed() {
			if len(b.Columns) == maxColumns {
				omitted++
			} else {
				r.Column = len(b.Columns)
				if err := b.column(r.Name, i, s.After); err != nil {
					return nil, err
				}
			}
		}
		b.Passes = append(b.Passes, r)
	}
	b.merge()
	for i := 1; i < len(b.Columns); i++ {
		b.compare(&b.Columns[i-1], &b.Columns[i])
	}
	b.Nodes = b.nodes.nodes()
	b.cut(omitted, "%d passes changed something and have no column: there are %d", maxColumns)
	b.cut(b.dropped, "%d lines are left out: a column shows %d, the page %d", maxLines, maxTotal)
	b.cut(b.clipped, "%d lines are shortened to %d characters or %d nodes", maxLine, maxSpans)
	return &b.data, nil
}

func (b *builder) cut(n int, format string, args ...any) {
	if n > 0 {
		b.Cut = append(b.Cut, fmt.Sprintf(format, append([]any{n}, args...)...))
	}
}

func milliseconds(d time.Duration) string { return fmt.Sprintf("%.2f ms", 1e3*d.Seconds()) }

// merge takes out the columns whose text is that of the column before: what
// changed there are IDs only.
func (b *builder) merge() {
	place := make([]int, len(b.Columns))
	kept := b.Columns[:0]
	for i, c := range b.Columns {
		if i > 0 && b.sameText(kept[len(kept)-1].Lines, c.Lines) {
			place[i] = -1
			continue
		}
		place[i] = len(kept)
		kept = append(kept, c)
	}
	b.Columns = kept
	for i := range b.Passes {
		if c := b.Passes[i].Column; c >= 0 {
			b.Passes[i].Column = place[c]
		}
	}
}

func (b *builder) text(line int) string { return b.Lines[line][0].(string) }

func (b *builder) sameText(x, y []int) bool {
	if len(x) != len(y) {
		return false
	}
	for i := range x {
		if x[i] != y[i] && b.text(x[i]) != b.text(y[i]) {
			return false
		}
	}
	return true
}

// compare marks the lines in which two neighbours differ.
func (b *builder) compare(before, after *column) {
	texts := map[string]int{}
	number := func(lines []int) []int {
		result := make([]int, len(lines))
		for i, line := range lines {
			n, ok := texts[b.text(line)]
			if !ok {
				n = len(texts)
				texts[b.text(line)] = n
			}
			result[i] = n
		}
		return result
	}
	removed, added := differences(number(before.Lines), number(after.Lines))
	for _, i := range removed {
		before.Marks[i] |= 2
	}
	for _, i := range added {
		after.Marks[i] |= 1
	}
}

// shorten returns at most maxLine bytes of a line and says whether it is cut.
func shorten(s string) (string, bool) {
	cut := false
	if len(s) > maxLine {
		s, cut = strings.ToValidUTF8(s[:maxLine], "")+" ...", true
	}
	return s, cut
}
