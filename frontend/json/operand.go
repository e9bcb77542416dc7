package json

import (
	"fmt"
	"strconv"
	"strings"

	"flowc.dev/flowc/ir"
)

// operand reads an expression: a literal or an object with an element key.
func (d *decoder) operand(p place) *ir.Node {
	switch d.kind(p) {
	case '{':
		return d.node(p, ir.Expression)
	case '[':
		d.report(int(p.pos), `found a list: want an operand; a list is written {"list": [...]}, a tensor {"tensor": {"dtype": ..., "data": [...]}}`)
		return nil
	}
	v, ok := d.scalarLiteral(p)
	if !ok || !d.countNode(p) {
		return nil
	}
	return d.constNode(v, p)
}

func (d *decoder) constNode(v ir.Value, p place) *ir.Node {
	n := &ir.Node{Op: constOp, Pos: d.pos(p)}
	if !v.IsNull() {
		n.Attrs = []ir.Attr{{Name: "value", Value: v}}
	}
	return n
}

// The elements that this form writes in its own way.
const (
	constOp  = "const"
	tensorOp = "tensor"
	indexOp  = "index"
	sliceOp  = "slice"
)

// operands reads the positional operands of a node.
func (d *decoder) operands(s *ir.Schema, f *ir.Field, p place) []*ir.Node {
	if d.kind(p) != '[' {
		d.found(p, "a list of operands")
		return nil
	}
	count := d.count(p)
	if count < f.Min {
		d.found(p, fmt.Sprintf("operands, at least %d", f.Min))
	}
	if count == 0 {
		return nil
	}
	args := make([]*ir.Node, 0, min(count, ir.MaxNodes))
	for i, item := range d.listItems(p) {
		if s.Op == indexOp && i > 0 && d.kind(item) == '"' {
			if text := d.str(int(item.pos)); isSliceText(text) {
				args = append(args, d.sliceText(text, item))
				continue
			}
		}
		args = append(args, d.operand(item))
	}
	return args
}

// keywords reads an object of named operands.
func (d *decoder) keywords(s *ir.Schema, p place) []ir.Kwarg {
	if d.kind(p) != '{' {
		d.found(p, "an object of named operands")
		return nil
	}
	var kwargs []ir.Kwarg
	for m := range d.uniqueMembers(p) {
		if f := s.Field(m.key); f != nil && f.Kind == ir.NamedField {
			d.report(int(m.keyPos), "found %q among the named operands: it is a key of %s itself", m.key, s.Op)
			continue
		}
		kwargs = append(kwargs, ir.Kwarg{Name: m.key, Node: d.operand(m.value)})
	}
	return kwargs
}

// isSliceText reports whether a string inside an index is a slice: start:stop
// or start:stop:step, each a whole number or left out.
func isSliceText(s string) bool {
	parts := strings.Split(s[:min(len(s), 100)], ":")
	if len(s) > 100 || len(parts) != 2 && len(parts) != 3 {
		return false
	}
	for _, part := range parts {
		digits := strings.TrimPrefix(part, "-")
		if digits == "" && part != "" || strings.Trim(digits, "0123456789") != "" {
			return false
		}
	}
	return true
}

// sliceText reads a slice that is written as text: "2:5", ":" or "::2". What is
// left out becomes null; a step that is left out is none.
func (d *decoder) sliceText(text string, p place) *ir.Node {
	parts := strings.Split(text, ":")
	if len(parts) == 3 && parts[2] == "" {
		parts = parts[:2]
	}
	n := &ir.Node{Op: sliceOp, Pos: d.pos(p)}
	if !d.countNode(p) {
		return nil
	}
	for _, part := range parts {
		var v ir.Value
		if part != "" {
			i, err := strconv.ParseInt(part, 10, 64)
			if err != nil {
				d.report(int(p.pos), "the number %s of the slice does not fit 64 bits", shorten(part))
				return nil
			}
			v = ir.WeakInt(i)
		}
		if !d.countNode(p) {
			return nil
		}
		n.Args = append(n.Args, d.constNode(v, p))
	}
	return n
}
