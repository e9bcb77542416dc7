package ops

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"

	"flowc.dev/flowc/ir"
)

var errLongLine = errors.New("a line of a log has at most 1 MiB: log fewer numbers, such as a summary")

// writeJSON appends v as JSON on one line: tensors and lists as arrays, records
// as objects. Numbers that JSON does not have are strings.
func writeJSON(b *bytes.Buffer, v ir.Value) error {
	if b.Len() > maxMetricRow {
		return errLongLine
	}
	switch v.Kind() {
	case ir.Null:
		b.WriteString("null")
	case ir.Str:
		text, err := json.Marshal(v.Text())
		if err != nil {
			return err
		}
		b.Write(text)
	case ir.Number:
		if t := v.Tensor(); t != nil {
			if t.Size() > maxMetricRow {
				return errLongLine
			}
			_, err := writeTensor(b, t, 0, 0)
			return err
		}
		writeNumber(b, v)
	case ir.ListKind:
		return writeItems(b, '[', ']', len(v.List().Items), func(i int) error { return writeJSON(b, v.List().Items[i]) })
	case ir.RecordKind:
		r := v.Record()
		return writeItems(b, '{', '}', len(r.Names), func(i int) error {
			if err := writeJSON(b, ir.String(r.Names[i])); err != nil {
				return err
			}
			b.WriteByte(':')
			return writeJSON(b, r.Values[i])
		})
	}
	return nil
}

func writeItems(b *bytes.Buffer, open, end byte, n int, item func(i int) error) error {
	b.WriteByte(open)
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		if err := item(i); err != nil {
			return err
		}
	}
	b.WriteByte(end)
	return nil
}

func writeNumber(b *bytes.Buffer, v ir.Value) {
	text := ir.FormatNumber(v)
	if x := v.Float64(); v.DType().IsFloat() && (math.IsNaN(x) || math.IsInf(x, 0)) {
		text = `"` + text + `"`
	}
	b.WriteString(text)
}

// writeTensor appends the elements from axis on, of which the first is element
// at, and returns the one after them.
func writeTensor(b *bytes.Buffer, t *ir.Tensor, axis, at int) (int, error) {
	if axis == t.Rank() {
		if b.Len() > maxMetricRow {
			return at, errLongLine
		}
		writeNumber(b, t.At(at))
		return at + 1, nil
	}
	err := writeItems(b, '[', ']', t.Shape()[axis], func(int) error {
		var err error
		at, err = writeTensor(b, t, axis+1, at)
		return err
	})
	return at, err
}
