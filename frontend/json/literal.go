package json

import "flowc.dev/flowc/ir"

// scalarLiteral reads null, a bool, a number or a string. Numbers are weak.
func (d *decoder) scalarLiteral(p place) (ir.Value, bool) {
	switch d.kind(p) {
	case 'n':
		return ir.Value{}, true
	case 't', 'f':
		return ir.BoolValue(d.kind(p) == 't'), true
	case '"':
		return ir.String(d.str(int(p.pos))), true
	}
	if d.isInteger(p) {
		i, ok := d.integer(p)
		return ir.WeakInt(i), ok
	}
	x, ok := d.float(p)
	return ir.WeakFloat(x), ok
}

// literal reads a value that needs no evaluation: a scalar, or a tensor with
// data, a list or a record of literals.
func (d *decoder) literal(p place) (ir.Value, bool) {
	switch d.kind(p) {
	case '[':
		d.report(int(p.pos), `found a list: want a literal; a list is written {"list": [...]}, a tensor {"tensor": {"dtype": ..., "data": [...]}}`)
		return ir.Value{}, false
	case '{':
	default:
		return d.scalarLiteral(p)
	}
	if !d.deeper(p) {
		return ir.Value{}, false
	}
	defer func() { d.depth-- }()
	var v ir.Value
	ok := false
	for m := range d.uniqueMembers(p) {
		switch {
		case d.count(p) > 1:
		case m.key == "tensor":
			v, ok = d.tensorLiteral(m.value)
			return v, ok
		case m.key == "list":
			return d.listLiteral(m.value)
		case m.key == "record":
			return d.recordLiteral(m.value)
		}
		break
	}
	if !d.stopped {
		d.found(p, "a literal: null, a bool, number or string, or an object with the one key tensor, list or record")
	}
	return ir.Value{}, false
}

func (d *decoder) listLiteral(p place) (ir.Value, bool) {
	if d.kind(p) != '[' {
		d.found(p, "a list of literals")
		return ir.Value{}, false
	}
	items := make([]ir.Value, 0, min(d.count(p), maxItems))
	all := true
	for _, item := range d.listItems(p) {
		if !d.countItem(item) {
			break
		}
		v, ok := d.literal(item)
		all = all && ok
		items = append(items, v)
	}
	return ir.ListOf(items...), all && !d.stopped
}

func (d *decoder) recordLiteral(p place) (ir.Value, bool) {
	if d.kind(p) != '{' {
		d.found(p, "an object of named literals")
		return ir.Value{}, false
	}
	var names []string
	var values []ir.Value
	all := true
	for m := range d.uniqueMembers(p) {
		if !d.countItem(m.value) {
			break
		}
		v, ok := d.literal(m.value)
		all = all && ok
		names = append(names, m.key)
		values = append(values, v)
	}
	return ir.RecordOf(names, values), all && !d.stopped
}
