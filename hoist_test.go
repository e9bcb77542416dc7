package flowc_test

import (
	"fmt"
	"testing"

	"flowc.dev/flowc"
	"flowc.dev/flowc/backend"
	"flowc.dev/flowc/ir"
)

// hoisting are programs in whose loops something does not change, and what may
// go wrong where it is computed once for a loop. Each is run, stopped and resumed
// at every step, at every level.
var hoisting = map[string]string{
	"nested loops, registers set between them": `
register x = f64[2,2]{1, 2, 3, 4}
register y = f64[2,2]{1, 1, 1, 1}
output y
repeat 3 as i {
    z = x * i
    repeat 2 {
        y = tanh(exp(x) @ y + tanh(z) @ exp(z))
        t = sum(exp(z))
    }
}`,
	"an error in what is hoisted, in the second run of the loop": `
register x = f64[3]{1, 2, 3}
output y
repeat 3 as i {
    z = x / (1 - i)
    repeat 2 as j {
        n = j
        y = assert_finite(square(z)) * j
    }
}`,
	"an error in what is hoisted, where it is reached late": `
register x = f64[3]{1, 2, 3}
register z = f64[2]{1, 2}
output n
repeat 4 as i {
    n = i
    switch i {
        case 2 { y = x @ z }
    }
}`,
	"an error about what is hoisted": `
register x = i32[3]{3, 5, 0}
register k = -1
repeat 2 as i {
    repeat x[2] {
        print i
    }
    repeat min(x) + i * k {
        print i
    }
    while x - k { }
}`,
	"no iteration, and then some": `
register x = f64[3]{1, 2, 3}
register none = f64[2]{1, 2}
output y
y = x
repeat 3 as i {
    repeat i {
        y = y + exp(x) * i
    }
    repeat 0 * i { y = x @ none }
    x = x + 1
}`,
	"break, continue and loops of every kind": `
register x = f64[2]{0.5, 1}
output y, b
y = x
k = 0
loop {
    k = k + 1
    n = 0
    while n < 3 {
        n = n + 1
        y = y + tanh(x) * exp(x)
        if n == 2 { continue }
        if k == 2 { break }
        y = y * tanh(x)
    }
    m = 0
    until m > 2 {
        m = m + 1
        y = y - square(x) * m
    }
    x = x + y
    if k == 3 { break }
}
b = buffer 3 {
    y = y + exp(x)
    e = exp(x)
}`,
	"functions with loops, called in loops": `
register x = f64[2]{0.5, 1}
output y
function f(a, n) -> r {
    r = a
    repeat n {
        r = tanh(r * exp(a) + sum(exp(a)))
        s = square(a)
    }
}
function g(a) -> r {
    r = a
    repeat 3 { r = r + exp(a) }
}
y = x
repeat 3 as i {
    y = f(x, i)
    y = y + g(x) + exp(x)
    x = x + y
}`,
	"strands that store between the turns": `
register x = f64[2]{0.5, 1}
register y = f64[2]{0.5, 1}
output y
function f(a) -> r {
    r = a
    repeat 2 { r = r + exp(a) * r }
}
repeat 2 {
    weave {
        strand { repeat 3 { y = y + exp(x) } }
        strand { repeat 3 { x = x + 1 } }
        strand { repeat 2 { z = f(x) } }
    }
    y = y + exp(x)
    v = exp(x)
}`,
	"switches decided once": `
register mode = "b"
register n = 3
output x
function f(a, k) -> r {
    r = a
    repeat 3 {
        if k < 2 { r = r + 1 } else { r = r * 2 }
    }
}
x = 1
repeat 3 as i {
    k = i
    if k == 1 { continue }
    repeat 4 as j {
        switch mode {
            case "a" { x = x + 1 }
            case "b" {
                if k * 2 > 1 {
                    if j == 2 { break }
                    x = x + k
                } else {
                    seq { }
                }
            }
        }
        if n > 5 { x = 0 }
        switch n {
            case 3 { repeat 2 { x = x + 1 } }
            default { x = x - 1 }
        }
    }
    m = 0
    while m < n {
        m = m + 1
        if n > 2 { x = f(x, k) }
        l = switch n > 2 { case true { v = x } default { v = n } }
    }
    repeat 2 { if n > 5 { x = 0 } }
    last = repeat 2 { if n > 2 { v = x } else { v = 1 } }
}
repeat 3 as i {
    y = i
    switch n { case 1 { x = 0 } }
}`,
	"values that share storage": `
register x = f64[2]{0.5, 1}
output y, z
repeat 3 as i {
    y = exp(x)
    z = y
    y = y + i
    z = z * y
    w = exp(x)
}`,
	"weak numbers, integers and -0": `
register n = 3
register x = f32[2]{-0.0, 1}
output y, m
repeat 3 as i {
    y = (x * 0.1 - -x) * (n + 2)
    m = (n * 7 + 3 * n) * n + i
    l = n * 7 + 3 * n
}`,
}

// unrolling are programs with short loops in loops.
var unrolling = map[string]string{
	"loops that follow each other": `
register x = f64[2]{0.5, 1}
register a = f64[2]{1, -0.0}
output x, v
repeat 3 {
    y = exp(a)
    repeat 2 {
        t = tanh(y * a)
        y = y + t
    }
    z = exp(a)
    v = repeat 2 {
        t = tanh(z * a)
        z = z + t
    }
    x = x + z
}`,
	"an error in the second iteration of the second run": `
register x = f64[2]{0.5, 4}
output x
repeat 3 {
    x = x - 1
    repeat 3 {
        s = sqrt(x)
        x = assert_finite(log(s)) + 3
    }
    repeat 2 { x = x - 2 * exp(x) }
}`,
	"an unset register": `
register x = f64[2]{0.5, 4}
output x
repeat 3 as i {
    if i > 0 { a = x }
    repeat 2 { x = tanh(x) * exp(x) }
    if i > 0 { repeat 2 { x = tanh(x) + a * x } }
}`,
}

func TestUnrolling(t *testing.T) {
	for name, text := range unrolling {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, err := flowc.Parse([]byte(text), "p.flow")
			if err != nil {
				t.Fatal(err)
			}
			for _, family := range []string{flowc.Step, flowc.Gorgonia} {
				everyStep(t, p, family)
			}
			changes(t, p, flowc.Gorgonia, "unroll")
		})
	}
}

// changes reports a pass that leaves p as it is.
func changes(t *testing.T, p *ir.Program, family, pass string) {
	t.Helper()
	c, err := flowc.Compile(p, flowc.Options{Level: 2, Backend: family})
	if err != nil {
		t.Fatal(err)
	}
	for _, ps := range c.Report.Passes {
		if ps.Name == pass && !ps.Changed {
			t.Errorf("%s changes nothing", pass)
		}
	}
}

func TestHoisting(t *testing.T) {
	for name, text := range hoisting {
		for _, family := range []string{flowc.Step, flowc.Gorgonia} {
			t.Run(name+"/"+family, func(t *testing.T) {
				t.Parallel()
				p, err := flowc.Parse([]byte(text), "p.flow")
				if err != nil {
					t.Fatal(err)
				}
				everyStep(t, p, family)
				changes(t, p, family, "licm")
			})
		}
	}
}

// everyStep stops p after each step at each level and resumes it at one of them.
func everyStep(t *testing.T, p *ir.Program, family string) {
	t.Helper()
	s, err := newSubject(p, family)
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	whole := s.whole()
	if whole.err == nil && whole.machine.Status() != backend.Done {
		t.Fatalf("the program does not end")
	}
	for from := range levels {
		for at := range whole.machine.Steps() + 1 {
			where := fmt.Sprintf("-O%d after %d steps", from, at)
			run := s.start(from).to(at)
			if diff := difference(s.start(0).to(at), run); diff != "" {
				t.Fatalf("%s differs from -O0 in %s", where, diff)
			}
			to := (from + int(at)) % levels
			resumed, err := throughFile(run, to)
			if err != nil {
				t.Fatalf("%s: %v", where, err)
			}
			if diff := difference(whole, resumed.to(propertySteps)); diff != "" {
				t.Fatalf("%s, resumed at -O%d, differs from the whole run in %s", where, to, diff)
			}
			if diff := difference(whole, run.to(propertySteps)); diff != "" {
				t.Fatalf("%s, gone on with, differs from the whole run in %s", where, diff)
			}
		}
	}
}
