package ir

import (
	"fmt"
	"math"
	"sync/atomic"
	"unsafe"
)

// Limits that hold for every tensor, whoever makes it.
const (
	MaxRank        = 16
	MaxTensorBytes = 1 << 32
)

// Element is the set of Go types that tensors store.
type Element interface {
	bool | uint8 | int32 | int64 | float32 | float64
}

// A Tensor is a dense row-major array. Its dtype and shape do not change while
// anybody owns it. Every tensor counts its owners (registers, records, lists
// and users): storage with one owner may be reused by that owner, shared or
// frozen storage may not. The count may overestimate, never underestimate.
type Tensor struct {
	dtype  DType
	shape  []int
	size   int
	words  []uint64 // 8-byte aligned backing for every dtype
	owners atomic.Int32
}

// frozenOwners is a count that no sequence of releases can bring back to one.
const frozenOwners = math.MaxInt32 / 2

// CheckShape returns the number of elements of shape, or an error if the rank,
// an extent or the size in bytes is out of bounds.
func CheckShape(dtype DType, shape []int) (int, error) {
	if !dtype.Valid() {
		return 0, fmt.Errorf("invalid dtype")
	}
	if len(shape) > MaxRank {
		return 0, fmt.Errorf("rank %d exceeds the limit of %d", len(shape), MaxRank)
	}
	size := 1
	empty := false
	for _, extent := range shape {
		if extent < 0 {
			return 0, fmt.Errorf("shape %s has the negative extent %d", FormatShape(shape), extent)
		}
		if extent == 0 {
			empty = true
			continue
		}
		if size > MaxTensorBytes/dtype.Size()/extent {
			return 0, fmt.Errorf("a %s tensor of shape %s exceeds the limit of %d bytes", dtype, FormatShape(shape), int64(MaxTensorBytes))
		}
		size *= extent
	}
	if empty {
		return 0, nil
	}
	return size, nil
}

// NewTensor returns a tensor of zeros with no owner.
func NewTensor(dtype DType, shape ...int) (*Tensor, error) {
	size, err := CheckShape(dtype, shape)
	if err != nil {
		return nil, err
	}
	return newTensor(dtype, shape, size), nil
}

func newTensor(dtype DType, shape []int, size int) *Tensor {
	return &Tensor{
		dtype: dtype,
		shape: append(make([]int, 0, len(shape)), shape...),
		size:  size,
		words: make([]uint64, (size*dtype.Size()+7)/8),
	}
}

// MustTensor returns a tensor that holds a copy of data. It panics when the
// shape does not fit the data, so it is for literals in Go code.
func MustTensor[T Element](data []T, shape ...int) *Tensor {
	t, err := NewTensor(dtypeOf[T](), shape...)
	if err != nil {
		panic("bug: " + err.Error())
	}
	if t.size != len(data) {
		panic(fmt.Sprintf("bug: %d elements do not fill shape %v", len(data), shape))
	}
	copy(Data[T](t), data)
	return t
}

// Resize returns a tensor of the given dtype and shape for reuse as a
// destination: t itself, with whatever it holds, when t is not nil, nobody else
// owns it and its storage suffices; a new one otherwise.
func (t *Tensor) Resize(dtype DType, shape []int) (*Tensor, error) {
	size, err := CheckShape(dtype, shape)
	if err != nil {
		return nil, err
	}
	words := (size*dtype.Size() + 7) / 8
	if t == nil || t.owners.Load() > 0 || cap(t.words) < words {
		return newTensor(dtype, shape, size), nil
	}
	t.dtype, t.size, t.words = dtype, size, t.words[:words]
	t.shape = append(t.shape[:0], shape...)
	return t, nil
}

// DType returns the element type.
func (t *Tensor) DType() DType { return t.dtype }

// Shape returns the extents. The caller must not change them.
func (t *Tensor) Shape() []int { return t.shape }

// Rank returns the number of axes.
func (t *Tensor) Rank() int { return len(t.shape) }

// Size returns the number of elements.
func (t *Tensor) Size() int { return t.size }

// Clone returns an unowned copy of t.
func (t *Tensor) Clone() *Tensor {
	c := newTensor(t.dtype, t.shape, t.size)
	copy(c.words, t.words)
	return c
}

// CopyFrom copies the elements of src, which has t's dtype and size.
func (t *Tensor) CopyFrom(src *Tensor) {
	if t.dtype != src.dtype || t.size != src.size {
		panic("bug: a copy between tensors of different dtype or size")
	}
	copy(t.words, src.words)
}

// CopyPrefix copies elements of src, which has t's dtype, in row-major order
// until one of the two ends.
func (t *Tensor) CopyPrefix(src *Tensor) {
	if t.dtype != src.dtype {
		panic("bug: a copy between tensors of different dtype")
	}
	size := min(t.size, src.size) * t.dtype.Size()
	if size == 0 {
		return
	}
	copy(unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(t.words))), size), unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(src.words))), size))
}

// CopyRows copies the first n rows of src, which has t's dtype and the shape of
// its rows, to the indices of t's leading axis from i on.
func (t *Tensor) CopyRows(i int, src *Tensor, n int) {
	if t.dtype != src.dtype {
		panic("bug: a copy between tensors of different dtype")
	}
	if src.size == 0 || n == 0 {
		return
	}
	row := src.size / src.shape[0] * t.dtype.Size()
	to := unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(t.words))), t.size*t.dtype.Size())
	copy(to[i*row:], unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(src.words))), n*row))
}

// Retain counts one more owner.
func (t *Tensor) Retain() {
	if t.owners.Load() < frozenOwners {
		t.owners.Add(1)
	}
}

// Release counts one owner less and reports whether none is left, which makes
// the storage the caller's to reuse.
func (t *Tensor) Release() bool {
	if t.owners.Load() >= frozenOwners {
		return false
	}
	return t.owners.Add(-1) == 0
}

// Freeze makes t immutable for good: nobody will reuse its storage. Tensors are
// frozen when they are shared with users or with another machine.
func (t *Tensor) Freeze() { t.owners.Store(frozenOwners + 1) }

// Owned reports whether anybody owns t.
func (t *Tensor) Owned() bool { return t.owners.Load() > 0 }

// Data returns t's elements as a slice that shares its storage. It panics when
// T is not t's element type.
func Data[T Element](t *Tensor) []T {
	if dtypeOf[T]() != t.dtype {
		panic(fmt.Sprintf("bug: a %s tensor read as %s", t.dtype, dtypeOf[T]()))
	}
	if t.size == 0 {
		return nil
	}
	return unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(t.words))), t.size)
}

func dtypeOf[T Element]() DType {
	var zero T
	switch any(zero).(type) {
	case bool:
		return Bool
	case uint8:
		return U8
	case int32:
		return I32
	case int64:
		return I64
	case float32:
		return F32
	default:
		return F64
	}
}

// At returns element i in row-major order as a rank-0 value.
func (t *Tensor) At(i int) Value {
	switch t.dtype {
	case Bool:
		return BoolValue(Data[bool](t)[i])
	case U8:
		return Scalar(U8, uint64(Data[uint8](t)[i]))
	case I32:
		return Scalar(I32, uint64(int64(Data[int32](t)[i])))
	case I64:
		return Int(Data[int64](t)[i])
	case F32:
		return Float32(Data[float32](t)[i])
	default:
		return Float(Data[float64](t)[i])
	}
}

// SetAt sets element i in row-major order to the rank-0 number v, converted to
// t's dtype.
func (t *Tensor) SetAt(i int, v Value) {
	v = v.Convert(t.dtype)
	switch t.dtype {
	case Bool:
		Data[bool](t)[i] = v.bits != 0
	case U8:
		Data[uint8](t)[i] = uint8(v.bits)
	case I32:
		Data[int32](t)[i] = int32(v.bits)
	case I64:
		Data[int64](t)[i] = int64(v.bits)
	case F32:
		Data[float32](t)[i] = math.Float32frombits(uint32(v.bits))
	default:
		Data[float64](t)[i] = math.Float64frombits(v.bits)
	}
}

// CopyBlock copies v, a number of t's dtype with the shape of t without its
// leading axis, to index i of that axis.
func (t *Tensor) CopyBlock(i int, v Value) {
	src := v.Tensor()
	if src == nil {
		t.SetAt(i, v)
		return
	}
	at := i * src.size
	switch t.dtype {
	case Bool:
		copy(Data[bool](t)[at:], Data[bool](src))
	case U8:
		copy(Data[uint8](t)[at:], Data[uint8](src))
	case I32:
		copy(Data[int32](t)[at:], Data[int32](src))
	case I64:
		copy(Data[int64](t)[at:], Data[int64](src))
	case F32:
		copy(Data[float32](t)[at:], Data[float32](src))
	default:
		copy(Data[float64](t)[at:], Data[float64](src))
	}
}

// View returns a tensor of the given shape over the storage of t, whose size is
// that of the shape. It is frozen, and valid as long as nobody writes to t.
func (t *Tensor) View(shape []int) (*Tensor, error) {
	size, err := CheckShape(t.dtype, shape)
	if err != nil {
		return nil, err
	}
	if size != t.size {
		panic("bug: a view of another size")
	}
	v := &Tensor{dtype: t.dtype, shape: shape, size: size, words: t.words}
	v.Freeze()
	return v, nil
}

// CopyOut copies what [Tensor.CopyBlock] with index i puts there: it returns
// it as a rank-0 number, or in the storage of old if that may be reused.
func (t *Tensor) CopyOut(i int, old Value) Value {
	if len(t.shape) == 1 {
		return t.At(i)
	}
	row, err := old.Tensor().Resize(t.dtype, t.shape[1:])
	if err != nil {
		panic("bug: " + err.Error())
	}
	at := i * row.size
	switch t.dtype {
	case Bool:
		copy(Data[bool](row), Data[bool](t)[at:])
	case U8:
		copy(Data[uint8](row), Data[uint8](t)[at:])
	case I32:
		copy(Data[int32](row), Data[int32](t)[at:])
	case I64:
		copy(Data[int64](row), Data[int64](t)[at:])
	case F32:
		copy(Data[float32](row), Data[float32](t)[at:])
	default:
		copy(Data[float64](row), Data[float64](t)[at:])
	}
	return TensorValue(row)
}
