package main

import (
	"fmt"
	"testing"

	"flowc.dev/flowc"
)

// rowLoops are loops over the rows of a source, one by one.
var rowLoops = []struct{ name, program string }{
	{"pca", `program pca
object d = data.normal(rows=20000, cols=13, seed=1)
object p = learn.pca(components=4)
output w

repeat 20000 {
    x = d.next()
    p.analyze(x)
}
w = p.components()
`},
	{"scoring", `program scoring
object d = data.digits(seed=1)
register p = {W: f32[64,10]{fill 0.01}, b: f32[10]{fill 0.5}}
register hits = 0
output hits

repeat 20000 {
    x, y = d.next()
    c = argmax(x @ p.W + p.b)
    hits = hits + cast(c == y, "i64")
}
`},
}

// BenchmarkRowLoops runs loops over single rows; compare -O0 with -O2 of a
// backend.
func BenchmarkRowLoops(b *testing.B) {
	for _, loop := range rowLoops {
		p, err := flowc.Parse([]byte(loop.program), loop.name+".flow")
		if err != nil {
			b.Fatal(err)
		}
		for _, c := range configs {
			compiled, err := compile(p, c)
			if err != nil {
				b.Fatal(err)
			}
			b.Run(fmt.Sprintf("%s/%s", loop.name, c), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if err := run(compiled); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
