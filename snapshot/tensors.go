package snapshot

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"flowc.dev/flowc/ir"
)

// The layout of tensors.safetensors is that of Hugging Face's safetensors: the
// length of the header in 8 bytes, a JSON header filled up with spaces, the
// elements. See https://github.com/huggingface/safetensors.

const alignment = 8

// tensorHeader returns length and header for the tensors of a table.
func tensorHeader(t *valueTable, names []string) []byte {
	b := make([]byte, 8)
	b = append(b, '{')
	offset := 0
	for i, name := range names {
		if i > 0 {
			b = append(b, ',')
		}
		tensor := t.tensors[name]
		b = append(appendText(b, name), `:{"dtype":"`...)
		b = append(append(b, strings.ToUpper(tensor.DType().String())...), `","shape":[`...)
		for axis, extent := range tensor.Shape() {
			if axis > 0 {
				b = append(b, ',')
			}
			b = strconv.AppendInt(b, int64(extent), 10)
		}
		b = strconv.AppendInt(append(b, `],"data_offsets":[`...), int64(offset), 10)
		offset += tensorSize(tensor)
		b = strconv.AppendInt(append(b, ','), int64(offset), 10)
		b = append(b, "]}"...)
	}
	b = append(b, '}')
	for len(b)%alignment != 0 {
		b = append(b, ' ')
	}
	binary.LittleEndian.PutUint64(b, uint64(len(b)-8))
	return b
}

func tensorSize(t *ir.Tensor) int { return t.Size() * t.DType().Size() }

// readTensors reads a file of size bytes. It returns the bytes in front of the
// elements too.
func readTensors(r io.Reader, size int64) (tensors map[string]*ir.Tensor, header []byte, err error) {
	var length [8]byte
	if _, err := io.ReadFull(r, length[:]); err != nil {
		return nil, nil, err
	}
	n := binary.LittleEndian.Uint64(length[:])
	if n > uint64(size-8) {
		return nil, nil, fmt.Errorf("its header has %d bytes, the file only %d", n, size)
	}
	header = append(length[:], make([]byte, n)...)
	if _, err := io.ReadFull(r, header[8:]); err != nil {
		return nil, nil, err
	}
	data := size - int64(len(header))
	in := &reader{src: bytes.TrimRight(header[8:], " ")}
	if in.skip("{}") {
		return nil, header, errors.Join(in.end(), noData(data))
	}
	tensors = map[string]*ir.Tensor{}
	for more := in.open('{'); more; more = in.more('}') {
		name := in.member()
		tensor, err := in.tensorEntry(&data)
		if err != nil {
			return nil, nil, err
		}
		if tensors[name] != nil {
			return nil, nil, fmt.Errorf("it has two tensors %.100q", name)
		}
		if err := tensor.ReadLittleEndian(r); err != nil {
			return nil, nil, fmt.Errorf("tensor %.100q: %w", name, err)
		}
		tensors[name] = tensor
	}
	if in.err != nil {
		return nil, nil, in.err
	}
	return tensors, header, errors.Join(in.end(), noData(data))
}

func noData(left int64) error {
	if left > 0 {
		return fmt.Errorf("%d bytes belong to no tensor", left)
	}
	return nil
}

// tensorEntry reads one entry of the header and makes the tensor, whose
// elements must be among the bytes that are left.
func (r *reader) tensorEntry(left *int64) (*ir.Tensor, error) {
	if r.err != nil {
		return nil, r.err
	}
	if err := r.word(`{"dtype":`); err != nil {
		return nil, err
	}
	name, err := r.text()
	if err != nil {
		return nil, err
	}
	dtype, err := ir.ParseDType(strings.ToLower(name))
	if err != nil {
		return nil, r.errorf("want a dtype, found %.20q", name)
	}
	shape, err := r.shape()
	if err != nil {
		return nil, err
	}
	size, err := ir.CheckShape(dtype, shape)
	if err != nil {
		return nil, r.errorf("%w", err)
	}
	bytes := int64(size) * int64(dtype.Size())
	if bytes > *left {
		return nil, r.errorf("%s%s takes %d bytes, %d are left", dtype, ir.FormatShape(shape), bytes, *left)
	}
	*left -= bytes
	// Offsets follow from the sizes; the comparison with what is written checks
	// them.
	if err := r.offsets(); err != nil {
		return nil, err
	}
	return ir.NewTensor(dtype, shape...)
}

func (r *reader) shape() ([]int, error) {
	if err := r.word(`,"shape":[`); err != nil {
		return nil, err
	}
	var shape []int
	for {
		extent, err := r.unsigned(strconv.IntSize - 1)
		if err != nil {
			return nil, err
		}
		if shape = append(shape, int(extent)); len(shape) > ir.MaxRank {
			return nil, r.errorf("a rank above %d", ir.MaxRank)
		}
		if !r.skip(",") {
			return shape, r.word("]")
		}
	}
}

func (r *reader) offsets() error {
	err := r.word(`,"data_offsets":[`)
	if err == nil {
		_, err = r.unsigned(64)
	}
	if err == nil {
		err = r.expect(',')
	}
	if err == nil {
		_, err = r.unsigned(64)
	}
	if err == nil {
		err = r.word("]}")
	}
	return err
}
