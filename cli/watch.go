package cli

import (
	"bytes"
	"fmt"
	"strings"
	"text/tabwriter"

	"flowc.dev/flowc"
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/passes"
	"flowc.dev/flowc/passes/graphs"
	"flowc.dev/flowc/passes/history"
	"flowc.dev/flowc/passes/history/page"
)

// answers reports whether the flags ask something about the program instead of
// running it.
func (o *options) answers() bool { return o.checks != "" || o.explain || o.why != 0 }

// watches reports whether it is to be kept what the passes do.
func (o *options) watches() bool { return o.stats || o.html != "" || o.explain || o.why != 0 }

// both returns a trace that calls two; the first may be nil.
func both(first, second func(*passes.Pass, *ir.Program, *ir.Program)) func(*passes.Pass, *ir.Program, *ir.Program) {
	if first == nil {
		return second
	}
	return func(p *passes.Pass, before, after *ir.Program) {
		first(p, before, after)
		second(p, before, after)
	}
}

// complete ends the history of the passes.
func (j *job) complete(report *passes.Report) error {
	if j.history == nil {
		return nil
	}
	j.history.Complete(report)
	if j.html == "" {
		return nil
	}
	var b bytes.Buffer
	about := fmt.Sprintf("-O%d, %s", j.result.Level, j.result.Backend)
	if j.passes != "" {
		about = fmt.Sprintf("--passes=%s, %s", j.passes, j.result.Backend)
	}
	if err := page.Write(&b, j.history, page.Options{Title: j.result.Name, About: about}); err != nil {
		return fmt.Errorf("--html: %w", err)
	}
	if err := replaceFile(j.html, b.Bytes()); err != nil {
		return usageError{fmt.Errorf("--html: %w", err)}
	}
	return nil
}

// tellWhy tells which rewrites made a node.
func (j *job) tellWhy(p *ir.Program) error {
	link, err := j.history.Why(ir.ID(j.why))
	if err != nil {
		return usageError{fmt.Errorf("--why: %w", err)}
	}
	if _, err := fmt.Fprint(j.out, link.Text(p.File, shownNode)); err != nil {
		return err
	}
	return nil
}

// tellExplanation tells why statements stayed as they are.
func (j *job) tellExplanation(p *ir.Program) error {
	remarks := j.history.Explain()
	if len(remarks) == 0 {
		_, err := fmt.Fprintln(j.out, "the passes remark nothing: all that they looked for was rewritten")
		return err
	}
	for i := range remarks {
		if _, err := fmt.Fprint(j.out, remarks[i].Text(p.File, shownNode)); err != nil {
			return err
		}
	}
	return nil
}

// shownNode returns the text of a statement or operand on one line.
func shownNode(n *ir.Node) string {
	s := ir.SchemaOf(n.Op)
	if s != nil && s.Class == ir.HookClause {
		return "hook"
	}
	line := oneLine(n, s != nil && s.Class&ir.Expression != 0 && n.Attr("store").IsNull())
	return strings.TrimSuffix(line, " {")
}

// sizes are those of the program after each stage, preceded by that of the
// source.
func (j *job) sizes() []history.Size {
	sizes := make([]history.Size, len(j.history.Stages)+1)
	for i := range j.history.Stages {
		s := &j.history.Stages[i]
		if i == 0 {
			sizes[0] = history.SizeOf(s.Before)
		}
		if sizes[i+1] = sizes[i]; s.Changed() {
			sizes[i+1] = history.SizeOf(s.After)
		}
	}
	return sizes
}

// writeStats writes the rewrites and sizes by pass, and the rules applied to typed
// graphs until now, if they are asked for.
func (j *job) writeStats(c *flowc.Compiled) {
	if !j.stats || j.history == nil {
		return
	}
	fmt.Fprint(j.err, describeStats(j.history, j.sizes()), describeGraphRules(c.Graphs))
	j.result.GraphRules = c.Graphs.Counts()
}

// describeGraphRules returns a line for each rule that was applied, "" if none
// was. A run of the program comes to graphs with types that are new, which is
// when rules are applied.
func describeGraphRules(r *graphs.Report) string {
	counts := r.Counts()
	if len(counts) == 0 {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "typed graphs that rules changed in the run: %d\n", r.Graphs())
	for _, c := range counts {
		fmt.Fprintf(&b, "  %6d  %s\n", c.N, c.Rule)
	}
	return b.String()
}

// describeStats returns a table with a line for each rewrite of each pass, and
// the sizes after the pass.
func describeStats(h *history.History, sizes []history.Size) string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(w, "statements\tcalls in graphs\tnodes\t  pass, rewrites\n")
	row := func(s history.Size, text string) {
		fmt.Fprintf(w, "%d\t%d\t%d\t  %s\n", s.Statements, s.GraphCalls, s.Nodes, text)
	}
	row(sizes[0], "(source)")
	for i := range h.Stages {
		s := &h.Stages[i]
		name := s.Pass.Name
		if s.Round > 1 {
			name += fmt.Sprintf(", round %d", s.Round)
		}
		if !s.Changed() {
			fmt.Fprintf(w, "\t\t\t  %s: no change\n", name)
			continue
		}
		row(sizes[i+1], name)
		for _, c := range s.Counts {
			fmt.Fprintf(w, "\t\t\t  %6d  %s\n", c.N, c.Name)
		}
	}
	w.Flush() // to a string
	return b.String()
}

// setSizes adds the sizes to the passes of a result.
func (j *job) setSizes() {
	if !j.stats || j.history == nil {
		return
	}
	sizes := j.sizes()
	for i := range min(len(j.result.Passes), len(sizes)-1) {
		j.result.Passes[i].Before, j.result.Passes[i].After = &sizes[i], &sizes[i+1]
	}
}
