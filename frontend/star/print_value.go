package star

import (
	"math"
	"strconv"

	"flowc.dev/flowc/ir"
)

// maxNested is the largest tensor that is written as lists in lists.
const maxNested = 64

// literal returns the box of a value within a literal.
func (pr *printer) literal(v ir.Value) *box {
	switch v.Kind() {
	case ir.Null:
		return textBox("None")
	case ir.Str:
		return pr.text(v.Text())
	case ir.Number:
		return pr.number(v)
	case ir.ListKind:
		b := listBox()
		for _, item := range v.List().Items {
			b.add(pr.literal(item))
		}
		return pr.settle(b, "const")
	case ir.RecordKind:
		b := bracketBox("{", "}")
		for i, name := range v.Record().Names {
			b.add(pr.literal(v.Record().Values[i]).named(pr.text(name).text + ": "))
		}
		return pr.settle(b, "const")
	}
	pr.fail("a value of the kind %s has no literal", v.Kind())
	return textBox("None")
}

// number returns the box of a number: bare when it is a bool or a weak number
// of rank 0.
func (pr *printer) number(v ir.Value) *box {
	if v.IsScalar() && v.DType() == ir.Bool {
		return textBox(element0(v))
	}
	if v.IsScalar() && v.Weak() {
		return numberBox(element0(v))
	}
	t := v.Boxed()
	b := bracketBox("tensor(", ")", pr.text(t.DType().String()))
	switch {
	case t.Rank() == 0:
		b.add(numberBox(element0(v)))
	case t.Size() <= maxNested && t.Size() > 0:
		at := 0
		b.add(nestedData(t, t.Shape(), &at))
	default:
		items := make([]*box, t.Size())
		for i := range items {
			items[i] = textBox(element0(t.At(i)))
		}
		b.add(listBox(items...))
		if t.Rank() > 1 {
			extents := listBox()
			for _, extent := range t.Shape() {
				extents.add(textBox(strconv.Itoa(extent)))
			}
			b.add(extents.named("shape="))
		}
	}
	if v.Weak() {
		b.add(textBox("True").named("weak="))
	}
	b.term = true
	return b
}

// numberBox returns a number; one with a sign is no atom.
func numberBox(s string) *box {
	b := textBox(s)
	if s[0] == '-' {
		b.precedence = unary
	}
	return b
}

func nestedData(t *ir.Tensor, shape []int, at *int) *box {
	if len(shape) == 0 {
		*at++
		return textBox(element0(t.At(*at - 1)))
	}
	b := listBox()
	for range shape[0] {
		b.add(nestedData(t, shape[1:], at))
	}
	return b
}

// element0 returns a rank-0 number as Starlark spells it, so that reading it
// gives the same bits of its dtype.
func element0(v ir.Value) string {
	if v.DType() == ir.Bool {
		if v.Truth() {
			return "True"
		}
		return "False"
	}
	if !v.DType().IsFloat() {
		return ir.FormatNumber(v)
	}
	x := v.Float64()
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return "float(" + quote(ir.FormatNumber(v)) + ")"
	}
	s := ir.FormatNumber(v)
	if y, err := strconv.ParseFloat(s, 64); v.DType() == ir.F32 && (err != nil || float32(y) != float32(x)) {
		return ir.FormatNumber(ir.Float(x))
	}
	return s
}
