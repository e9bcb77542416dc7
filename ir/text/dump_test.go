package text

import (
	"fmt"
	"strings"

	"flowc.dev/flowc/ir"
)

// dump returns everything that the text of a program says, one thing a line;
// ids tells whether that includes IDs and origins.
func dump(p *ir.Program, ids bool) string {
	d := dumper{ids: ids}
	d.line("program %q %q imports %q inputs %q outputs %q", p.Name, p.Doc, p.Imports, p.Inputs, p.Outputs)
	for _, o := range p.Objects {
		d.line("object %q %q %q", o.Name, o.Class, o.Doc)
		d.kwargs(o.Args)
	}
	d.registers(p.Registers)
	for _, f := range p.Functions {
		d.line("function %q %q %q %q", f.Name, f.Params, f.Returns, f.Doc)
		d.registers(f.Registers)
		d.body(f.Body)
	}
	d.body(p.Body)
	return d.String()
}

type dumper struct {
	strings.Builder
	ids   bool
	depth int
}

func (d *dumper) line(format string, args ...any) {
	fmt.Fprintf(d, "%*s"+format+"\n", append([]any{d.depth, ""}, args...)...)
}

func (d *dumper) registers(registers []ir.Register) {
	for _, r := range registers {
		d.line("register %q %v %s %q", r.Name, r.Fixed, r.Type, r.Doc)
		if r.Init != nil {
			d.node(r.Init)
		}
	}
}

func (d *dumper) kwargs(kwargs []ir.Kwarg) {
	for _, k := range kwargs {
		d.line("%q=", k.Name)
		d.node(k.Node)
	}
}

func (d *dumper) body(body []*ir.Node) {
	for _, n := range body {
		d.node(n)
	}
}

func (d *dumper) node(n *ir.Node) {
	d.line("%s %q", n.Op, n.Doc)
	d.depth++
	defer func() { d.depth-- }()
	if d.ids {
		d.line("id %d %v", n.ID, n.Origins)
	}
	for _, a := range n.Attrs {
		d.line("%q: %s %s", a.Name, ir.FormatShort(a.Value), ir.ValueDigest(a.Value)[:8])
	}
	d.body(n.Args)
	d.kwargs(n.Kwargs)
	for _, r := range n.Regions {
		d.line("region %q %s %s %q", r.Field, ir.FormatShort(r.When), ir.ValueDigest(r.When)[:8], r.Doc)
		d.body(r.Body)
	}
}
