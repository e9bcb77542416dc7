package backend

import "flowc.dev/flowc/ir"

// blockValue is the value of an iteration of a buffer: a part, or the list or
// record of its parts.
type blockValue struct {
	parts []valuePart
	names []string // fields of a record
	whole bool     // all parts are stacks
	last  ir.Value // the value of the last iteration of the run
}

// valuePart is where a part of a value comes from.
type valuePart struct {
	local   int // -1 for a register
	slot    int // of that register
	stacked bool
	row     ir.Value // of a stack, whose storage the next one takes
}

// valueOf returns the value of iteration i.
func (l *blockLeaf) valueOf(i int) (ir.Value, error) {
	v := &l.value
	var list []ir.Value
	for j := range v.parts {
		p := &v.parts[j]
		var part ir.Value
		switch {
		case p.stacked:
			p.row = rowOf(l.space[p.local], i, p.row)
			part = p.row
		case p.local >= 0:
			part = l.space[p.local]
		default:
			part = l.regs[p.slot]
		}
		if part.IsUnset() {
			return part, errNoBlock
		}
		if len(v.parts) == 1 && v.names == nil {
			return part, nil
		}
		list = append(list, part)
	}
	if v.names != nil {
		return ir.RecordOf(v.names, list), nil
	}
	return ir.ListOf(list...), nil
}

// putValue puts the value of iteration i on the stack of the buffer, which does
// not count it yet. The end of the last iteration does that itself.
func (l *blockLeaf) putValue(i int) error {
	v, err := l.valueOf(i)
	if err != nil {
		return err
	}
	if i == 0 {
		err = l.stack.admit(v)
	} else {
		err = l.stack.check(v, "")
	}
	if err != nil {
		return err
	}
	if i == l.count-1 {
		l.value.last = v
		return nil
	}
	l.stack.put(l.done+int64(i), v)
	return nil
}

// putValues is putValue for all iterations of a run whose values are rows of
// stacks, and so have one type.
func (l *blockLeaf) putValues() error {
	v, err := l.valueOf(l.count - 1)
	if err == nil {
		err = l.stack.admit(v)
	}
	if err != nil {
		return err
	}
	l.value.last = v
	for j := range l.value.parts {
		to := l.stack
		if len(to.parts) > 0 {
			to = to.parts[j]
		}
		to.putRows(l.done, l.space[l.value.parts[j].local], l.count-1)
	}
	return nil
}
