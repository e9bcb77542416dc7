//go:build unix

package flowc_test

import (
	"fmt"
	"strings"
	"syscall"
	"testing"

	"flowc.dev/flowc"
)

// statements is a program of n statements in the mix that users write:
// arithmetic on registers, short loops, prints and calls of a small function.
func statements(n int) string {
	var b strings.Builder
	b.WriteString("program mix\n\nfunction step(a, b) -> c {\n    c = a * b + a\n}\n\n")
	for i := range 16 {
		fmt.Fprintf(&b, "register x%d = %d.5\n", i, i)
	}
	b.WriteString("\n")
	for i := 0; i < n; {
		r := func(k int) string { return fmt.Sprintf("x%d", (i*7+k*5)%16) }
		switch {
		case i%40 == 0 && i+11 <= n:
			fmt.Fprintf(&b, "repeat 3 {\n")
			for range 10 {
				fmt.Fprintf(&b, "    %s = %s * 0.5 + %s\n", r(0), r(1), r(2))
				i++
			}
			b.WriteString("}\n")
		case i%40 == 17:
			fmt.Fprintf(&b, "print %s\n", r(0))
		case i%40 == 23:
			fmt.Fprintf(&b, "%s = step(%s, %s)\n", r(0), r(1), r(2))
		case i%3 == 0:
			fmt.Fprintf(&b, "%s = (%s + %s) * %s\n", r(0), r(1), r(2), r(3))
		case i%3 == 1:
			fmt.Fprintf(&b, "%s = tanh(%s) - 0.25\n", r(0), r(1))
		default:
			fmt.Fprintf(&b, "%s = %s * 0.5\n", r(0), r(1))
		}
		i++
	}
	return b.String()
}

// BenchmarkCompile compiles programs of a thousand to a hundred thousand
// statements at -O2; the metric shows that the time is linear.
func BenchmarkCompile(b *testing.B) {
	for _, family := range []string{flowc.Step, flowc.Gorgonia} {
		for _, n := range []int{1_000, 10_000, 100_000} {
			b.Run(fmt.Sprintf("%s/mix/%d", family, n), func(b *testing.B) { compileStatements(b, statements(n), n, family) })
		}
		const n = 100_000
		b.Run(fmt.Sprintf("%s/mix-in-a-loop/%d", family, n), func(b *testing.B) { compileStatements(b, inALoop(statements(n)), n, family) })
		b.Run(fmt.Sprintf("%s/layers/%d", family, n), func(b *testing.B) { compileStatements(b, denseLayers(n), n, family) })
		b.Run(fmt.Sprintf("%s/straight/%d", family, n), func(b *testing.B) { compileStatements(b, straight(n), n, family) })
		b.Run(fmt.Sprintf("%s/functions/%d", family, n/10), func(b *testing.B) { compileStatements(b, functions(n/10), n/10, family) })
		b.Run(fmt.Sprintf("%s/nested/%d", family, n), func(b *testing.B) { compileStatements(b, nested(n), n, family) })
	}
}

func compileStatements(b *testing.B, src string, n int, family string) {
	p, err := flowc.Parse([]byte(src), "bench.flow")
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	b.ResetTimer()
	before := cpuTime(b)
	for range b.N {
		if _, err := flowc.Compile(p, flowc.Options{Level: 2, Backend: family}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/statement")
	b.ReportMetric(float64(cpuTime(b)-before)/float64(b.N)/float64(n), "cpu-ns/statement")
}

// cpuTime returns the nanoseconds that the process has computed, the garbage
// collector included.
func cpuTime(b *testing.B) int64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Skip("no CPU times: ", err)
	}
	return usage.Utime.Nano() + usage.Stime.Nano()
}

// BenchmarkParse reads the text of the same programs.
func BenchmarkParse(b *testing.B) {
	for _, n := range []int{1_000, 10_000, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			src := []byte(statements(n))
			b.ResetTimer()
			for range b.N {
				if _, err := flowc.Parse(src, "bench.flow"); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/statement")
		})
	}
}

// inALoop is the program with its statements in a loop, as those of a training run
// are.
func inALoop(program string) string {
	const last = "register x15 = 15.5\n"
	head, body, _ := strings.Cut(program, last)
	return head + last + "repeat 10 {\n" + body + "}\n"
}

// denseLayers is n statements, of which each fourth multiplies matrices.
func denseLayers(n int) string {
	var b strings.Builder
	b.WriteString("program layers\n\n")
	for i := range 4 {
		fmt.Fprintf(&b, "register x%d = f64[2,2]{0.5, 0.25, 0.125, 1}\n", i)
	}
	b.WriteString("\n")
	for i := 0; i < n; i += 4 {
		a, c := i/4%4, (i/4+1)%4
		fmt.Fprintf(&b, "h = x%d @ x%d + 0.5\nx%d = tanh(h)\ny = x%d * 0.5\n", a, c, a, c)
		if i/4%10 == 9 {
			b.WriteString("print y\n")
		} else {
			fmt.Fprintf(&b, "z = y - h\n")
		}
	}
	return b.String()
}

// straight is one run of n statements.
func straight(n int) string {
	var b strings.Builder
	b.WriteString("program straight\n\nregister x0 = 0.5\nregister x1 = 1.5\nregister x2 = 2.5\n\n")
	for i := range n {
		fmt.Fprintf(&b, "x%d = x%d * x%d + 0.5\n", i%3, (i+1)%3, (i+2)%3)
	}
	return b.String()
}

// functions is n functions, each called once.
func functions(n int) string {
	var b strings.Builder
	b.WriteString("program functions\n\nregister x = 0.5\n\n")
	for i := range n {
		fmt.Fprintf(&b, "function fn%d(a) -> c {\n    c = a * %d.5\n}\n\n", i, i)
	}
	for i := range n {
		fmt.Fprintf(&b, "x = fn%d(x)\n", i)
	}
	return b.String()
}

// nested is n statements in nests of loops and branches fifty deep.
func nested(n int) string {
	const depth = 50
	var b strings.Builder
	b.WriteString("program nested\n\nregister x = 0.5\n\n")
	for i := 0; i < n; i += depth {
		for d := range depth {
			fmt.Fprintf(&b, "%srepeat 1 {\n%sx = x * 0.5\n", strings.Repeat("  ", d), strings.Repeat("  ", d+1))
		}
		for d := depth - 1; d >= 0; d-- {
			fmt.Fprintf(&b, "%s}\n", strings.Repeat("  ", d))
		}
	}
	return b.String()
}
