package snapshot

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"flowc.dev/flowc/ir"
)

// append appends a value that has been collected. Weak numbers, bools, strings
// and lists are what they are in JSON, other values say their kind.
func (t *valueTable) append(b []byte, v ir.Value) []byte {
	if id, ok := t.lookup(v); ok {
		e := &t.entries[id]
		if e.value.Tensor() != nil {
			return appendTensor(b, e.name, v.Weak())
		}
		if e.shared >= 0 {
			b = strconv.AppendInt(append(b, `{"shared":`...), int64(e.shared), 10)
			return append(b, '}')
		}
	}
	return t.appendParts(b, v)
}

// appendParts appends a value in full; its parts may be shared.
func (t *valueTable) appendParts(b []byte, v ir.Value) []byte {
	switch v.Kind() {
	case ir.Null:
		return append(b, "null"...)
	case ir.UnsetKind:
		return append(b, `{"unset":true}`...)
	case ir.Str:
		return appendText(b, v.Text())
	case ir.ListKind:
		b = append(b, '[')
		for i, item := range v.List().Items {
			if i > 0 {
				b = append(b, ',')
			}
			b = t.append(b, item)
		}
		return append(b, ']')
	case ir.RecordKind:
		b = append(b, `{"record":[`...)
		r := v.Record()
		for i, name := range r.Names {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(appendText(append(b, '['), name), ',')
			b = append(t.append(b, r.Values[i]), ']')
		}
		return append(b, `]}`...)
	}
	return appendScalar(b, v)
}

func appendTensor(b []byte, name string, weak bool) []byte {
	b = appendText(append(b, `{"tensor":`...), name)
	return closeNumber(b, weak)
}

func closeNumber(b []byte, weak bool) []byte {
	if weak {
		b = append(b, `,"weak":true`...)
	}
	return append(b, '}')
}

// appendScalar appends a number of rank 0.
func appendScalar(b []byte, v ir.Value) []byte {
	x := v.Float64()
	finite := !v.DType().IsFloat() || !math.IsNaN(x) && !math.IsInf(x, 0)
	switch {
	case v.DType() == ir.Bool:
		return strconv.AppendBool(b, v.Truth())
	case v.Weak() && finite:
		return appendNumber(b, v)
	}
	b = append(append(append(b, `{"`...), v.DType().String()...), `":`...)
	if finite {
		b = appendNumber(b, v)
	} else {
		b = append(append(append(b, '"'), specialName(x)...), '"')
	}
	return closeNumber(b, v.Weak())
}

func specialName(x float64) string {
	switch {
	case math.IsNaN(x):
		return "nan"
	case x > 0:
		return "inf"
	}
	return "-inf"
}

// appendNumber appends a finite number in the shortest form that reads back to
// the same bits. Floats have a point or an exponent.
func appendNumber(b []byte, v ir.Value) []byte {
	if !v.DType().IsFloat() {
		return strconv.AppendInt(b, v.Int64(), 10)
	}
	s := strconv.FormatFloat(v.Float64(), 'g', -1, 8*v.DType().Size())
	if !strings.ContainsAny(s, ".e") {
		s += ".0"
	}
	return append(b, s...)
}

// value reads a value.
func (r *reader) value(t *valueTable) (ir.Value, error) {
	if t.depth++; t.depth > maxDepth {
		return ir.Value{}, errDeep
	}
	defer func() { t.depth-- }()
	switch c := r.peek(); {
	case c == '"':
		s, err := r.text()
		return ir.String(s), err
	case c == '[':
		return r.list(t)
	case c == '{':
		return r.tagged(t)
	case c == 't':
		return ir.BoolValue(true), r.word("true")
	case c == 'f':
		return ir.BoolValue(false), r.word("false")
	case c == 'n':
		return ir.Value{}, r.word("null")
	}
	s := r.number()
	dtype := ir.I64
	if strings.ContainsAny(s, ".e") {
		dtype = ir.F64
	}
	v, err := r.scalar(dtype)
	return v.AsWeak(true), err
}

// scalar reads the digits of a number.
func (r *reader) scalar(dtype ir.DType) (ir.Value, error) {
	s := r.number()
	var v ir.Value
	var err error
	switch dtype {
	case ir.F64, ir.F32:
		var x float64
		x, err = strconv.ParseFloat(s, 8*dtype.Size())
		if v = ir.Float(x); dtype == ir.F32 {
			v = ir.Float32(float32(x))
		}
	case ir.U8:
		var i uint64
		i, err = strconv.ParseUint(s, 10, 8)
		v = ir.Scalar(ir.U8, i)
	default:
		var i int64
		i, err = strconv.ParseInt(s, 10, 8*dtype.Size())
		v = ir.Scalar(dtype, uint64(i))
	}
	if err != nil {
		return ir.Value{}, r.errorf("want a number of dtype %s, found %q", dtype, s)
	}
	r.pos += len(s)
	return v, nil
}

func (r *reader) list(t *valueTable) (ir.Value, error) {
	items := []ir.Value{}
	if r.skip("[]") {
		return ir.ListOf(), nil
	}
	for more := r.open('['); more; more = r.more(']') {
		v, err := r.value(t)
		if err != nil {
			return ir.Value{}, err
		}
		items = append(items, v)
	}
	return ir.ListOf(items...), r.err
}

// tagged reads an object with one key that says what it is.
func (r *reader) tagged(t *valueTable) (ir.Value, error) {
	switch {
	case r.skip(`{"tensor":`):
		return r.tensor(t)
	case r.skip(`{"shared":`):
		i, err := r.unsigned(32)
		if err != nil {
			return ir.Value{}, err
		}
		if i >= uint64(len(t.shared)) {
			return ir.Value{}, r.errorf("shared value %d, of %d so far", i, len(t.shared))
		}
		return t.shared[i], r.word("}")
	case r.skip(`{"record":`):
		return r.record(t)
	case r.skip(`{"bytes":`):
		r.pos -= len(`{"bytes":`)
		s, err := r.text()
		return ir.String(s), err
	case r.skip(`{"unset":true}`):
		return ir.Unset(), nil
	}
	for _, dtype := range ir.DTypes[1:] {
		if r.skip(`{"` + dtype.String() + `":`) {
			return r.strong(dtype)
		}
	}
	return ir.Value{}, r.errorf("want a value")
}

// strong reads the rest of {"dtype":number}.
func (r *reader) strong(dtype ir.DType) (v ir.Value, err error) {
	if dtype.IsFloat() && r.peek() == '"' {
		name, err := r.text()
		if err != nil {
			return ir.Value{}, err
		}
		x, err := specialFloat(name)
		if err != nil {
			return ir.Value{}, r.errorf("%w", err)
		}
		if v = ir.Float(x); dtype == ir.F32 {
			v = ir.Float32(float32(x))
		}
		v = ir.Scalar(dtype, v.CanonicalBits())
	} else if v, err = r.scalar(dtype); err != nil {
		return ir.Value{}, err
	}
	return v.AsWeak(r.skip(`,"weak":true`)), r.word("}")
}

func specialFloat(name string) (float64, error) {
	switch name {
	case "nan":
		return math.NaN(), nil
	case "inf":
		return math.Inf(1), nil
	case "-inf":
		return math.Inf(-1), nil
	}
	return 0, fmt.Errorf("want nan, inf or -inf, found %.20q", name)
}

func (r *reader) tensor(t *valueTable) (ir.Value, error) {
	name, err := r.text()
	if err != nil {
		return ir.Value{}, err
	}
	tensor := t.tensors[name]
	if tensor == nil {
		return ir.Value{}, r.errorf("there is no tensor %.100q in %s", name, tensorsName)
	}
	return ir.TensorValue(tensor).AsWeak(r.skip(`,"weak":true`)), r.word("}")
}

func (r *reader) record(t *valueTable) (ir.Value, error) {
	names, values := []string{}, []ir.Value{}
	if r.skip("[]}") {
		return ir.RecordOf(names, values), nil
	}
	for more := r.open('['); more; more = r.more(']') {
		if err := r.expect('['); err != nil {
			return ir.Value{}, err
		}
		name, err := r.text()
		if err == nil {
			err = r.expect(',')
		}
		if err != nil {
			return ir.Value{}, err
		}
		v, err := r.value(t)
		if err == nil {
			err = r.expect(']')
		}
		if err != nil {
			return ir.Value{}, err
		}
		names, values = append(names, name), append(values, v)
	}
	if r.err != nil {
		return ir.Value{}, r.err
	}
	return ir.RecordOf(names, values), r.word("}")
}
