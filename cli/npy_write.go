package cli

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"flowc.dev/flowc/ir"
)

// npyTypes are NumPy's type codes.
var npyTypes = map[ir.DType]string{ir.Bool: "|b1", ir.U8: "|u1", ir.I32: "<i4", ir.I64: "<i8", ir.F32: "<f4", ir.F64: "<f8"}

// writeNpy writes a number to a file in NumPy's .npy format, "-" being out.
func writeNpy(out io.Writer, path string, v ir.Value) error {
	if !v.IsNumber() {
		return fmt.Errorf("a .npy file takes numbers, it is %s: name a field of a record as in p.W, or leave out -o to print it", describeType(v))
	}
	if path == "-" {
		return encodeNpy(out, v.Boxed())
	}
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(f, 64<<10)
	err = encodeNpy(w, v.Boxed())
	if err == nil {
		err = w.Flush()
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		os.Remove(path) // half of it is worse than nothing
	}
	return err
}

// encodeNpy writes version 1.0 of the format: see numpy.lib.format.
func encodeNpy(w io.Writer, t *ir.Tensor) error {
	extents := make([]string, t.Rank())
	for i, extent := range t.Shape() {
		extents[i] = strconv.Itoa(extent)
	}
	shape := strings.Join(extents, ", ")
	if t.Rank() == 1 {
		shape += ","
	}
	const prefix, alignment = 10, 64
	dict := fmt.Sprintf("{'descr': '%s', 'fortran_order': False, 'shape': (%s), }", npyTypes[t.DType()], shape)
	pad := alignment - (prefix+len(dict)+1)%alignment
	header := binary.LittleEndian.AppendUint16([]byte("\x93NUMPY\x01\x00"), uint16(len(dict)+pad+1))
	header = append(header, dict+strings.Repeat(" ", pad)+"\n"...)
	if _, err := w.Write(header); err != nil {
		return err
	}
	return t.WriteLittleEndian(w)
}
