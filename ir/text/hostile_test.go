package text

import (
	"strings"
	"testing"

	"flowc.dev/flowc/ir"
)

// Sources that are large or deep are read or refused, without more than a
// small multiple of their size in memory.
func TestHostileSources(t *testing.T) {
	const deep, many = 100_000, 200_000
	tooDeep := "nested more than 1000 deep"
	for _, c := range []struct{ name, src, want string }{
		{"parentheses", "x = " + strings.Repeat("(", deep), tooDeep},
		{"brackets", "x = " + strings.Repeat("[", deep), tooDeep},
		{"braces", "x = " + strings.Repeat("{a: ", deep), tooDeep},
		{"signs", "x = " + strings.Repeat("-", deep) + "y", tooDeep},
		{"negations", "x = " + strings.Repeat("not ", deep) + "y", tooDeep},
		{"calls", "x = " + strings.Repeat("f(", deep), tooDeep},
		{"sums", "x = 1" + strings.Repeat(" + 1", deep), tooDeep},
		{"powers", "x = 1" + strings.Repeat(" ** 1", deep), tooDeep},
		{"indexes", "x = y" + strings.Repeat("[0]", deep), tooDeep},
		{"blocks", strings.Repeat("loop {\n", deep), tooDeep},
		{"else ifs", "if x {}" + strings.Repeat(" else if x {}", deep), tooDeep},
		{"hooks", strings.Repeat("print hook after { ", deep), tooDeep},
		{"literals", "x = const " + strings.Repeat("[", deep), tooDeep},
		{"broken blocks", strings.Repeat("loop 3 {\n", deep), "found 3"},
		{"cases", strings.Repeat("switch x {\n case 1 {\n", deep), tooDeep},
		{"annotations", "x = y" + strings.Repeat("!1", deep), "duplicate ID"},
		{"operands", "x = [" + strings.Repeat("1,", 1_100_000), "more than 1000000 nodes"},
		{"mistakes", strings.Repeat("x = (\n", many), "reading stopped after 100 problems"},
		{"closing braces", strings.Repeat("}\n", many), "reading stopped after 100 problems"},
		{"opening braces", strings.Repeat("{", many), "want a field"},
		{"commas", "x" + strings.Repeat(",", many), "statement"},
		{"names before a mistake", strings.Repeat("a, ", many) + "1", "statement"},
		{"dots", "x = a" + strings.Repeat(".a", many), "more than 10000 characters"},
		{"a huge tensor", "x = f32[30000, 30000]{1}", "the number of elements is 1"},
		{"a long line of errors", strings.Repeat("x = ; ", many), "reading stopped"},
		{"bytes", "x = \xff", "which is not UTF-8"},
	} {
		p, err := Parse([]byte(c.src), "")
		if err == nil || !strings.Contains(err.Error(), c.want) {
			message := "no error"
			if err != nil {
				message = shorten(err.Error())
			}
			t.Errorf("%s: %s (program %v), want %s", c.name, message, p != nil, c.want)
		} else if shown := Caret([]byte(c.src), err); len(shown) > 200*maxProblems*5 {
			t.Errorf("%s: the message has %d bytes", c.name, len(shown))
		}
	}
}

// What is just within the limits is read and printed.
func TestLargePrograms(t *testing.T) {
	for name, src := range map[string]string{
		"deep operands":   "x = " + strings.Repeat("f(", 990) + "1" + strings.Repeat(")", 990),
		"deep blocks":     strings.Repeat("loop { ", 990) + strings.Repeat("}", 990),
		"many statements": strings.Repeat("x = f(1)\n", 20_000),
		"many comments":   strings.Repeat("# a comment\n", 100_000) + "x = 1",
		"a long sum":      "x = 1" + strings.Repeat(" + 1", 900),
		"a large tensor":  "x = f32[100000]{" + strings.Repeat("1, ", 100_000) + "}",
		"else ifs":        "if x {}" + strings.Repeat(" else if x { x = 1 }", 900),
	} {
		p, err := Parse([]byte(src), "")
		if err != nil {
			t.Errorf("%s: %s", name, shorten(err.Error()))
			continue
		}
		text := mustPrint(t, p)
		q, err := Parse(text, "")
		if err != nil {
			t.Errorf("%s: %s", name, shorten(err.Error()))
		} else if ir.Digest(p) != ir.Digest(q) {
			t.Errorf("%s: printed and parsed, it differs", name)
		}
		if len(text) > 50*len(src) {
			t.Errorf("%s: %d bytes are printed as %d", name, len(src), len(text))
		}
	}
}
