package text

import (
	"strings"
	"testing"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ir/irtest"
)

func BenchmarkParse(b *testing.B) {
	var src []byte
	for seed := range uint64(20) {
		text := mustPrint(b, &ir.Program{Body: irtest.Program(seed, irtest.Options{Hooks: true}).Body})
		src = append(src, text...)
	}
	b.SetBytes(int64(len(src)))
	for b.Loop() {
		if _, err := Parse(src, ""); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPrint(b *testing.B) {
	p := irtest.Program(1, irtest.Options{Hooks: true})
	b.SetBytes(int64(len(mustPrint(b, p))))
	for b.Loop() {
		mustPrint(b, p)
	}
}

func BenchmarkParseTensor(b *testing.B) {
	src := []byte("x = f64[100000]{" + strings.Repeat("1.234, ", 100_000) + "}")
	b.SetBytes(int64(len(src)))
	for b.Loop() {
		if _, err := Parse(src, ""); err != nil {
			b.Fatal(err)
		}
	}
}
