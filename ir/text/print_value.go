package text

import (
	"math"
	"strconv"

	"flowc.dev/flowc/ir"
)

// literal returns the box of a value.
func (pr *printer) literal(v ir.Value) *box {
	switch v.Kind() {
	case ir.Null:
		return plain("null")
	case ir.Str:
		return plain(strconv.Quote(v.Text()))
	case ir.Number:
		return numberBox(v)
	case ir.ListKind:
		items := make([]*box, len(v.List().Items))
		for i, item := range v.List().Items {
			items[i] = pr.literal(item)
		}
		return group("[", "]", items...)
	case ir.RecordKind:
		fields := make([]*box, len(v.Record().Names))
		for i, name := range v.Record().Names {
			fields[i] = row(plain(quoteKey(name)+": "), pr.literal(v.Record().Values[i]))
		}
		return group("{", "}", fields...)
	}
	pr.fail("a value of the kind %s has no literal", v.Kind())
	return plain("null")
}

// numberBox returns the box of a number: weak ones and bools of rank 0 are
// written bare, others with their type.
func numberBox(v ir.Value) *box {
	if v.IsScalar() && (v.Weak() || v.DType() == ir.Bool) {
		return plain(ir.FormatNumber(v))
	}
	name := v.DType().String()
	if v.Weak() {
		name = "weak " + name
	}
	if v.IsScalar() {
		return plain(name + "{" + formatElement(v) + "}")
	}
	return dataGroup(name+ir.FormatShape(v.Shape())+"{", "}", v.Tensor())
}

// formatElement returns an element of a tensor: floats in the shortest form
// that reads back to the same bits.
func formatElement(v ir.Value) string {
	x := v.Float64()
	if !v.DType().IsFloat() || math.IsNaN(x) || math.IsInf(x, 0) {
		return ir.FormatNumber(v)
	}
	return strconv.FormatFloat(x, 'g', -1, 8*v.DType().Size())
}

// filledTensor returns the box of a tensor with one value everywhere.
func (pr *printer) filledTensor(n *ir.Node) *box {
	open := plain(n.Text("dtype") + ir.FormatShape(ir.Ints(n.Attr("shape"))) + "{fill ")
	return row(open, pr.literal(n.Attr("fill")), plain("}"))
}
