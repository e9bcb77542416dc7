package gorgonia

import (
	"fmt"
	"hash"
	"hash/fnv"

	"github.com/chewxy/hm"
	gg "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"flowc.dev/flowc/backend/region"
)

// custom is the part that flowc's Gorgonia ops have in common: an op with a
// fixed type and shape that reads its operands and owns its result.
type custom struct {
	label string
	// id makes the hash of each op its own: Gorgonia merges nodes whose ops and
	// operands hash alike.
	id    string
	from  []hm.Type // of the operands
	to    hm.Type
	shape tensor.Shape
}

func (c *custom) Arity() int           { return len(c.from) }
func (c *custom) ReturnsPtr() bool     { return true }
func (c *custom) CallsExtern() bool    { return false }
func (c *custom) OverwritesInput() int { return -1 }
func (c *custom) String() string       { return c.label }

// Type returns a new function type, since Gorgonia recycles the one it gets.
func (c *custom) Type() hm.Type {
	types := append(append([]hm.Type(nil), c.from...), c.to)
	return hm.NewFnType(types...)
}

func (c *custom) InferShape(...gg.DimSizer) (tensor.Shape, error) { return c.shape.Clone(), nil }

func (c *custom) WriteHash(h hash.Hash) { fmt.Fprintf(h, "flowc op %s", c.id) }

func (c *custom) Hashcode() uint32 {
	h := fnv.New32a()
	c.WriteHash(h)
	return h.Sum32()
}

// A regionOp runs a region; its value is a token that later nodes depend on.
type regionOp struct {
	custom
	machine *machine
	region  *region.Region
	token   *tensor.Dense
}

// Do takes over the products among its operands and runs the region.
func (op *regionOp) Do(operands ...gg.Value) (gg.Value, error) {
	m := op.machine
	imports := operands[len(operands)-len(op.region.Imports):]
	for i, v := range op.region.Imports {
		if err := m.importProduct(v, imports[i]); err != nil {
			m.failure = err
			return nil, err
		}
	}
	if err := op.region.Run(m.Slots); err != nil {
		m.failure = err
		return nil, err
	}
	return op.token, nil
}

// A valueOp hands one value of a region to Gorgonia's own ops, without copying.
type valueOp struct {
	custom
	machine *machine
	border  *border
}

// Do returns the value as a tensor of Gorgonia's.
func (op *valueOp) Do(...gg.Value) (gg.Value, error) {
	return op.border.show(op.machine.Slots[op.border.value].Tensor()), nil
}
