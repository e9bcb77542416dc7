package json

import (
	"math"

	"flowc.dev/flowc/ir"
)

// tensorKeys are the keys of the object under "tensor".
var tensorKeys = []string{"dtype", "shape", "fill", "data", "weak", docKey}

// tensorParts is what the object under "tensor" says.
type tensorParts struct {
	dtype    ir.DType
	dims     ir.Value // list of i64, null when not given
	shape    []int
	fill     ir.Value
	hasFill  bool
	data     place
	hasData  bool
	weak     bool
	weakAt   place
	doc      string
	fillAt   place
	shapeAt  place
	dtypeVal ir.Value
}

// tensorOperand completes the node n of a {"tensor": ...} operand: a literal
// when the data is given, a tensor element when only a fill value is.
func (d *decoder) tensorOperand(n *ir.Node, p place) {
	t, ok := d.tensorParts(p)
	if t.doc != "" {
		if n.Doc != "" {
			d.report(int(p.pos), "found a doc in the tensor and one beside it: want one")
		}
		n.Doc = t.doc
	}
	if !ok {
		return
	}
	if t.hasFill {
		n.Attrs = append(n.Attrs, ir.Attr{Name: "dtype", Value: t.dtypeVal},
			ir.Attr{Name: "fill", Value: t.fill}, ir.Attr{Name: "shape", Value: t.dims})
		return
	}
	v, ok := d.tensorData(t)
	if ok {
		n.Op = constOp
		n.Attrs = append(n.Attrs, ir.Attr{Name: "value", Value: v})
	}
}

// tensorLiteral reads the object under "tensor" where a value is needed.
func (d *decoder) tensorLiteral(p place) (ir.Value, bool) {
	t, ok := d.tensorParts(p)
	if !ok {
		return ir.Value{}, false
	}
	if t.hasFill {
		d.reportMember("fill", t.fillAt, "found \"fill\" in a literal: want \"data\"")
		return ir.Value{}, false
	}
	return d.tensorData(t)
}

// tensorParts reads the object under "tensor". Without error, it has either
// data, or a fill value and a valid shape.
func (d *decoder) tensorParts(p place) (t tensorParts, ok bool) {
	if d.kind(p) != '{' {
		d.found(p, "an object with \"dtype\" and either \"data\" or \"shape\" and \"fill\"")
		return t, false
	}
	s := ir.SchemaOf(tensorOp)
	problems := len(d.problems)
	members := d.fixedMembers(p)
	defer d.release(members)
	for _, m := range members {
		d.enter(m.key)
		switch m.key {
		case "dtype":
			if v, ok := d.attr(s.Field(m.key), m.value); ok {
				t.dtypeVal = v
				t.dtype, _ = ir.ParseDType(v.Text())
			}
		case "shape":
			t.shapeAt = m.value
			t.dims, t.shape = d.shape(s.Field(m.key), m.value)
		case "fill":
			t.hasFill, t.fillAt = true, m.value
		case "data":
			t.hasData, t.data = true, m.value
		case "weak":
			if kind := d.kind(m.value); kind != 't' && kind != 'f' {
				d.found(m.value, "true or false")
			}
			t.weak, t.weakAt = d.kind(m.value) == 't', m.value
		case docKey:
			d.doc(&t.doc, m.value)
		default:
			d.report(int(m.keyPos), "unknown key %s in tensor%s", quote(m.key), orSuggestion(m.key, tensorKeys))
		}
		d.leave()
	}
	if len(d.problems) == problems {
		d.checkParts(p, &t)
	}
	return t, len(d.problems) == problems && !d.stopped
}

// checkParts reports parts of a tensor that are missing or do not fit together.
func (d *decoder) checkParts(p place, t *tensorParts) {
	at := int(p.pos)
	switch {
	case !t.dtype.Valid():
		d.report(at, "tensor lacks \"dtype\": want one of bool, u8, i32, i64, f32 or f64")
	case t.hasData && t.hasFill:
		d.report(at, "found both \"data\" and \"fill\" in a tensor: want one")
	case !t.hasData && !t.hasFill:
		d.report(at, "tensor lacks its elements: want \"data\", or \"shape\" and \"fill\"")
	case t.hasFill && t.dims.IsNull():
		d.report(at, "tensor lacks \"shape\": want a list of whole numbers")
	case t.hasFill && t.weak:
		d.reportMember("weak", t.weakAt, "found \"weak\" on a tensor with \"fill\": only data can be weak")
	case t.weak && t.dtype != ir.I64 && t.dtype != ir.F64:
		d.reportMember("weak", t.weakAt, "found \"weak\" on a tensor of %s: only i64 and f64 can be weak", t.dtype)
	default:
		if _, err := ir.CheckShape(t.dtype, t.shape); err != nil {
			d.reportMember("shape", t.shapeAt, "%s", err)
		}
	}
	if t.hasFill && t.dtype.Valid() {
		d.enter("fill")
		t.fill = d.fill(t.fillAt, t.dtype)
		d.leave()
	}
}

// shape reads a list of extents, bounding the rank.
func (d *decoder) shape(f *ir.Field, p place) (ir.Value, []int) {
	v, ok := d.attr(f, p)
	if !ok {
		return v, nil
	}
	items := v.List().Items
	if len(items) > ir.MaxRank {
		d.report(int(p.pos), "rank %d exceeds the limit of %d", len(items), ir.MaxRank)
		return v, nil
	}
	shape := make([]int, len(items))
	for i, item := range items {
		shape[i] = int(item.Int64())
	}
	return v, shape
}

// fill reads the value of all elements of a tensor. It stays a weak literal;
// nan, inf and -inf may be written as strings.
func (d *decoder) fill(p place, dtype ir.DType) ir.Value {
	want := elementForm(dtype)
	if d.kind(p) == '"' {
		x, ok := specialFloat(d.str(int(p.pos)))
		if !ok || !dtype.IsFloat() {
			d.found(p, want)
		}
		return ir.WeakFloat(x)
	}
	if d.kind(p) == '[' || d.kind(p) == 'n' {
		d.found(p, want)
		return ir.Value{}
	}
	v, ok := d.literal(p)
	if ok && !representable(v, dtype) {
		d.found(p, want)
	}
	return v
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
	if err != nil {
		return false
	}
	low, high := integerRange(dtype)
	return i >= low && i <= high
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
	return "a number within " + dtype.String() + `, "nan", "inf" or "-inf"`
}

func specialFloat(s string) (float64, bool) {
	switch s {
	case "nan":
		return math.NaN(), true
	case "inf":
		return math.Inf(1), true
	case "-inf":
		return math.Inf(-1), true
	}
	return 0, false
}
