package ir

import (
	"math"
	"strconv"
	"strings"
)

// Limits of printed values: longer axes and texts are elided in the middle.
const (
	formatEdge     = 3
	formatMaxItems = 1000
	formatMaxText  = 10_000
	formatMaxBytes = 1 << 20
)

// Format returns v as print shows it: NumPy's layout for tensors, long ones
// elided, texts as they are up to a limit.
func Format(v Value) string {
	var b strings.Builder
	format(&b, v, true)
	return b.String()
}

// FormatShort returns v on one short line, for messages.
func FormatShort(v Value) string {
	if v.IsNumber() && !v.IsScalar() {
		return v.Type().String()
	}
	s := strings.ReplaceAll(Format(v), "\n", " ")
	if v.kind == Str {
		s = strconv.Quote(s)
	}
	if len(s) > 80 {
		return s[:77] + "..."
	}
	return s
}

func format(b *strings.Builder, v Value, top bool) {
	if b.Len() > formatMaxBytes {
		return
	}
	switch v.kind {
	case Null:
		b.WriteString("null")
	case Str:
		switch s := v.Text(); {
		case !top:
			b.WriteString(strconv.Quote(s))
		case len(s) > formatMaxText:
			b.WriteString(s[:formatMaxText] + "...")
		default:
			b.WriteString(s)
		}
	case ListKind:
		formatItems(b, '[', ']', len(v.List().Items), func(i int) { format(b, v.List().Items[i], false) })
	case RecordKind:
		r := v.Record()
		formatItems(b, '{', '}', len(r.Names), func(i int) {
			b.WriteString(r.Names[i] + ": ")
			format(b, r.Values[i], false)
		})
	case Number:
		if v.IsScalar() {
			b.WriteString(FormatNumber(v))
			return
		}
		t := v.Tensor()
		formatAxis(b, t, 0, 0, t.size > formatMaxItems, 1)
	}
}

func formatItems(b *strings.Builder, open, end byte, n int, item func(int)) {
	b.WriteByte(open)
	for i := range n {
		if n > 2*formatMaxItems && i == formatMaxItems || b.Len() > formatMaxBytes {
			b.WriteString(", ...")
			break
		}
		if i > 0 {
			b.WriteString(", ")
		}
		item(i)
	}
	b.WriteByte(end)
}

func formatAxis(b *strings.Builder, t *Tensor, axis, offset int, elide bool, depth int) {
	if axis == len(t.shape) {
		b.WriteString(FormatNumber(t.At(offset)))
		return
	}
	stride := 1
	for _, extent := range t.shape[axis+1:] {
		stride *= extent
	}
	b.WriteByte('[')
	last := axis == len(t.shape)-1
	for i := 0; i < t.shape[axis]; i++ {
		if i > 0 {
			if last {
				b.WriteByte(' ')
			} else {
				b.WriteString("\n" + strings.Repeat(" ", depth))
			}
		}
		if elide && i == formatEdge && t.shape[axis] > 2*formatEdge {
			b.WriteString("...")
			i = t.shape[axis] - formatEdge - 1
			continue
		}
		formatAxis(b, t, axis+1, offset+i*stride, elide, depth+1)
	}
	b.WriteByte(']')
}

// FormatNumber returns the shortest decimal form of a rank-0 number that reads
// back to the same bits: nan, inf and -inf for the special floats, and always a
// point or an exponent in a finite float.
func FormatNumber(v Value) string {
	switch {
	case v.dtype == Bool:
		return strconv.FormatBool(v.Truth())
	case v.dtype.IsInteger():
		return strconv.FormatInt(v.Int64(), 10)
	}
	x := v.Float64()
	switch {
	case math.IsNaN(x):
		return "nan"
	case math.IsInf(x, 1):
		return "inf"
	case math.IsInf(x, -1):
		return "-inf"
	}
	s := strconv.FormatFloat(x, 'g', -1, 8*v.dtype.Size())
	if !strings.ContainsAny(s, ".e") {
		s += ".0"
	}
	return s
}
