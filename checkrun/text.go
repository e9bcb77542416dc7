package checkrun

import (
	"fmt"
	"strings"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/passes/pass"
)

// Text returns the report for people, with the statements in the places of a
// file.
func (r *Report) Text(file string) string {
	var b strings.Builder
	end := ""
	if r.Ended {
		end = ", to the end"
	}
	fmt.Fprintf(&b, "%d steps%s, in %d ways, compared at %d sync points\n", r.Steps, end, len(splits), r.Points)
	if len(r.Passes) == 0 {
		b.WriteString("  no pass changes the program\n")
	}
	width := 0
	for i := range r.Passes {
		width = max(width, len(r.Passes[i].Name))
	}
	for i := range r.Passes {
		p := &r.Passes[i]
		counts := pass.Stats{Counts: p.Rewrites}
		verdict := "equal"
		switch {
		case p.Difference != nil:
			verdict = "DIFFERENT"
		case p.Skipped != "":
			verdict = "not compared"
		}
		fmt.Fprintf(&b, "  %-12s  %-*s  %s", verdict, width, p.Name, counts.String())
		if p.Skipped != "" {
			fmt.Fprintf(&b, " (%s)", p.Skipped)
		}
		b.WriteByte('\n')
		if p.Difference != nil {
			p.Difference.write(&b, file, "before", "after")
		}
	}
	if r.Unstable != nil {
		b.WriteString("  the program differs from run to run, so that passes cannot be compared\n")
		r.Unstable.write(&b, file, "first", "then")
	}
	for _, f := range r.Faults {
		fmt.Fprintf(&b, "  FAULT  %s %s\n", f.Who, f.What)
		if f.Step >= 0 {
			fmt.Fprintf(&b, "    seen first after %d steps", f.Step)
		}
		if f.Statement != nil {
			fmt.Fprintf(&b, ", at %s", place(file, f.Statement))
		}
		if f.Step >= 0 {
			b.WriteByte('\n')
		}
	}
	return b.String()
}

func (d *Difference) write(b *strings.Builder, file, first, second string) {
	fmt.Fprintf(b, "    after step %d, %s", d.Step, d.Split)
	if d.Statement != nil {
		fmt.Fprintf(b, ", which is %s", place(file, d.Statement))
	}
	fmt.Fprintf(b, "\n    in %s\n", d.What)
	width := max(len(first), len(second))
	fmt.Fprintf(b, "      %-*s  %s\n      %-*s  %s\n", width, first, indented(d.Before), width, second, indented(d.After))
}

// indented keeps the lines of a text below each other.
func indented(s string) string { return strings.ReplaceAll(s, "\n", "\n"+strings.Repeat(" ", 14)) }

func place(file string, n *ir.Node) string {
	return ir.Problem{File: file, Pos: n.Pos, Message: n.Headline()}.Error()
}
