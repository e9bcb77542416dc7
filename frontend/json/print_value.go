package json

import (
	"math"
	"strconv"

	"flowc.dev/flowc/ir"
)

// longTensor is the size from which on elements are formatted as they are
// written.
const longTensor = 256

// literal returns the box of a value.
func (pr *printer) literal(v ir.Value) *box {
	switch v.Kind() {
	case ir.Null:
		return textBox("null")
	case ir.Str:
		return pr.text(v.Text())
	case ir.Number:
		if needsTensor(v) {
			return tensorBox(v)
		}
		return textBox(ir.FormatNumber(v))
	case ir.ListKind:
		items := make([]*box, len(v.List().Items))
		for i, item := range v.List().Items {
			items[i] = pr.literal(item)
		}
		b := objectBox()
		b.add("list", listBox(items...))
		return b
	case ir.RecordKind:
		fields := objectBox()
		for i, name := range v.Record().Names {
			pr.named(fields, name, pr.literal(v.Record().Values[i]))
		}
		b := objectBox()
		b.add("record", fields)
		return b
	}
	pr.fail("a value of the kind %s has no literal", v.Kind())
	return textBox("null")
}

// tensorBox returns {"tensor": {...}} of a number with its elements.
func tensorBox(v ir.Value) *box {
	t := v.Boxed()
	inner := objectBox()
	inner.add("dtype", textBox(quoteJSON(t.DType().String())))
	inner.add("shape", shapeBox(t.Shape()))
	if v.Weak() {
		inner.add("weak", textBox("true"))
	}
	if t.Size() >= longTensor {
		inner.add("data", dataBox(t))
	} else {
		items := make([]*box, t.Size())
		for i := range items {
			items[i] = textBox(formatElement(t.At(i)))
		}
		inner.add("data", listBox(items...))
	}
	b := objectBox()
	b.add("tensor", inner)
	return b
}

func shapeBox(shape []int) *box {
	items := make([]*box, len(shape))
	for i, extent := range shape {
		items[i] = textBox(strconv.Itoa(extent))
	}
	return listBox(items...)
}

// formatElement returns an element of a tensor as JSON: floats in the shortest
// form that reads back to the same bits.
func formatElement(v ir.Value) string {
	if !v.DType().IsFloat() {
		return ir.FormatNumber(v)
	}
	x := v.Float64()
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return quoteJSON(ir.FormatNumber(v))
	}
	return strconv.FormatFloat(x, 'g', -1, 8*v.DType().Size())
}

// filledTensor returns what stands under "tensor" for a fill value.
func (pr *printer) filledTensor(n *ir.Node) *box {
	b := objectBox()
	b.add("dtype", pr.text(n.Text("dtype")))
	b.add("shape", integerBoxes(n.Attr("shape")))
	fill := n.Attr("fill")
	if fill.Weak() && needsTensor(fill) {
		b.add("fill", textBox(quoteJSON(ir.FormatNumber(fill))))
	} else {
		b.add("fill", pr.literal(fill))
	}
	return b
}
