package json

import (
	"fmt"
	"strings"
	"testing"
)

// statementSource returns a program of n statements like those of a training
// step.
func statementSource(n int) []byte {
	var b strings.Builder
	b.WriteString(`{"flowc": 1, "name": "bench", "body": [`)
	for i := range n {
		if i > 0 {
			b.WriteString(",\n")
		}
		fmt.Fprintf(&b, `  {"call": "add", "args": [{"call": "matmul", "args": [{"reg": "x"}, {"reg": "W%d"}]}, {"reg": "b"}], "kwargs": {"axis": %d}, "store": "h%d"}`, i%50, i, i%50)
	}
	b.WriteString("]}")
	return []byte(b.String())
}

func BenchmarkParse100kStatements(b *testing.B) {
	src := statementSource(100_000)
	b.SetBytes(int64(len(src)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse(src, "p.json"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPrint100kStatements(b *testing.B) {
	p, err := Parse(statementSource(100_000), "p.json")
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Print(p); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkParseTensor(b *testing.B) {
	src := []byte(`{"flowc": 1, "registers": {"x": {"tensor": {"dtype": "f32", "data": [` + strings.Repeat("0.12345678, ", 1_000_000) + `1]}}}}`)
	b.SetBytes(int64(len(src)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse(src, "p.json"); err != nil {
			b.Fatal(err)
		}
	}
}
