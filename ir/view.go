package ir

import "unsafe"

// SetView makes v a view of the elements of t that begin at element start and
// fill shape. It allocates nothing when v has held a view of that rank before.
// The view shares t's storage, which must outlive it; start times the size of
// an element must be a multiple of 8 bytes. v must not have owners.
func (v *Tensor) SetView(t *Tensor, start int, shape ...int) {
	size := 1
	for _, extent := range shape {
		size *= extent
	}
	first := start * t.dtype.Size() / 8
	end := first + (size*t.dtype.Size()+7)/8
	if start*t.dtype.Size()%8 != 0 || start < 0 || start+size > t.size {
		panic("bug: a view that is misaligned or out of range")
	}
	v.dtype, v.size, v.words = t.dtype, size, t.words[first:end:end]
	v.shape = append(v.shape[:0], shape...)
}

// SetAlias makes v a tensor whose storage is data, or reports false when data
// does not fill shape or is not aligned to 8 bytes. The memory behind data must
// be an allocation of its own. v must not have owners.
func SetAlias[T Element](v *Tensor, data []T, shape ...int) bool {
	size := 1
	for _, extent := range shape {
		size *= extent
	}
	base := unsafe.SliceData(data)
	if size == 0 || size != len(data) || uintptr(unsafe.Pointer(base))%8 != 0 {
		return false
	}
	v.dtype = dtypeOf[T]()
	words := (size*v.dtype.Size() + 7) / 8
	v.size, v.words = size, unsafe.Slice((*uint64)(unsafe.Pointer(base)), words)
	v.shape = append(v.shape[:0], shape...)
	return true
}

// ClearView lets go of the storage that v shows.
func (v *Tensor) ClearView() { v.size, v.words = 0, nil }

// SetStorage makes v a tensor of the given dtype and shape, with any elements,
// in the storage of t, from its start, which must outlive it. v must not have
// owners.
func (v *Tensor) SetStorage(t *Tensor, dtype DType, shape ...int) {
	size := 1
	for _, extent := range shape {
		size *= extent
	}
	words := (size*dtype.Size() + 7) / 8
	v.dtype, v.size, v.words = dtype, size, t.words[:words:words]
	v.shape = append(v.shape[:0], shape...)
}
