package text

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"flowc.dev/flowc/ir"
)

func isDType(s string) bool {
	_, err := ir.ParseDType(s)
	return err == nil
}

// typed reads a literal that begins with its type: a constant, or a tensor that
// is filled when it is needed.
func (p *parser) typed(pos ir.Pos, weak bool) operand {
	dtype, shape := p.typeName()
	p.elementsOpen()
	if !p.is("fill") {
		v := p.elements(dtype, shape, weak)
		return operand{node: p.constant(v, pos)}
	}
	if weak {
		p.found("elements: only these can be weak")
	}
	p.advance()
	at := p.tok.pos()
	fill, _ := p.literal(p.blocks)
	if !p.failed && !representable(fill, dtype) {
		p.fail(at, "found the fill %s: want %s", ir.FormatShort(fill), elementForm(dtype))
	}
	p.shut("}", "nothing more")
	n := p.node("tensor", pos)
	extents := make([]ir.Value, len(shape))
	for i, extent := range shape {
		extents[i] = ir.Int(int64(extent))
	}
	n.Attrs = []ir.Attr{{Name: "dtype", Value: ir.String(dtype.String())}, {Name: "fill", Value: fill}, {Name: "shape", Value: ir.ListOf(extents...)}}
	return p.over(n, 0)
}

// tensorLiteral reads a type and its elements.
func (p *parser) tensorLiteral(weak bool) ir.Value {
	dtype, shape := p.typeName()
	p.elementsOpen()
	if p.is("fill") {
		p.found("elements: a literal is not filled")
	}
	return p.elements(dtype, shape, weak)
}

// typeName reads the type of a number, such as f32[64,10].
func (p *parser) typeName() (ir.DType, []int) {
	dtype, err := ir.ParseDType(p.tok.text)
	if err != nil || p.tok.kind != word {
		p.found("the type of a number, such as f32[64,10]")
		return dtype, nil
	}
	pos := p.tok.pos()
	p.advance()
	if !p.is("[") {
		return dtype, nil
	}
	extents := p.integers("[")
	if len(extents) > ir.MaxRank {
		p.fail(pos, "rank %d exceeds the limit of %d", len(extents), ir.MaxRank)
		return dtype, nil
	}
	shape := make([]int, len(extents))
	for i, extent := range extents {
		shape[i] = int(extent)
	}
	if _, err := ir.CheckShape(dtype, shape); err != nil && !p.failed {
		p.fail(pos, "%s", err)
	}
	return dtype, shape
}

func (p *parser) elementsOpen() {
	if !p.is("{") {
		p.found("the elements of the tensor, such as {1, 2} or {fill 0}; a register of that name stands in backquotes")
		return
	}
	p.open()
}

// elements reads the elements of a tensor up to the closing brace. The tensor
// is made only when their number is known to fit.
func (p *parser) elements(dtype ir.DType, shape []int, weak bool) ir.Value {
	at := p.tok.pos()
	if weak && dtype != ir.I64 && dtype != ir.F64 {
		p.fail(at, "found a weak tensor of %s: only i64 and f64 can be weak", dtype)
	}
	var data []uint64
	for !p.failed && !p.is("}") {
		data = append(data, p.tensorElement(dtype))
		if !p.accept(",") {
			break
		}
	}
	p.shut("}", "a comma")
	if p.failed {
		return ir.Value{}
	}
	size, err := ir.CheckShape(dtype, shape)
	if err != nil || size != len(data) {
		p.fail(at, "the number of elements is %d: want %d for %s", len(data), size, ir.NumberType(dtype, shape...))
		return ir.Value{}
	}
	if len(shape) == 0 {
		return ir.Scalar(dtype, data[0]).AsWeak(weak)
	}
	t, err := ir.NewTensor(dtype, shape...)
	if err != nil {
		p.fail(at, "%s", err)
		return ir.Value{}
	}
	for i, bits := range data {
		t.SetAt(i, ir.Scalar(dtype, bits))
	}
	return ir.TensorValue(t).AsWeak(weak)
}

// tensorElement reads one element and returns its bits.
func (p *parser) tensorElement(dtype ir.DType) uint64 {
	if dtype == ir.Bool && (p.is("true") || p.is("false")) {
		bits := uint64(len("false") - len(p.tok.text))
		p.advance()
		return bits
	}
	pos := p.tok.pos()
	sign := ""
	if p.accept("-") {
		sign = "-"
	}
	if p.failed || dtype == ir.Bool || p.tok.kind != number && !p.is("nan") && !p.is("inf") {
		p.found(elementForm(dtype))
		return 0
	}
	source := sign + p.tok.text
	v, ok := parseElement(source, dtype)
	if !ok {
		p.fail(pos, "found %s: want %s", shorten(source), elementForm(dtype))
	}
	p.advance()
	return v.Bits()
}

// parseElement converts a number that is not a bool.
func parseElement(s string, dtype ir.DType) (ir.Value, bool) {
	if dtype.IsFloat() {
		x, err := strconv.ParseFloat(strings.TrimPrefix(s, "-"), 8*dtype.Size())
		if strings.HasPrefix(s, "-") {
			x = math.Copysign(x, -1)
		}
		if dtype == ir.F32 {
			return ir.Float32(float32(x)), err == nil
		}
		return ir.Float(x), err == nil
	}
	i, err := strconv.ParseInt(s, 10, 64)
	v := ir.Int(i)
	return ir.Scalar(dtype, v.Convert(dtype).Bits()), err == nil && representable(v, dtype)
}

// representable reports whether a rank-0 number converts to dtype without
// losing more than a float's low bits.
func representable(v ir.Value, dtype ir.DType) bool {
	if !v.IsScalar() || (v.DType() == ir.Bool) != (dtype == ir.Bool) {
		return false
	}
	if dtype == ir.Bool {
		return true
	}
	if dtype.IsFloat() {
		x := v.Float64()
		return dtype == ir.F64 || math.IsInf(x, 0) || !math.IsInf(float64(float32(x)), 0)
	}
	i, err := v.Count("")
	low, high := integerRange(dtype)
	return err == nil && i >= low && i <= high
}

func integerRange(dtype ir.DType) (low, high int64) {
	switch dtype {
	case ir.U8:
		return 0, math.MaxUint8
	case ir.I32:
		return math.MinInt32, math.MaxInt32
	}
	return math.MinInt64, math.MaxInt64
}

// elementForm says what an element of a tensor looks like.
func elementForm(dtype ir.DType) string {
	switch dtype {
	case ir.Bool:
		return "true or false"
	case ir.U8:
		return "a whole number from 0 to 255"
	case ir.I32:
		return "a whole number from -2147483648 to 2147483647"
	case ir.I64:
		return "a whole number that fits 64 bits"
	}
	return "a number within " + dtype.String() + ", nan, inf or -inf"
}

// sortedAttrs brings attributes into their order.
func sortedAttrs(attrs []ir.Attr) {
	slices.SortFunc(attrs, func(a, b ir.Attr) int { return strings.Compare(a.Name, b.Name) })
}
