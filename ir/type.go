package ir

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// A Type is what is known of a value without its elements: a kind and, for
// numbers, dtype, shape and weakness; for lists and records, the parts' types.
type Type struct {
	Kind  Kind
	DType DType
	Weak  bool
	Shape []int
	Names []string // field names of a record
	Parts []Type   // items of a list, fields of a record
}

// NumberType returns the type of a strong number of the given dtype and shape.
func NumberType(dtype DType, shape ...int) Type {
	return Type{Kind: Number, DType: dtype, Shape: shape}
}

// Type returns the type of v.
func (v Value) Type() Type {
	t := Type{Kind: v.kind, DType: v.dtype, Weak: v.weak, Shape: v.Shape()}
	switch ref := v.ref.(type) {
	case *List:
		for _, item := range ref.Items {
			t.Parts = append(t.Parts, item.Type())
		}
	case *Record:
		t.Names = ref.Names
		for _, field := range ref.Values {
			t.Parts = append(t.Parts, field.Type())
		}
	}
	return t
}

// HasType reports, without allocating, whether the type of v is t.
func (v Value) HasType(t Type) bool {
	if v.kind != t.Kind || v.dtype != t.DType || v.weak != t.Weak || !slices.Equal(v.Shape(), t.Shape) {
		return false
	}
	switch ref := v.ref.(type) {
	case *List:
		return slices.EqualFunc(ref.Items, t.Parts, Value.HasType)
	case *Record:
		return slices.Equal(ref.Names, t.Names) && slices.EqualFunc(ref.Values, t.Parts, Value.HasType)
	}
	return true
}

// Equal reports whether t and u are the same type.
func (t Type) Equal(u Type) bool {
	return t.Kind == u.Kind && t.DType == u.DType && t.Weak == u.Weak && slices.Equal(t.Shape, u.Shape) &&
		slices.Equal(t.Names, u.Names) && slices.EqualFunc(t.Parts, u.Parts, Type.Equal)
}

// String returns the form that programs and messages use: f32[64,10], i64,
// string, list, record{W: f32[3], b: f32}. Weak numbers say so.
func (t Type) String() string {
	var b strings.Builder
	if t.Weak {
		b.WriteString("weak ")
	}
	switch t.Kind {
	case Number:
		b.WriteString(t.DType.String())
		if len(t.Shape) > 0 {
			b.WriteString(FormatShape(t.Shape))
		}
	case ListKind:
		fmt.Fprintf(&b, "list of %d", len(t.Parts))
	case RecordKind:
		b.WriteString("record{")
		for i, name := range t.Names {
			if i > 0 {
				b.WriteString(", ")
			}
			fmt.Fprintf(&b, "%s: %s", name, t.Parts[i])
		}
		b.WriteByte('}')
	default:
		b.WriteString(t.Kind.String())
	}
	return b.String()
}

// FormatShape returns a shape as [2,3].
func FormatShape(shape []int) string {
	b := []byte{'['}
	for i, extent := range shape {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendInt(b, int64(extent), 10)
	}
	return string(append(b, ']'))
}

// ParseType reads the type of a number as String prints it, such as
// "f32[64,10]" or "i64".
func ParseType(s string) (Type, error) {
	name, extents, hasShape := strings.Cut(s, "[")
	dtype, err := ParseDType(name)
	if err != nil {
		return Type{}, err
	}
	t := NumberType(dtype)
	if !hasShape {
		return t, nil
	}
	extents, closed := strings.CutSuffix(extents, "]")
	if !closed {
		return Type{}, fmt.Errorf("type %q lacks its closing bracket", s)
	}
	if extents != "" {
		for _, field := range strings.Split(extents, ",") {
			n, err := strconv.Atoi(strings.TrimSpace(field))
			if err != nil {
				return Type{}, fmt.Errorf("type %q: extent %q is not a whole number", s, field)
			}
			t.Shape = append(t.Shape, n)
		}
	}
	if _, err := CheckShape(dtype, t.Shape); err != nil {
		return Type{}, fmt.Errorf("type %q: %w", s, err)
	}
	return t, nil
}
