package vectorize

import (
	"fmt"
	"slices"
	"strings"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
)

// repeated is the draws of an iteration from one source, which is asked for the
// rows of all of them together.
type repeated struct {
	count  int
	done   int
	locals []string // of the rows, stacked in the order of the draws
}

// countDraws finds the methods of sources that an iteration calls several times
// without arguments.
func (b *builder) countDraws(body []*ir.Node) {
	counts := map[string]int{}
	for _, n := range body {
		name := n.Text("call")
		if n.Op != "call" || !strings.Contains(name, ".") {
			continue
		}
		if m := b.names.Method(name); m != nil && m.Source != nil && len(n.Args) == 0 && len(n.Kwargs) == 0 && len(m.Params) == 0 {
			counts[name]++
		}
	}
	for name, count := range counts {
		if count > 1 && count <= maxDraw {
			b.draws[name] = &repeated{count: count}
		}
	}
}

// drawAgain adds one of several draws: the first takes the rows, and each has
// its own of them.
func (b *builder) drawAgain(n *ir.Node, name string, method *ops.Method) string {
	d := b.draws[name]
	if d.done == 0 {
		d.locals = b.results(method.Results, stacked)
		b.rows = append(b.rows, b.nextN(n, name, int64(d.count), nil, d.locals))
	}
	stores := n.Stores()
	if len(stores) != method.Results && len(stores) > 0 {
		return fmt.Sprintf("the results of %s are stored as one list", name)
	}
	locals := b.results(method.Results, stacked)
	for i, local := range locals {
		index := b.node(n, "const")
		index.Attrs = []ir.Attr{{Name: "value", Value: ir.WeakInt(int64(d.done))}}
		b.rows = append(b.rows, b.call(n, "getitem", []*ir.Node{b.read(n, d.locals[i]), index}, []string{local}))
	}
	d.done++
	b.steps++
	b.last = b.reads(n, locals)
	return b.store(stores, b.last)
}

// maxDraw bounds the rows of a draw: more rows than these are a block that pays
// for itself.
const maxDraw = 64

// drawn returns how many rows the next_n n takes, if they are few.
func drawn(n *ir.Node) (int64, bool) {
	if n.Op != "next_n" {
		return 0, false
	}
	count := ir.BlockDraw(n)
	return count, count >= 1 && count <= maxDraw
}

// next adds a draw of several rows, which make up a stack in each iteration.
func (b *builder) next(n *ir.Node) string {
	count, ok := drawn(n)
	name := n.Text("next_n")
	object, _, _ := strings.Cut(name, ".")
	switch {
	case !ok:
		return fmt.Sprintf("it takes more than %d rows at once, or a number that is not a literal", maxDraw)
	case b.objects[object]:
		return "it uses the object " + object + " more than once"
	}
	b.objects[object] = true
	method := b.names.Method(name)
	bound, problems := method.Bind(n.Args[1:], n.Kwargs)
	if len(problems) > 0 {
		return problems[0]
	}
	args := make([]*ir.Node, len(bound))
	kinds := make([]kind, len(bound))
	for i, arg := range bound {
		var reason string
		if args[i], kinds[i], reason = b.operand(arg, nil); reason != "" {
			return reason
		}
	}
	if slices.ContainsFunc(kinds, func(k kind) bool { return k != same }) {
		return fmt.Sprintf("the arguments of %s differ from row to row", name)
	}
	stores := n.Stores()
	if len(stores) != method.Results && len(stores) > 0 {
		return fmt.Sprintf("the results of %s are stored as one list", name)
	}
	b.wide = true
	b.steps += count
	locals := b.results(method.Results, stacked)
	b.rows = append(b.rows, b.nextN(n, name, count, args, locals))
	b.last = b.reads(n, locals)
	return b.store(stores, b.last)
}

func (b *builder) nextN(n *ir.Node, name string, count int64, args []*ir.Node, results []string) *ir.Node {
	rows := b.node(n, "const")
	rows.Attrs = []ir.Attr{{Name: "value", Value: ir.WeakInt(count)}}
	next := b.node(n, "next_n")
	next.Args = append([]*ir.Node{rows}, args...)
	next.Attrs = []ir.Attr{{Name: "next_n", Value: ir.String(name)}, {Name: "store", Value: ir.Strings(results...)}}
	return next
}
