package cli

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/sbinet/npyio/npy"

	"flowc.dev/flowc/ir"
)

// maxNpyHeader bounds the header of a .npy file; NumPy's are about 100 bytes.
const maxNpyHeader = 64 << 10

// npyDTypes maps NumPy's type codes, without the byte order, to flowc's types.
var npyDTypes = map[string]ir.DType{"b1": ir.Bool, "u1": ir.U8, "i4": ir.I32, "i8": ir.I64, "f4": ir.F32, "f8": ir.F64}

// readNpy reads a tensor from a file in NumPy's .npy format, versions 1 and 2,
// of either byte order and either order of elements.
func readNpy(path string) (ir.Value, error) {
	f, err := os.Open(path)
	if err != nil {
		return ir.Value{}, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return ir.Value{}, err
	}
	v, err := decodeNpy(bufio.NewReaderSize(f, 64<<10), info.Size())
	if err != nil {
		return ir.Value{}, fmt.Errorf("%s: %w", path, err)
	}
	return v, nil
}

// decodeNpy reads a tensor from the size bytes of r.
func decodeNpy(r *bufio.Reader, size int64) (ir.Value, error) {
	header, err := checkNpyHeader(r)
	if err != nil {
		return ir.Value{}, err
	}
	reader, err := newNpyReader(r)
	if err != nil {
		return ir.Value{}, err
	}
	descr := reader.Header.Descr
	dtype, ok := npyDTypes[strings.TrimLeft(descr.Type, "<>|=")]
	if !ok {
		return ir.Value{}, fmt.Errorf("the dtype %q has no counterpart: convert the array with astype to bool, uint8, int32, int64, float32 or float64", descr.Type)
	}
	elements, err := ir.CheckShape(dtype, descr.Shape)
	if err != nil {
		return ir.Value{}, err
	}
	if want := int64(elements) * int64(dtype.Size()); size-header != want {
		return ir.Value{}, fmt.Errorf("%s%s takes %d bytes but the file has %d behind its header: save the array again",
			dtype, ir.FormatShape(descr.Shape), want, size-header)
	}
	t, err := ir.NewTensor(dtype, descr.Shape...)
	if err != nil {
		return ir.Value{}, err
	}
	if err := readElements(reader, t); err != nil {
		return ir.Value{}, err
	}
	if descr.Fortran {
		t = rowMajor(t)
	}
	return ir.TensorValue(t), nil
}

// checkNpyHeader returns the size of the header, without reading on: what
// follows its length must be bounded before it is read.
func checkNpyHeader(r *bufio.Reader) (size int64, err error) {
	start, err := r.Peek(12)
	if err != nil || string(start[:6]) != "\x93NUMPY" {
		return 0, fmt.Errorf("this is no .npy file: write one with numpy.save")
	}
	switch major := start[6]; major {
	case 1:
		size = 10 + int64(binary.LittleEndian.Uint16(start[8:]))
	case 2:
		size = 12 + int64(binary.LittleEndian.Uint32(start[8:]))
	default:
		return 0, fmt.Errorf("version %d of the .npy format: want 1 or 2", major)
	}
	if size > maxNpyHeader {
		return 0, fmt.Errorf("its header has %d bytes: want at most %d", size, maxNpyHeader)
	}
	return size, nil
}

// newNpyReader returns a reader that has read the header. The library slices
// malformed headers out of bounds; that is an error like any other here.
func newNpyReader(r io.Reader) (reader *npy.Reader, err error) {
	defer func() {
		if recover() != nil {
			err = fmt.Errorf("its header is malformed: write the file with numpy.save")
		}
	}()
	return npy.NewReader(r)
}

func readElements(r *npy.Reader, t *ir.Tensor) error {
	if t.Size() == 0 {
		return nil
	}
	switch t.DType() {
	case ir.Bool:
		return readInto[bool](r, t)
	case ir.U8:
		return readInto[uint8](r, t)
	case ir.I32:
		return readInto[int32](r, t)
	case ir.I64:
		return readInto[int64](r, t)
	case ir.F32:
		return readInto[float32](r, t)
	default:
		return readInto[float64](r, t)
	}
}

func readInto[T ir.Element](r *npy.Reader, t *ir.Tensor) error {
	data := ir.Data[T](t)
	return r.Read(&data)
}

// rowMajor returns t, whose elements are in column-major order, in row-major
// order.
func rowMajor(t *ir.Tensor) *ir.Tensor {
	shape := t.Shape()
	if len(shape) < 2 || t.Size() == 0 {
		return t
	}
	c := t.Clone()
	index := make([]int, len(shape))
	for i := range t.Size() {
		at := 0
		for axis := range shape {
			at = at*shape[axis] + index[axis]
		}
		c.SetAt(at, t.At(i))
		for axis := 0; axis < len(shape); axis++ {
			if index[axis]++; index[axis] < shape[axis] {
				break
			}
			index[axis] = 0
		}
	}
	return c
}
