package ir

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"unsafe"
)

// littleEndian says that this host keeps the low byte of a word first.
var littleEndian = binary.NativeEndian.Uint16([]byte{1, 0}) == 1

// blockBytes is how much is written or read at a time.
const blockBytes = 256 << 10

// WriteLittleEndian writes the elements in row-major order, little-endian, a
// bool as one byte 0 or 1 and every NaN as the canonical quiet one.
func (t *Tensor) WriteLittleEndian(w io.Writer) error {
	size := t.dtype.Size()
	block := blockBytes / size
	var buf []byte
	for start := 0; start < t.size; start += block {
		end := min(start+block, t.size)
		if littleEndian && !t.hasNaN(start, end) {
			if _, err := w.Write(t.bytes()[start*size : end*size]); err != nil {
				return err
			}
			continue
		}
		buf = t.appendLittleEndian(buf[:0], start, end)
		if _, err := w.Write(buf); err != nil {
			return err
		}
	}
	return nil
}

func (t *Tensor) appendLittleEndian(buf []byte, start, end int) []byte {
	for i := start; i < end; i++ {
		bits := t.At(i).CanonicalBits()
		switch t.dtype.Size() {
		case 1:
			buf = append(buf, byte(bits))
		case 4:
			buf = binary.LittleEndian.AppendUint32(buf, uint32(bits))
		default:
			buf = binary.LittleEndian.AppendUint64(buf, bits)
		}
	}
	return buf
}

// ReadLittleEndian fills t, which nobody else sees yet, with what
// [Tensor.WriteLittleEndian] wrote. Bytes that it does not write are an error.
func (t *Tensor) ReadLittleEndian(r io.Reader) error {
	size := t.dtype.Size()
	block := blockBytes / size
	for start := 0; start < t.size; start += block {
		end := min(start+block, t.size)
		bytes := t.bytes()[start*size : end*size]
		if _, err := io.ReadFull(r, bytes); err != nil {
			return err
		}
		if !littleEndian {
			swapBytes(bytes, size)
		}
		if err := t.checkElements(start, end); err != nil {
			return err
		}
	}
	return nil
}

func swapBytes(b []byte, size int) {
	for ; len(b) > 0; b = b[size:] {
		for i, j := 0, size-1; i < j; i, j = i+1, j-1 {
			b[i], b[j] = b[j], b[i]
		}
	}
}

// checkElements reports the first element that is no bool, or a NaN of other
// bits than the canonical one's.
func (t *Tensor) checkElements(start, end int) error {
	if t.dtype == Bool {
		for i, b := range t.bytes()[start:end] {
			if b > 1 {
				t.bytes()[start+i] = 0 // a Go bool of other bits is undefined
				return fmt.Errorf("element %d is the byte %d: want 0 or 1 for a bool", start+i, b)
			}
		}
		return nil
	}
	if !t.hasNaN(start, end) {
		return nil
	}
	for i := start; i < end; i++ {
		if v := t.At(i); v.bits != v.CanonicalBits() && v.dtype.IsFloat() {
			return fmt.Errorf("element %d is a NaN of the bits %#x: want the canonical %#x", i, v.bits, v.CanonicalBits())
		}
	}
	return nil
}

// hasNaN reports whether an element from start up to end is a NaN.
func (t *Tensor) hasNaN(start, end int) bool {
	switch t.dtype {
	case F32:
		for _, x := range Data[float32](t)[start:end] {
			if x != x {
				return true
			}
		}
	case F64:
		for _, x := range Data[float64](t)[start:end] {
			if math.IsNaN(x) {
				return true
			}
		}
	}
	return false
}

// bytes returns the elements' storage in the host's byte order.
func (t *Tensor) bytes() []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(t.words))), t.size*t.dtype.Size())
}
