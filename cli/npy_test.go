package cli

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"flowc.dev/flowc/ir"
)

// filled returns a tensor [2,3,4] whose element i is f(i).
func filled(t *testing.T, dtype ir.DType, f func(i int) ir.Value) ir.Value {
	t.Helper()
	tensor, err := ir.NewTensor(dtype, 2, 3, 4)
	if err != nil {
		t.Fatal(err)
	}
	for i := range tensor.Size() {
		tensor.SetAt(i, f(i))
	}
	return ir.TensorValue(tensor)
}

// The files were written by NumPy 2.4.
func TestReadNpy(t *testing.T) {
	empty, err := ir.NewTensor(ir.F32, 0, 3)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		file string
		want ir.Value
	}{
		{"f32_c", filled(t, ir.F32, func(i int) ir.Value { return ir.Float(float64(i) / 2) })},
		{"f32_fortran", filled(t, ir.F32, func(i int) ir.Value { return ir.Float(float64(i) / 2) })},
		{"f64_big_endian", filled(t, ir.F64, func(i int) ir.Value { return ir.Float(float64(i) / 4) })},
		{"i32", filled(t, ir.I32, func(i int) ir.Value { return ir.Int(int64(i) - 5) })},
		{"i64_fortran", filled(t, ir.I64, func(i int) ir.Value { return ir.Int(int64(i) * 1e12) })},
		{"u8", filled(t, ir.U8, func(i int) ir.Value { return ir.Int(int64(i) * 10) })},
		{"bool", filled(t, ir.Bool, func(i int) ir.Value { return ir.BoolValue(i%3 == 0) })},
		{"scalar", ir.Float32(2.5)},
		{"empty", ir.TensorValue(empty)},
	} {
		got, err := readNpy(filepath.Join("testdata", "npy", c.file+".npy"))
		if err != nil {
			t.Errorf("%s: %s", c.file, err)
		} else if !ir.SameValue(got, c.want) {
			t.Errorf("%s: got %s %s, want %s %s", c.file, got.Type(), ir.Format(got), c.want.Type(), ir.Format(c.want))
		}
	}
}

func TestReadNpyRefuses(t *testing.T) {
	for _, c := range []struct{ file, want string }{
		{"f16.npy", "astype"},
		{"text.npy", "astype"},
		{"object.npy", "astype"},
		{"missing.npy", "no such file"},
	} {
		path := filepath.Join("testdata", "npy", c.file)
		if _, err := readNpy(path); err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: the error is %v: want %q and the path in it", c.file, err, c.want)
		}
	}
}

// npyFile returns a version 1 file with the header and n bytes behind it.
func npyFile(header string, n int) []byte {
	b := append([]byte("\x93NUMPY\x01\x00"), 0, 0)
	binary.LittleEndian.PutUint16(b[8:], uint16(len(header)))
	return append(append(b, header...), make([]byte, n)...)
}

func npyHeader(descr, shape string) string {
	return fmt.Sprintf("{'descr': '%s', 'fortran_order': False, 'shape': %s, }\n", descr, shape)
}

func TestDecodeNpyRefusesHostileFiles(t *testing.T) {
	version2 := append([]byte("\x93NUMPY\x02\x00"), 0xff, 0xff, 0xff, 0xff)
	for _, c := range []struct {
		name string
		file []byte
		want string
	}{
		{"empty", nil, "no .npy file"},
		{"other format", []byte("PK\x03\x04 and so on and on"), "no .npy file"},
		{"version 9", append([]byte("\x93NUMPY\x09\x00"), make([]byte, 20)...), "version 9"},
		{"header of 4 GiB", version2, "want at most"},
		{"header without end", npyFile("{'descr': '<f4', ", 0), "malformed"},
		{"header without shape", npyFile("{'descr': '<f4', }\n", 8), "invalid dictionary"},
		{"header in disorder", npyFile("{'shape': (2,), 'fortran_order': False, 'descr': '<f4', }\n", 8), "malformed"},
		{"truncated", npyFile(npyHeader("<f4", "(2, 3)"), 20), "takes 24 bytes but the file has 20"},
		{"too long", npyFile(npyHeader("<f4", "(2, 3)"), 25), "takes 24 bytes but the file has 25"},
		{"huge", npyFile(npyHeader("<f4", "(1000000000, 1000000000)"), 8), "exceeds the limit"},
		{"overflow", npyFile(npyHeader("<f8", "(4294967296, 4294967296, 4294967296)"), 8), "exceeds the limit"},
		{"negative", npyFile(npyHeader("<f8", "(-1,)"), 8), "negative extent"},
		{"rank 17", npyFile(npyHeader("<f8", "("+strings.Repeat("1, ", 17)+")"), 8), "rank 17"},
	} {
		_, err := decodeNpy(bufio.NewReader(bytes.NewReader(c.file)), int64(len(c.file)))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: the error is %v: want %q in it", c.name, err, c.want)
		}
	}
}

func FuzzDecodeNpy(f *testing.F) {
	f.Add(npyFile(npyHeader("<f4", "(2, 3)"), 24))
	f.Add(npyFile(npyHeader(">i8", "()"), 8))
	f.Add(npyFile(npyHeader("|b1", "(3,)"), 3))
	f.Fuzz(func(t *testing.T, file []byte) {
		v, err := decodeNpy(bufio.NewReader(bytes.NewReader(file)), int64(len(file)))
		if err != nil {
			return
		}
		elements := 1
		for _, extent := range v.Shape() {
			elements *= extent
		}
		if int64(elements)*int64(v.DType().Size()) > int64(len(file)) {
			t.Errorf("%s out of %d bytes", v.Type(), len(file))
		}
	})
}
