package ops

import (
	"unsafe"

	"flowc.dev/flowc/ir"
)

// Ops that only move elements see them as bytes, 32-bit or 64-bit words,
// whatever their dtype.

func words32(t *ir.Tensor) []int32 {
	if t.DType() == ir.F32 {
		x := ir.Data[float32](t)
		return unsafe.Slice((*int32)(unsafe.Pointer(unsafe.SliceData(x))), len(x))
	}
	return ir.Data[int32](t)
}

func words64(t *ir.Tensor) []int64 {
	if t.DType() == ir.F64 {
		x := ir.Data[float64](t)
		return unsafe.Slice((*int64)(unsafe.Pointer(unsafe.SliceData(x))), len(x))
	}
	return ir.Data[int64](t)
}

// copyRun copies n elements; both tensors have one dtype.
func copyRun(dst *ir.Tensor, at int, src *ir.Tensor, from, n int) {
	switch dst.DType().Size() {
	case 1:
		copy(bytesOf(dst)[at:at+n], bytesOf(src)[from:from+n])
	case 4:
		copy(words32(dst)[at:at+n], words32(src)[from:from+n])
	default:
		copy(words64(dst)[at:at+n], words64(src)[from:from+n])
	}
}

// copyElements copies all elements in row-major order; both tensors have one
// dtype and size.
func copyElements(dst, src *ir.Tensor) { copyRun(dst, 0, src, 0, src.Size()) }

// broadcastInto fills dst with the number v, which has its dtype and broadcasts
// to its shape.
func broadcastInto(dst *ir.Tensor, v ir.Value) {
	src := v.Tensor()
	if src == nil {
		setScalar(dst, v)
		return
	}
	if dst.Size() == src.Size() {
		copyElements(dst, src)
		return
	}
	if dst.Size() == 0 {
		return
	}
	var w walk
	w.start(dst.Shape(), dst.Shape(), src.Shape(), nil)
	switch dst.DType().Size() {
	case 1:
		broadcastRuns(bytesOf(dst), bytesOf(src), &w)
	case 4:
		broadcastRuns(words32(dst), words32(src), &w)
	default:
		broadcastRuns(words64(dst), words64(src), &w)
	}
}

func broadcastRuns[T ir.Element](dst, src []T, w *walk) {
	for {
		run := dst[w.offset[0]:][:w.run()]
		if w.moves(1) {
			copy(run, src[w.offset[1]:])
		} else {
			fill(run, src[w.offset[1]])
		}
		if !w.next() {
			return
		}
	}
}

// permuteInto fills dst, in row-major order, with the elements of src at the
// positions of l, counted from base. It uses l up.
func permuteInto(dst, src *ir.Tensor, base int, l *axisLoop) {
	if dst.Size() == 0 {
		return
	}
	switch dst.DType().Size() {
	case 1:
		permute(bytesOf(dst), bytesOf(src), base, l)
	case 4:
		permute(words32(dst), words32(src), base, l)
	default:
		permute(words64(dst), words64(src), base, l)
	}
}

// permuteTile is the side of the squares in which a matrix is transposed, so
// that lines of the cache are used while they are there.
const permuteTile = 16

func permute[T ir.Element](dst, src []T, base int, l *axisLoop) {
	rows, rowStride, cols, colStride := 1, 0, 1, 1
	if l.rank > 0 {
		l.rank--
		cols, colStride = l.extent[l.rank], l.stride[l.rank]
	}
	if l.rank > 0 {
		l.rank--
		rows, rowStride = l.extent[l.rank], l.stride[l.rank]
	}
	for {
		from := base + l.offset
		if colStride == 1 {
			for i := range rows {
				copy(dst[i*cols:(i+1)*cols], src[from+i*rowStride:])
			}
		} else {
			for i0 := 0; i0 < rows; i0 += permuteTile {
				for j0 := 0; j0 < cols; j0 += permuteTile {
					for i := i0; i < min(i0+permuteTile, rows); i++ {
						tile := dst[i*cols+j0 : i*cols+min(j0+permuteTile, cols)]
						at := from + i*rowStride + j0*colStride
						for j := range tile {
							tile[j] = src[at]
							at += colStride
						}
					}
				}
			}
		}
		if !l.next() {
			return
		}
		dst = dst[rows*cols:]
	}
}
