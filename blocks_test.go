package flowc_test

import (
	"bytes"
	"context"
	"fmt"
	"testing"

	"flowc.dev/flowc"
)

// blockPrograms are loops over rows, each of which makes a block at -O2, with
// what can happen inside one.
var blockPrograms = map[string]string{
	"to the end": `
object d = data.normal(rows=60, cols=3, seed=1)
object p = learn.pca(components=2)
register hits = 0
output w, hits
repeat 60 {
    x = d.next()
    p.analyze(x)
    hits = hits + cast(sum(x) > 0.5, "i64")
}
w = p.components()
`,
	"the source ends": `
object d = data.normal(rows=23, cols=3, seed=1)
object e = data.normal(rows=17, cols=3, seed=2)
object p = learn.pca(components=2)
repeat 40 {
    x = d.next()
    y = e.next()
    p.analyze(x * y)
}
`,
	"the source wraps": `
object d = data.normal(rows=5, cols=2, seed=1, wrap=true, dtype="f32")
register last = 0.0
repeat 30 {
    x = d.next()
    change = x - last
    last = x
}
`,
	"a row is not finite": `
object d = data.normal(rows=50, cols=2, seed=1)
object p = learn.pca()
repeat 50 {
    x = d.next()
    p.analyze(log(x + 2.0))
}
`,
	"a division fails": `
object d = data.normal(rows=50, cols=2, seed=1)
register k = 20
repeat 50 {
    x = d.next()
    k = k - 1
    q = 100 // k
    y = 7 // cast(floor(x * 0.4), "i64")
}
`,
	"types change": `
object d = data.normal(rows=50, cols=2, seed=1)
register s = 0
register t: f32 = 0
register w: f64
repeat 40 {
    x = d.next()
    old = s
    s = x[0] + s * 0.5
    t = t * 0.5
    w = x[1]
}
`,
	"nested loops": `
object d = data.normal(rows=500, cols=3, seed=1)
register w = f64[3]{fill 0.1}
repeat 9 as epoch {
    repeat epoch + 3 {
        x = d.next()
        e = x @ w - x[0]
        w = w - x * (e * 0.05)
    }
    print epoch, w
}
`,
	"a function with a break": `
object d = data.normal(rows=500, cols=3, seed=1)
register total = 0.0
function rows(n) -> s {
    s = 0.0
    repeat n {
        x = d.next()
        s = s + max(x)
    }
}
repeat 5 as i {
    s = rows(i + 4)
    total = total + s
    if total > 20.0 {
        break
    }
}
`,
	"the counter is read": `
object d = data.normal(rows=100, cols=2, seed=1)
object e = data.normal(rows=21, cols=2, seed=1)
register s = 0
repeat 30 as i {
    x = d.next()
    n = i
    y = x * i
    s = s + i * i
    z = e.next()
}
`,
	"registers swap": `
object d = data.normal(rows=100, cols=2, seed=1)
register a = 1.0
register b = 2.0
repeat 30 {
    x = d.next()
    c = a
    a = b
    b = c
    m = maximum(a, x) + minimum(x, b)
}
`,
	"a buffer of computed rows": `
object d = data.normal(rows=90, cols=3, seed=1)
register w = 0.5
output b, m
repeat 3 as i {
    b = buffer 20 + i {
        x = d.next()
        e = x - 1.0
        square(e) * w
    }
    m = buffer 5 {
        y = d.next()
    }
}
`,
	"a buffer of numbers one after the other": `
object d = data.normal(rows=100, cols=3, seed=1)
register s = 1
output b, c
b = buffer 30 {
    x = d.next()
    s = s * 0.5 + sum(x)
}
c = buffer 30 {
    x = d.next()
    old = s
    s = x
    identity(old)
}
`,
	"a buffer of lists and records": `
object d = data.digits(seed=1)
object e = data.normal(rows=95, cols=2, seed=2)
register k = 2
output a, b, c
a, l = buffer 25 {
    x, y = d.next()
    z = e.next()
    identity([z, y])
}
b = buffer 25 {
    x, y = d.next()
    z = e.next()
    identity({image: max(x), row: z, k: k})
}
c = buffer 60 {
    z = e.next()
    identity({row: z, other: abs(z)})
}
`,
	"a buffer that is left at once": `
object d = data.normal(rows=100, cols=2, seed=1)
object p = learn.pca()
register t: f64[30,2]
repeat 2 {
    t = buffer 30 {
        x = d.next()
        p.analyze(x)
        x = x * 2.0
        log(x)
    }
}
`,
	"a row of a buffer fails": `
object d = data.normal(rows=100, cols=2, seed=1)
b = buffer 90 {
    x = d.next()
    q = 7 // cast(floor(x * 0.4), "i64")
}
`,
	"nested buffers": `
object d = data.normal(rows=200, cols=2, seed=1)
object p = learn.pca(components=1)
output b, w
repeat 3 {
    b = buffer 6 {
        buffer 4 {
            d.next()
        }
    }
}
repeat 20 {
    x = buffer 5 {
        d.next()
    }
    p.analyze(x)
    m = x - 1.0
}
w = p.components()
`,
	"nested buffers of several sources": `
object d = data.digits(seed=1)
object e = data.normal(rows=95, cols=2, seed=2)
output a, b
a = buffer 8 {
    x, y = buffer 3 {
        d.next()
    }
    z = buffer 2 {
        e.next()
    }
    identity({y: y, z: z, s: sum(x)})
}
b = buffer 40 {
    buffer 2 {
        e.next()
    }
}
`,
	"several draws of a source": `
object d = data.normal(rows=95, cols=2, seed=1)
object g = data.digits(seed=1)
register s = 0.0
output b
b = buffer 15 {
    x = d.next()
    u, k = g.next()
    y = d.next()
    v, l = g.next()
    identity([x * y, max(u) + max(v), k == l])
}
repeat 40 {
    x = d.next()
    s = s * 0.5 + sum(x)
    x = d.next()
    d.next()
}
`,
}

// TestBlocks stops and resumes loops over rows at every step.
func TestBlocks(t *testing.T) {
	for name, body := range blockPrograms {
		t.Run(name, func(t *testing.T) {
			p, err := flowc.Parse([]byte("program blocks\n"+body), "blocks.flow")
			if err != nil {
				t.Fatal(err)
			}
			for _, family := range []string{flowc.Step, flowc.Gorgonia} {
				s, err := newSubject(p, family)
				if err != nil {
					t.Fatal(err)
				}
				if family == flowc.Step && !blocked(s.compiled[2]) {
					t.Errorf("-O2 makes no block")
				}
				if diff := difference(s.whole(), s.start(2).to(propertySteps)); diff != "" {
					t.Fatalf("%s family: -O0 and -O2 differ in %s", family, diff)
				}
				stepwise := s.start(0)
				for n := int64(0); n <= s.whole().machine.Steps(); n++ {
					stopped := s.start(2).to(n)
					if diff := difference(stepwise.to(n), stopped); diff != "" {
						t.Fatalf("%s family: -O0 and -O2 differ after %d steps in %s", family, n, diff)
					}
					if n%7 > 0 && family != flowc.Step {
						continue
					}
					if !bytes.Equal(savedBytes(t, stepwise), savedBytes(t, stopped)) {
						t.Fatalf("%s family: the snapshots of -O0 and -O2 after %d steps differ", family, n)
					}
					resumed, err := throughFile(stopped, int(n)%levels)
					if err != nil {
						t.Fatal(err)
					}
					if diff := difference(s.whole(), resumed.to(propertySteps)); diff != "" {
						t.Fatalf("%s family: resumed at -O%d after %d steps, it differs in %s", family, n%levels, n, diff)
					}
				}
				s.close()
			}
		})
	}
}

func savedBytes(t *testing.T, run *trial) []byte {
	t.Helper()
	s, err := run.machine.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	data, err := encoded(s)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func blocked(c *flowc.Compiled) bool {
	for _, p := range c.Report.Passes {
		if p.Name == "vectorize" && p.Changed {
			return true
		}
	}
	return false
}

// Blocks allocate nothing for a row.
func TestBlocksAllocate(t *testing.T) {
	const rows = 20000
	p, err := flowc.Parse(fmt.Appendf(nil, `program rows
object d = data.normal(rows=%d, cols=13, seed=1)
object p = learn.pca(components=4)
register hits = 0
repeat %d {
    x = d.next()
    p.analyze(x)
    hits = hits + argmax(x)
    e = x - 1.0
}
`, rows, rows), "rows.flow")
	if err != nil {
		t.Fatal(err)
	}
	c, err := flowc.Compile(p, flowc.Options{Level: 2, Backend: flowc.Step})
	if err != nil {
		t.Fatal(err)
	}
	m, err := c.Start(nil)
	if err != nil {
		t.Fatal(err)
	}
	run := func() {
		if _, err := m.Run(context.Background(), flowc.Budget{Steps: 4 * 4000}); err != nil {
			t.Fatal(err)
		}
	}
	// The first run, which is not counted, makes the storage.
	if n := testing.AllocsPerRun(3, run); n > 400 {
		t.Errorf("4000 rows take %v allocations", n)
	}
}
