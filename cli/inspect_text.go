package cli

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"

	"flowc.dev/flowc"
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ir/state"
	"flowc.dev/flowc/ir/text"
)

// describeSnapshot returns what flowc inspect prints.
func describeSnapshot(path string, s *flowc.Snapshot) (string, error) {
	var b strings.Builder
	name := s.Program.Name
	if name == "" {
		name = "program"
	}
	fmt.Fprintf(&b, "%s: %s, %s after %d steps, family %s, seed %d\n\n", path, name, progressOf(s), s.Run.Steps, s.Family, s.Seed)
	marks := margin(standpoints(s))
	program, err := text.PrintOptions{Mark: func(n *ir.Node) string { return marks[n.ID] }}.Print(s.Program)
	if err != nil {
		return "", err
	}
	b.Write(program)
	describeValues(&b, "registers", s.Run.Registers)
	describeObjects(&b, s)
	describeChildren(&b, s)
	if len(s.Edits) > 0 {
		b.WriteString("\nedits:\n")
		for _, e := range s.Edits {
			fmt.Fprintf(&b, "  after %d steps: %s\n", e.Step, e.What)
		}
	}
	return b.String(), nil
}

func progressOf(s *flowc.Snapshot) string {
	if s.Run.Main.Next == state.Done {
		return "done"
	}
	return "half-run"
}

func sortedNames(values map[string]ir.Value) []string { return slices.Sorted(maps.Keys(values)) }

func describeValues(b *strings.Builder, title string, values map[string]ir.Value) {
	if len(values) == 0 {
		return
	}
	fmt.Fprintf(b, "\n%s:\n", title)
	w := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	for _, name := range sortedNames(values) {
		fmt.Fprintf(w, "  %s\t%s\n", name, describeValue(values[name]))
	}
	w.Flush() // to a string
}

// maxElements is the size up to which tensors are shown.
const maxElements = 6

// describeValue returns type and value, both cut short.
func describeValue(v ir.Value) string {
	kind, short := describeType(v), ir.FormatShort(v)
	if t := v.Tensor(); t != nil && t.Size() <= maxElements {
		short = strings.ReplaceAll(ir.Format(v), "\n", "")
	}
	if kind == short {
		return short
	}
	return kind + "\t" + short
}

func describeObjects(b *strings.Builder, s *flowc.Snapshot) {
	if len(s.Program.Objects) == 0 {
		return
	}
	b.WriteString("\nobjects:\n")
	w := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	for i := range s.Program.Objects {
		o := &s.Program.Objects[i]
		what := "to be made"
		if v, ok := s.Run.Objects[o.Name]; ok {
			what = ir.FormatShort(v)
		}
		fmt.Fprintf(w, "  %s\t%s\t%s\n", o.Name, o.Class, what)
	}
	w.Flush() // to a string
}

func describeChildren(b *strings.Builder, s *flowc.Snapshot) {
	if len(s.Run.Children) == 0 {
		return
	}
	b.WriteString("\nspawned fragments:\n")
	for i := range s.Run.Children {
		c := &s.Run.Children[i]
		steps := make([]string, len(c.Copies))
		for j := range c.Copies {
			steps[j] = fmt.Sprintf("%s after %d steps", progressOf(&c.Copies[j]), c.Copies[j].Run.Steps)
		}
		fmt.Fprintf(b, "  handle %d: %s\n", c.Handle, strings.Join(steps, ", "))
	}
}
