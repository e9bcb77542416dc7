package snapshot

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ir/state"
)

// gigabyte returns a snapshot with 1 GB of registers.
func gigabyte(b *testing.B) *state.Snapshot {
	s := numbered(b, 1)
	random := rand.New(rand.NewPCG(1, 2))
	for i := range 10 {
		data := make([]float32, 25_000_000)
		for j := range data {
			data[j] = random.Float32()
		}
		s.Run.Registers[fmt.Sprintf("r%d", i)] = ir.TensorValue(ir.MustTensor(data, 5000, 5000))
	}
	return s
}

func BenchmarkSave1GB(b *testing.B) {
	s := gigabyte(b)
	path := filepath.Join(b.TempDir(), "f")
	b.SetBytes(1e9)
	for b.Loop() {
		if err := Save(path, s); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkLoad1GB(b *testing.B) {
	path := filepath.Join(b.TempDir(), "f")
	if err := Save(path, gigabyte(b)); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(1e9)
	for b.Loop() {
		if _, _, err := Load(path); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEncodeSmall(b *testing.B) {
	s := sample(b)
	e := new(encoder)
	for b.Loop() {
		parts, err := e.file(s, 0)
		if err != nil {
			b.Fatal(err)
		}
		if err := writeParts(io.Discard, parts); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDecodeSmall(b *testing.B) {
	file := encoded(b, sample(b))
	for b.Loop() {
		if _, err := Decode(bytes.NewReader(file), int64(len(file))); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSaveSmall(b *testing.B) {
	s := newSaver(filepath.Join(b.TempDir(), "f"), Options{}, osFS{})
	snapshot := sample(b)
	for b.Loop() {
		if err := s.save(snapshot); err != nil {
			b.Fatal(err)
		}
	}
	os.Remove(s.path)
}
