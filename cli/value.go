package cli

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"math"
	"strconv"

	"flowc.dev/flowc/ir"
)

// appendValue appends the JSON form of an output: rank-0 numbers as numbers,
// with nan, inf and -inf as strings; tensors as a summary; the rest as it is.
func appendValue(b []byte, v ir.Value) []byte {
	switch v.Kind() {
	case ir.Str:
		return appendText(b, v.Text())
	case ir.ListKind:
		b = append(b, '[')
		for i, item := range v.List().Items {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendValue(b, item)
		}
		return append(b, ']')
	case ir.RecordKind:
		r := v.Record()
		b = append(b, '{')
		for i, name := range r.Names {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(appendText(b, name), ':')
			b = appendValue(b, r.Values[i])
		}
		return append(b, '}')
	case ir.Number:
		if v.IsScalar() {
			return appendNumber(b, v)
		}
		return appendTensor(b, v.Tensor())
	}
	return append(b, "null"...)
}

func appendText(b []byte, s string) []byte {
	text, err := json.Marshal(s)
	if err != nil {
		panic("bug: a string has no JSON form: " + err.Error())
	}
	return append(b, text...)
}

// appendNumber appends a rank-0 number in the shortest form that reads back to
// the same bits.
func appendNumber(b []byte, v ir.Value) []byte {
	if x := v.Float64(); v.DType().IsFloat() && (math.IsNaN(x) || math.IsInf(x, 0)) {
		return appendText(b, ir.FormatNumber(v))
	}
	return append(b, ir.FormatNumber(v)...)
}

func appendTensor(b []byte, t *ir.Tensor) []byte {
	b = append(b, `{"dtype":"`+t.DType().String()+`","shape":[`...)
	for i, extent := range t.Shape() {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendInt(b, int64(extent), 10)
	}
	b = append(b, ']')
	least, greatest, mean := summarize(t)
	for _, part := range []struct {
		name  string
		value ir.Value
	}{{"min", least}, {"max", greatest}, {"mean", mean}} {
		b = append(b, `,"`+part.name+`":`...)
		b = appendValue(b, part.value)
	}
	return append(b, `,"sha256":"`+tensorHash(t)+`"}`...)
}

// summarize returns the smallest and largest element and the mean, each NaN if
// an element is, and nulls for a tensor without elements.
func summarize(t *ir.Tensor) (least, greatest, mean ir.Value) {
	if t.Size() == 0 {
		return
	}
	least, greatest = t.At(0), t.At(0)
	sum := 0.0
	for i := range t.Size() {
		v := t.At(i)
		x := v.Float64()
		sum += x
		if math.IsNaN(x) {
			return v, v, v
		}
		if less(v, least) {
			least = v
		}
		if less(greatest, v) {
			greatest = v
		}
	}
	return least, greatest, ir.Float(sum / float64(t.Size()))
}

// less compares integers exactly.
func less(a, b ir.Value) bool {
	if a.DType().IsFloat() {
		return a.Float64() < b.Float64()
	}
	return a.Int64() < b.Int64()
}

// tensorHash returns the SHA-256, in hex, of the elements' little-endian bytes
// in row-major order.
func tensorHash(t *ir.Tensor) string {
	h := sha256.New()
	if err := t.WriteLittleEndian(h); err != nil {
		panic("bug: a hash does not fail: " + err.Error())
	}
	return hex.EncodeToString(h.Sum(nil))
}
