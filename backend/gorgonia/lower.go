package gorgonia

import (
	"fmt"
	"strconv"
	"sync/atomic"

	"github.com/chewxy/hm"
	gg "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"flowc.dev/flowc/backend/region"
	"flowc.dev/flowc/ir"
)

// A lowering builds the expression graph of a machine: a node for each region,
// which gives a token; a node for each value of a region that a product takes;
// and Gorgonia's own nodes for the products. Every input is a node with a name
// of its own, and there are no constant nodes.
type lowering struct {
	machine  *machine
	graph    *gg.ExprGraph
	salt     int
	start    *gg.Node
	regions  []*gg.Node
	values   map[int]*gg.Node // inputs and region values that products take
	products map[int]*gg.Node
}

// newToken returns a tensor that carries no information.
func newToken() *tensor.Dense {
	return tensor.New(tensor.WithShape(1), tensor.WithBacking([]float32{0}), tensor.WithEngine(engine{}))
}

// nextID numbers the ops of all graphs.
var nextID atomic.Int64

// lower builds the expression graph. Gorgonia's compiler takes nodes with equal
// 32-bit hashes for one node, so a graph in which two collide is built again
// with other names.
func lower(m *machine) (*gg.ExprGraph, error) { return lowerUnless(m, collide) }

// lowerUnless is lower with the test of a graph.
func lowerUnless(m *machine, collide func(*gg.ExprGraph) bool) (*gg.ExprGraph, error) {
	for salt := range 8 {
		b := &lowering{machine: m, graph: gg.NewGraph(), salt: salt,
			values: map[int]*gg.Node{}, products: map[int]*gg.Node{}}
		m.borders, m.inputBorders = nil, nil
		if err := b.build(); err != nil {
			return nil, err
		}
		if !collide(b.graph) {
			return b.graph, nil
		}
	}
	return nil, fmt.Errorf("bug: the hashes of an expression graph collide under every name")
}

// collide reports whether two nodes have equal hashes.
func collide(g *gg.ExprGraph) bool {
	seen := map[uint32]bool{}
	for _, n := range g.AllNodes() {
		if seen[n.Hashcode()] {
			return true
		}
		seen[n.Hashcode()] = true
	}
	return false
}

func (b *lowering) build() error {
	l := b.machine.Layout
	b.start = gg.NewTensor(b.graph, tensor.Float32, 1, gg.WithShape(1), gg.WithName(b.name("start")), gg.WithValue(newToken()))
	b.regions = make([]*gg.Node, l.Stages)
	for stage := range l.Stages {
		if r := b.machine.Regions[stage]; r != nil {
			if err := b.addRegion(r); err != nil {
				return err
			}
		}
		for _, i := range l.Products(stage) {
			if err := b.addProduct(i); err != nil {
				return err
			}
		}
	}
	return nil
}

func (b *lowering) name(what string) string { return fmt.Sprintf("%s#%d", what, b.salt) }

// addRegion adds the node of a region, after the region before it, which may
// have computed what it needs.
func (b *lowering) addRegion(r *region.Region) error {
	operands := []*gg.Node{b.start}
	for stage := r.Stage - 1; stage >= 0; stage-- {
		if b.regions[stage] != nil {
			operands[0] = b.regions[stage]
			break
		}
	}
	for _, v := range r.Imports {
		operands = append(operands, b.products[v])
	}
	op := &regionOp{custom: b.custom(r.String(), tensor.Shape{1}, ir.F32, operands), machine: b.machine, region: r, token: newToken()}
	n, err := gg.ApplyOp(op, operands...)
	b.regions[r.Stage] = n
	return err
}

func (b *lowering) custom(label string, shape tensor.Shape, dtype ir.DType, operands []*gg.Node) custom {
	c := custom{label: label, id: strconv.FormatInt(nextID.Add(1), 10), shape: shape}
	for _, n := range operands {
		c.from = append(c.from, n.Type())
	}
	c.to = hm.Type(gg.TensorType{Dims: len(shape), Of: denseTypes[dtype]})
	return c
}

func (b *lowering) addProduct(i int) error {
	step := &b.machine.Layout.Graph.Steps[i]
	x, err := b.operand(step.Args[0])
	if err != nil {
		return err
	}
	y, err := b.operand(step.Args[1])
	if err != nil {
		return err
	}
	b.products[step.First], err = gg.Mul(x, y)
	return err
}

// operand returns the node of a matrix that a product takes.
func (b *lowering) operand(v int) (*gg.Node, error) {
	l := b.machine.Layout
	if l.IsProduct(v) {
		return b.products[v], nil
	}
	if n := b.values[v]; n != nil {
		return n, nil
	}
	border := newBorder(v, l.Graph.Types[v])
	var n *gg.Node
	if i := l.Producer[v]; i >= 0 {
		token := []*gg.Node{b.regions[l.Stage[i]]}
		op := &valueOp{custom: b.custom(fmt.Sprintf("flowc.value(%d)", v), border.dense.Shape(), l.Graph.Types[v].DType, token),
			machine: b.machine, border: border}
		var err error
		if n, err = gg.ApplyOp(op, token...); err != nil {
			return nil, err
		}
		b.machine.borders = append(b.machine.borders, border)
	} else {
		n = gg.NewMatrix(b.graph, border.dense.Dtype(), gg.WithShape(border.dense.Shape()...),
			gg.WithName(b.name(fmt.Sprintf("value%d", v))), gg.WithValue(border.dense))
		b.machine.inputBorders = append(b.machine.inputBorders, border)
	}
	b.values[v] = n
	return n, nil
}
