package ir

import (
	"fmt"
	"math"
	"sync/atomic"
)

// Kind says which member of the union a [Value] holds.
type Kind uint8

// The kinds of value. The zero Value is Null.
const (
	Null Kind = iota
	Number
	Str
	ListKind
	RecordKind
	// UnsetKind marks a register that nothing has been stored to; no
	// operation gives or takes it.
	UnsetKind
)

var kindNames = [...]string{"null", "number", "string", "list", "record", "unset"}

// String returns the kind's name in messages.
func (k Kind) String() string { return kindNames[k] }

// A Value is what registers hold and ops compute: a tensor of any rank, a
// string, a list, a record or null. Numbers of rank 0 are stored in the value
// itself, so computing with them allocates nothing.
//
// A number is weak when it comes from literals only; weakness decides dtype
// promotion and is kept wherever the value goes.
type Value struct {
	kind  Kind
	dtype DType
	weak  bool
	bits  uint64
	ref   any // *Tensor, string, *List or *Record
}

// A List is an ordered sequence of values. It is immutable once it is stored.
type List struct {
	Items  []Value
	frozen atomic.Bool
	names  atomic.Pointer[[]string] // see Node.Names
}

// A Record is an ordered sequence of named fields, such as a layer's
// parameters.
type Record struct {
	Names  []string
	Values []Value
	frozen atomic.Bool
}

// Scalar returns a strong rank-0 number from its raw bits: IEEE 754 for floats
// (f32 in the low 32 bits), two's complement for integers, 0 or 1 for bool.
func Scalar(dtype DType, bits uint64) Value {
	return Value{kind: Number, dtype: dtype, bits: bits}
}

// Unset returns the mark of a register that nothing has been stored to.
func Unset() Value { return Value{kind: UnsetKind} }

// Float returns a strong f64.
func Float(x float64) Value { return Scalar(F64, math.Float64bits(x)) }

// Float32 returns a strong f32.
func Float32(x float32) Value { return Scalar(F32, uint64(math.Float32bits(x))) }

// Int returns a strong i64.
func Int(x int64) Value { return Scalar(I64, uint64(x)) }

// BoolValue returns a bool.
func BoolValue(x bool) Value {
	if x {
		return Scalar(Bool, 1)
	}
	return Scalar(Bool, 0)
}

// WeakFloat returns the value of a literal with a decimal point or exponent.
func WeakFloat(x float64) Value { return Float(x).AsWeak(true) }

// WeakInt returns the value of a literal without decimal point or exponent.
func WeakInt(x int64) Value { return Int(x).AsWeak(true) }

// String returns a string value.
func String(s string) Value { return Value{kind: Str, ref: s} }

// Strings returns a list of strings.
func Strings(names ...string) Value {
	items := make([]Value, len(names))
	for i, s := range names {
		items[i] = String(s)
	}
	return ListOf(items...)
}

// ListOf returns a list of the given values.
func ListOf(items ...Value) Value { return Value{kind: ListKind, ref: &List{Items: items}} }

// RecordOf returns a record of the given fields; both slices have one length.
func RecordOf(names []string, values []Value) Value {
	return Value{kind: RecordKind, ref: &Record{Names: names, Values: values}}
}

// TensorValue returns t as a value; rank 0 is unboxed.
func TensorValue(t *Tensor) Value {
	if len(t.shape) == 0 {
		return t.At(0)
	}
	return Value{kind: Number, dtype: t.dtype, ref: t}
}

// AsWeak returns the number v with its weakness set. Only i64 and f64 can be
// weak: they are the dtypes of literals.
func (v Value) AsWeak(weak bool) Value {
	v.weak = weak && v.kind == Number && (v.dtype == I64 || v.dtype == F64)
	return v
}

// Kind returns the kind of v.
func (v Value) Kind() Kind { return v.kind }

// IsNull reports whether v is null.
func (v Value) IsNull() bool { return v.kind == Null }

// IsUnset reports whether v marks an unset register.
func (v Value) IsUnset() bool { return v.kind == UnsetKind }

// IsNumber reports whether v is a tensor of any rank, rank 0 included.
func (v Value) IsNumber() bool { return v.kind == Number }

// IsScalar reports whether v is a number of rank 0.
func (v Value) IsScalar() bool { return v.kind == Number && v.ref == nil }

// Weak reports whether the number v is weakly typed.
func (v Value) Weak() bool { return v.weak }

// DType returns the element type of a number, InvalidDType for other kinds.
func (v Value) DType() DType { return v.dtype }

// Bits returns the raw bits of a rank-0 number.
func (v Value) Bits() uint64 { return v.bits }

// CanonicalBits returns the raw bits with every NaN replaced by one quiet NaN,
// which is how numbers are hashed, stored and compared.
func (v Value) CanonicalBits() uint64 {
	switch {
	case v.dtype == F64 && math.IsNaN(math.Float64frombits(v.bits)):
		return 0x7FF8000000000000
	case v.dtype == F32 && uint32(v.bits)&0x7FFFFFFF > 0x7F800000:
		return 0x7FC00000
	case v.dtype == I32:
		return v.bits & math.MaxUint32
	}
	return v.bits
}

// Tensor returns the boxed tensor of v, or nil when v is a rank-0 number or no
// number.
func (v Value) Tensor() *Tensor {
	t, _ := v.ref.(*Tensor)
	return t
}

// Boxed returns the number v as a tensor: its own one, or a new one of rank 0.
func (v Value) Boxed() *Tensor {
	if t := v.Tensor(); t != nil {
		return t
	}
	t := newTensor(v.dtype, nil, 1)
	t.words[0] = littleEndianWord(v)
	return t
}

// littleEndianWord places a scalar's bits so that reading element 0 of the
// backing gives them on hosts of either byte order.
func littleEndianWord(v Value) uint64 {
	var t Tensor
	t.dtype, t.size, t.words = v.dtype, 1, []uint64{0}
	switch v.dtype {
	case Bool:
		Data[bool](&t)[0] = v.bits != 0
	case U8:
		Data[uint8](&t)[0] = uint8(v.bits)
	case I32:
		Data[int32](&t)[0] = int32(v.bits)
	case I64:
		Data[int64](&t)[0] = int64(v.bits)
	case F32:
		Data[float32](&t)[0] = math.Float32frombits(uint32(v.bits))
	default:
		Data[float64](&t)[0] = math.Float64frombits(v.bits)
	}
	return t.words[0]
}

// Shape returns the extents of a number: nil for rank 0.
func (v Value) Shape() []int {
	if t := v.Tensor(); t != nil {
		return t.shape
	}
	return nil
}

// Text returns the string that v holds, "" for other kinds.
func (v Value) Text() string {
	s, _ := v.ref.(string)
	return s
}

// List returns the list that v holds, or nil.
func (v Value) List() *List {
	l, _ := v.ref.(*List)
	return l
}

// Record returns the record that v holds, or nil.
func (v Value) Record() *Record {
	r, _ := v.ref.(*Record)
	return r
}

// Field returns the named field of a record.
func (v Value) Field(name string) (Value, error) {
	r := v.Record()
	if r == nil {
		return Value{}, fmt.Errorf("field %q of %s: only a record has fields", name, v.Type())
	}
	for i, n := range r.Names {
		if n == name {
			return r.Values[i], nil
		}
	}
	return Value{}, fmt.Errorf("record has no field %q; it has %v", name, r.Names)
}

// Float64 returns the rank-0 number v converted to float64.
func (v Value) Float64() float64 {
	switch v.dtype {
	case F64:
		return math.Float64frombits(v.bits)
	case F32:
		return float64(math.Float32frombits(uint32(v.bits)))
	}
	return float64(v.Int64())
}

// Int64 returns the rank-0 integer or bool v. Floats are truncated toward zero.
func (v Value) Int64() int64 {
	if v.dtype.IsFloat() {
		return int64(v.Float64())
	}
	return int64(v.bits)
}

// Truth returns the rank-0 bool v.
func (v Value) Truth() bool { return v.bits != 0 }

// Count returns v as a whole number: a rank-0 integer, or a float without a
// fraction. what names the quantity in the error.
func (v Value) Count(what string) (int64, error) {
	if !v.IsScalar() || v.dtype == Bool {
		return 0, fmt.Errorf("%s is %s: want a whole number of rank 0", what, v.Type())
	}
	if v.dtype.IsFloat() {
		f := v.Float64()
		if f != math.Trunc(f) || math.IsInf(f, 0) || math.Abs(f) >= 1<<63 {
			return 0, fmt.Errorf("%s is %v: want a whole number", what, f)
		}
	}
	return v.Int64(), nil
}

// Retain counts one more owner of the storage of v.
func (v Value) Retain() {
	switch ref := v.ref.(type) {
	case nil:
	case *Tensor:
		ref.Retain()
	case *List, *Record:
		v.Freeze()
	}
}

// Release counts one owner less. It reports whether v is a tensor whose storage
// is now the caller's to reuse.
func (v Value) Release() bool {
	t := v.Tensor()
	return t != nil && t.Release()
}

// Freeze makes all storage below v immutable for good.
func (v Value) Freeze() {
	switch ref := v.ref.(type) {
	case *Tensor:
		ref.Freeze()
	case *List:
		if !ref.frozen.Swap(true) { // a part may be shared many times
			for _, item := range ref.Items {
				item.Freeze()
			}
		}
	case *Record:
		if !ref.frozen.Swap(true) {
			for _, field := range ref.Values {
				field.Freeze()
			}
		}
	}
}
