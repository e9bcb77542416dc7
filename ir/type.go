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

// Type returns the type of v. Where lists share parts, so do their types.
func (v Value) Type() Type { return v.typeOf(nil) }

// typeOf is Type; known has the types of the parts of lists and records that
// stand in others.
func (v Value) typeOf(known map[any][]Type) Type {
	t := Type{Kind: v.kind, DType: v.dtype, Weak: v.weak, Shape: v.Shape()}
	switch ref := v.ref.(type) {
	case *List:
		t.Parts = typesOf(ref, ref.Items, known)
	case *Record:
		t.Names, t.Parts = ref.Names, typesOf(ref, ref.Values, known)
	}
	return t
}

func typesOf(ref any, parts []Value, known map[any][]Type) []Type {
	if types, ok := known[ref]; ok {
		return types
	}
	var types []Type
	for _, part := range parts {
		if known == nil && (part.kind == ListKind || part.kind == RecordKind) {
			known = map[any][]Type{}
		}
		types = append(types, part.typeOf(known))
	}
	if known != nil {
		known[ref] = types
	}
	return types
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
	t.write(&b)
	return b.String()
}

// maxTypeText bounds the text of records in records.
const maxTypeText = 10_000

func (t Type) write(b *strings.Builder) {
	if b.Len() > maxTypeText {
		b.WriteString("...")
		return
	}
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
		fmt.Fprintf(b, "list of %d", len(t.Parts))
	case RecordKind:
		b.WriteString("record{")
		for i, name := range t.Names {
			if i > 0 {
				b.WriteString(", ")
			}
			b.WriteString(name + ": ")
			t.Parts[i].write(b)
			if b.Len() > maxTypeText {
				break
			}
		}
		b.WriteByte('}')
	default:
		b.WriteString(t.Kind.String())
	}
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
