package snapshot

import (
	"fmt"
	"strconv"

	"flowc.dev/flowc/ir"
)

// positions tells where the parts of a program stood in the user's file, which
// program.json replaces: objects, registers and functions with theirs, then
// nodes in source order.
type positions struct {
	file   string
	places []ir.Pos
}

// places returns where the positions of p are kept.
func places(p *ir.Program) []*ir.Pos {
	var all []*ir.Pos
	for i := range p.Objects {
		all = append(all, &p.Objects[i].Pos)
	}
	registers := func(registers []ir.Register) {
		for i := range registers {
			all = append(all, &registers[i].Pos)
		}
	}
	registers(p.Registers)
	for _, f := range p.Functions {
		all = append(all, &f.Pos)
		registers(f.Registers)
	}
	ir.Visit(p, func(n *ir.Node) bool {
		all = append(all, &n.Pos)
		return true
	})
	return all
}

// positionsOf returns nil if nothing is known of p.
func positionsOf(p *ir.Program) *positions {
	ps := &positions{file: p.File}
	known := p.File != ""
	for _, pos := range places(p) {
		ps.places = append(ps.places, *pos)
		known = known || *pos != ir.Pos{}
	}
	if !known {
		return nil
	}
	return ps
}

// restore gives a program that nobody else sees yet its positions.
func (ps *positions) restore(p *ir.Program) error {
	all := places(p)
	if len(all) != len(ps.places) {
		return fmt.Errorf("it has %d positions, the program has %d parts", len(ps.places), len(all))
	}
	p.File = ps.file
	for i, pos := range all {
		*pos = ps.places[i]
	}
	return nil
}

// fields goes through positions.json, which has line and column of each part
// in one list.
func (ps *positions) fields(a *archive) {
	a.object(func() {
		text(a, "file", &ps.file)
		if !a.field("places", len(ps.places) > 0) {
			return
		}
		if a.mode == writing {
			separator := byte('[')
			for _, p := range ps.places {
				a.out = strconv.AppendInt(append(a.out, separator), int64(p.Line), 10)
				a.out = strconv.AppendInt(append(a.out, ','), int64(p.Column), 10)
				separator = ','
			}
			a.out = append(a.out, ']')
			return
		}
		for more := a.in.open('['); more && a.err == nil; more = a.in.more(']') {
			line := a.coordinate()
			a.fail(a.in.expect(','))
			ps.places = append(ps.places, ir.Pos{Line: line, Column: a.coordinate()})
		}
		a.fail(a.in.err)
	})
}

func (ps *positions) append() []byte {
	a := &archive{mode: writing}
	ps.fields(a)
	return a.out
}

// coordinate reads a line or column.
func (a *archive) coordinate() int32 {
	if a.err != nil {
		return 0
	}
	x, err := a.in.unsigned(31)
	a.fail(err)
	return int32(x)
}
