package flowc_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"

	"flowc.dev/flowc"
	"flowc.dev/flowc/passes"
	"flowc.dev/flowc/passes/graphs"
)

// enoughFirings is how often each rewrite is to be made in ten thousand random
// programs at the least.
const enoughFirings = 100

// firings counts the rewrites that are made in random programs.
type firings struct {
	mu    sync.Mutex
	count map[string]int64 // by pass: rewrite
}

// add counts what the compiler did to a program.
func (f *firings) add(c *flowc.Compiled) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.count == nil {
		f.count = map[string]int64{}
	}
	for _, p := range c.Report.Passes {
		for _, count := range p.Counts {
			f.count[p.Name+": "+count.Name] += int64(count.N)
		}
	}
}

// addGraphs counts what the runs of a program in the step family did to its typed
// graphs.
func (f *firings) addGraphs(c *flowc.Compiled) {
	if c.Backend != flowc.Step {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.count == nil {
		f.count = map[string]int64{}
	}
	for _, count := range c.Graphs.Counts() {
		f.count[graphRules+count.Rule] += int64(count.N)
	}
}

// graphRules stands before the rules of typed graphs in the table.
const graphRules = "graphs: "

// A firing is how often a rewrite was made.
type firing struct {
	name string
	n    int64
}

// table returns the rewrites that the passes of the standard table declare, the
// rarest first.
func (f *firings) table() []firing {
	f.mu.Lock()
	defer f.mu.Unlock()
	var table []firing
	for _, p := range passes.Standard().Passes {
		for _, r := range p.Declared() {
			name := p.Name + ": " + r.Name
			table = append(table, firing{name, f.count[name]})
		}
	}
	for _, r := range passes.GraphRules() {
		if r.Level == graphs.Exact {
			table = append(table, firing{graphRules + r.Name, f.count[graphRules+r.Name]})
		}
	}
	slices.SortStableFunc(table, func(a, b firing) int { return cmp.Compare(a.n, b.n) })
	return table
}

// rare lists the rewrites that are made too seldom in so many programs, "" if
// none is. Fewer than a thousand programs say nothing, and since counts scatter,
// fewer than ten thousand need half as many for each.
func (f *firings) rare(programs int) string {
	if programs < 1000 {
		return ""
	}
	var b strings.Builder
	for _, r := range f.table() {
		want := int64(enoughFirings) * int64(programs) / 10_000
		if programs < 10_000 {
			want /= 2
		}
		if r.n < want {
			fmt.Fprintf(&b, "%8d of %d  %s\n", r.n, want, r.name)
		}
	}
	return b.String()
}

// String returns the table as text.
func (f *firings) String() string {
	var b strings.Builder
	for _, r := range f.table() {
		fmt.Fprintf(&b, "%10d  %s\n", r.n, r.name)
	}
	return b.String()
}
