package json

import (
	"bytes"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"flowc.dev/flowc/ir"
)

// A hostile document is a unit repeated between a prefix and a suffix; %d in the
// unit counts.
type hostile struct {
	name, prefix, unit string
	times              int
	suffix, want       string
	mebibytes          uint64 // that Parse may allocate in all
}

func (h hostile) source() []byte {
	if !strings.Contains(h.unit, "%d") {
		return []byte(h.prefix + strings.Repeat(h.unit, h.times) + h.suffix)
	}
	var b bytes.Buffer
	b.WriteString(h.prefix)
	for i := range h.times {
		fmt.Fprintf(&b, h.unit, i)
	}
	b.WriteString(h.suffix)
	return b.Bytes()
}

const million = 1_000_000

const (
	tooDeepText  = "lists and objects are nested more than 4032 deep"
	tooDeepNodes = "statements and operands are nested more than 1000 deep"
	tooManyNodes = "the program has more than 1000000 nodes"
	tooManyItems = "the program has more than 4000000 names and numbers"
	tooManyParts = "the program has more than 1000000 declarations, strands and cases"
)

// hostileInputs are documents that are made to exhaust a reader. The bounds are
// generous, but far below what the documents ask for.
var hostileInputs = []hostile{
	{"lists", ``, `[`, 100 * million, ``, tooDeepText, 8},
	{"objects", ``, `{"a":`, 4 * million, ``, tooDeepText, 8},
	{"statements", `{"flowc": 1, "body": [`, `{"seq": [`, 4 * million, ``, tooDeepText, 8},
	{"nesting of statements", `{"flowc": 1, "body": [`, `{"seq": [`, 1001, strings.Repeat(`]}`, 1001) + `]}`, tooDeepNodes, 8},
	{"nesting of literals", `{"flowc": 1, "body": [{"print": [{"value": `, `{"list": [`, 1001, strings.Repeat(`]}`, 1001) + `}]}]}`, tooDeepNodes, 8},
	{"containers", `{"flowc": 1, "body": [`, `[],`, 9 * million, `[]]}`, `the program has more than 8000000 lists and objects`, 800},
	{"nodes", `{"flowc": 1, "body": [`, `{"seq":[]},`, million, `{"seq":[]}]}`, tooManyNodes, 600},
	{"literals", `{"flowc": 1, "body": [{"print": [`, `0,`, 5 * million, `0]}]}`, tooManyNodes, 600},
	{"names", `{"flowc": 1, "body": [{"call": "f", "store": [`, `"a",`, 5 * million, `"a"]}]}`, tooManyItems, 200},
	{"numbers", `{"flowc": 1, "body": [{"weave": [], "weights": [`, `1,`, 5 * million, `1]}]}`, tooManyItems, 400},
	{"items of a literal", `{"flowc": 1, "body": [{"print": [{"value": {"list": [`, `1,`, 5 * million, `1]}}]}]}`, tooManyItems, 400},
	{"strands", `{"flowc": 1, "body": [{"weave": [`, `[],`, million, `[]]}]}`, tooManyParts, 800},
	{"registers", `{"flowc": 1, "registers": {`, `"r%d":null,`, million, `"x":null}}`, tooManyParts, 1200},
	{"unknown keys", `{"flowc": 1`, `,"a":1`, million, `}`, `found an object with 1000001 keys: want at most 1000`, 8},
	{"same keys", `{"flowc": 1, "registers": {`, `"a":1,`, million, `"a":1}}`, `duplicate key "a": the first one is at 1:28`, 8},
	{"text after the program", `{"flowc": 1}`, ` `, million, `x`, `found x: want the end of the file`, 8},
	{"long name", `{"flowc": 1, "body": [{"`, `a`, 10 * million, `": 1}]}`,
		`found an object with the key "` + strings.Repeat("a", 57) + `...": want one of the element keys`, 40},
	{"long string", `{"flowc": "`, `é`, 5 * million, `"}`,
		`found the string "` + strings.Repeat("é", 28) + `...": want the version of the format, 1`, 40},
	{"long integer", `{"flowc": 1, "body": [{"repeat": `, `9`, 10 * million, `, "body": []}]}`,
		`the whole number ` + strings.Repeat("9", 57) + `... does not fit 64 bits`, 60},
	{"long exponent", `{"flowc": 1, "body": [{"print": [1e`, `9`, million, `]}]}`, `the number 1e` + strings.Repeat("9", 55) + `... overflows f64`, 60},
	{"long type", `{"flowc": 1, "registers": {"x": {"type": "f32[`, `1,`, million, `1]"}}}`, `want the type of a number such as "f32[64,10]"`, 20},
	{"long slice", `{"flowc": 1, "body": [{"print": [{"index": [1, "`, `1:`, million, `"]}, 1e999]}]}`, `the number 1e999 overflows f64`, 20},
	{"rank", `{"flowc": 1, "body": [{"print": [{"tensor": {"dtype": "f32", "fill": 0, "shape": [`, `1,`, million, `1]}}]}]}`,
		`rank 1000001 exceeds the limit of 16`, 100},
	{"huge shape", `{"flowc": 1, "body": [{"print": [{"tensor": {"dtype": "u8", "fill": 0, "shape": [2`, `, 9223372036854775807`, 2, `]}}]}]}`,
		`exceeds the limit of 4294967296 bytes`, 8},
	{"missing data", `{"flowc": 1, "body": [{"print": [{"tensor": {"dtype": "u8", "data": [1], "shape": [40000`, `0`, 5, `]}}]}]}`,
		`found 1 element: want the 4000000000 of shape [4000000000]`, 8},
	{"wrong elements", `{"flowc": 1, "body": [{"print": [{"tensor": {"dtype": "f32", "data": [`, `null,`, million, `1]}}]}]}`,
		`found null: want a number within f32`, 40},
	{"long pointer", `{"flowc": 1, "body": [`, `{"seq": [`, 900, `1` + strings.Repeat("]}", 900) + `]}`, `/body/0/seq/0/seq`, 8},
}

func TestHostileInput(t *testing.T) {
	for _, h := range hostileInputs {
		t.Run(h.name, func(t *testing.T) {
			src := h.source()
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := Parse(src, "p.json")
			runtime.ReadMemStats(&after)
			if err == nil || !strings.Contains(err.Error(), h.want) {
				t.Fatalf("got %.500s\nwant %s", fmt.Sprint(err), h.want)
			}
			if size := len(err.Error()); size > 120*(maxPointer+200) {
				t.Errorf("the error has %d bytes", size)
			}
			problems, _ := errors.AsType[ir.Problems](err)
			for _, problem := range problems {
				if len(problem.Pointer) > maxPointer+3 {
					t.Errorf("a pointer has %d bytes", len(problem.Pointer))
				}
			}
			if used := (after.TotalAlloc - before.TotalAlloc) >> 20; used > h.mebibytes {
				t.Errorf("allocated %d MiB for a document of %d MiB, want at most %d", used, len(src)>>20, h.mebibytes)
			}
		})
	}
}

// TestLimitsAreReached parses what is just allowed.
func TestLimitsAreReached(t *testing.T) {
	nest := func(open, inner, end string, n int) string {
		return `{"flowc": 1, "body": [` + strings.Repeat(open, n) + inner + strings.Repeat(end, n) + `]}`
	}
	for _, c := range []struct{ name, src string }{
		{"seq", nest(`{"seq": [`, ``, `]}`, ir.MaxNesting)},
		{"switch", nest(`{"switch": true, "cases": [{"when": true, "body": [`, ``, `]}]}`, ir.MaxNesting-1)},
		{"kwargs", nest(`{"print": [`, `{"call": "f", "kwargs": {"a": `+strings.Repeat(`{"call": "f", "kwargs": {"a": `, ir.MaxNesting-2)+`1`+strings.Repeat(`}}`, ir.MaxNesting-2)+`}}`, `]}`, 1)},
		{"literal", nest(`{"print": [{"value": `, strings.Repeat(`{"record": {"a": `, ir.MaxNesting-2)+`1`+strings.Repeat(`}}`, ir.MaxNesting-2), `}]}`, 1)},
		{"nodes", `{"flowc": 1, "body": [{"print": [` + strings.Repeat("0,", ir.MaxNodes-2) + `0]}]}`},
		{"fill is not allocated", `{"flowc": 1, "body": [{"print": [` +
			strings.Repeat(`{"tensor": {"dtype": "u8", "shape": [4294967296], "fill": 1}},`, 1000) + `0]}]}`},
		{"repeat", `{"flowc": 1, "body": [{"repeat": 1000000000000000000, "body": []}]}`},
		{"ranks", `{"flowc": 1, "body": [{"print": [{"tensor": {"dtype": "u8", "data": ` + strings.Repeat("[", 16) + "1" + strings.Repeat("]", 16) + `}}]}]}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, err := Parse([]byte(c.src), "p.json")
			if err != nil {
				t.Fatalf("%.300s", err)
			}
			if len(c.src) > million {
				return
			}
			text, err := Print(p)
			if err != nil {
				t.Fatal(err)
			}
			q, err := Parse(text, "q.json")
			if err != nil {
				t.Fatalf("%.300s", err)
			}
			if ir.Digest(p) != ir.Digest(q) {
				t.Error("the printed program has another digest")
			}
		})
	}
}

// TestLargeTensor reads a tensor whose text dwarfs its nodes.
func TestLargeTensor(t *testing.T) {
	const rows, columns = 2000, 500
	row := "[" + strings.Repeat("0.5, ", columns-1) + "-1e-3]"
	src := `{"flowc": 1, "registers": {"x": {"tensor": {"dtype": "f32", "data": [` + strings.Repeat(row+",\n", rows-1) + row + `]}}}}`
	p, err := Parse([]byte(src), "p.json")
	if err != nil {
		t.Fatal(err)
	}
	x := p.Registers[0].Init.Attr("value")
	if got := x.Type().String(); got != "f32[2000,500]" {
		t.Fatalf("type %s", got)
	}
	if got := ir.Data[float32](x.Tensor())[rows*columns-1]; got != -1e-3 {
		t.Errorf("last element %v", got)
	}
	text, err := Print(p)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if len(line) > maxColumns+1 {
			t.Fatalf("a line has %d columns: %.200s", len(line), line)
		}
	}
	q, err := Parse(text, "q.json")
	if err != nil {
		t.Fatal(err)
	}
	if !ir.SameValue(q.Registers[0].Init.Attr("value"), x) {
		t.Error("printed and parsed, the tensor differs")
	}
}
