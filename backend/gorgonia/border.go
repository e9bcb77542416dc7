package gorgonia

import (
	"fmt"
	"unsafe"

	"gorgonia.org/tensor"

	gg "gorgonia.org/gorgonia"

	"flowc.dev/flowc/ir"
)

// A border shows the matrix with the given value number to Gorgonia as a tensor
// that shares its storage.
type border struct {
	value int
	dense *tensor.Dense
	base  unsafe.Pointer // of the storage that dense shows, nil for none
}

// nothing is what a border shows between runs, so that Gorgonia keeps no
// storage that belongs to others.
var nothing = map[ir.DType]any{ir.F32: []float32{0}, ir.F64: []float64{0}}

var denseTypes = map[ir.DType]tensor.Dtype{ir.F32: tensor.Float32, ir.F64: tensor.Float64}

func newBorder(value int, t ir.Type) *border {
	b := &border{value: value}
	b.dense = tensor.New(tensor.Of(denseTypes[t.DType]), tensor.WithShape(t.Shape...), tensor.WithEngine(engine{}))
	b.hide()
	return b
}

// show returns t as a tensor of Gorgonia's. t has the shape that the border was
// made for.
func (b *border) show(t *ir.Tensor) *tensor.Dense {
	if t.DType() == ir.F32 {
		data := ir.Data[float32](t)
		if base := unsafe.Pointer(unsafe.SliceData(data)); base != b.base {
			b.base = base
			tensor.WithBacking(data)(b.dense)
		}
		return b.dense
	}
	data := ir.Data[float64](t)
	if base := unsafe.Pointer(unsafe.SliceData(data)); base != b.base {
		b.base = base
		tensor.WithBacking(data)(b.dense)
	}
	return b.dense
}

// hide makes the border show nothing.
func (b *border) hide() {
	b.base = nil
	if b.dense.Dtype() == tensor.Float32 {
		tensor.WithBacking(nothing[ir.F32])(b.dense)
	} else {
		tensor.WithBacking(nothing[ir.F64])(b.dense)
	}
}

// importProduct makes slot v show the result of a Gorgonia product.
func (m *machine) importProduct(v int, product gg.Value) error {
	dense, ok := product.(*tensor.Dense)
	if !ok {
		return fmt.Errorf("bug: a matrix product gave %T", product)
	}
	alias, shape := m.aliases[v], m.Layout.Graph.Types[v].Shape
	if m.Layout.Graph.Types[v].DType == ir.F32 {
		ok = ir.SetAlias(alias, dense.Float32s(), shape...)
	} else {
		ok = ir.SetAlias(alias, dense.Float64s(), shape...)
	}
	if !ok {
		return fmt.Errorf("bug: a matrix product gave a tensor of shape %v for %v", dense.Shape(), shape)
	}
	m.Slots[v] = ir.TensorValue(alias)
	return nil
}
