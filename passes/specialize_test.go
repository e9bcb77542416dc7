package passes_test

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
	"flowc.dev/flowc/passes"
	"flowc.dev/flowc/passes/graphs"
)

// leafOf returns the first leaf that the statements have, or that is made of them
// where they are the body of a function that sets y.
func leafOf(t *testing.T, body string) *ir.Node {
	t.Helper()
	functions := `"same": {"params": ["a"], "returns": ["a"], "body": []}, "loss": {"params": ["p", "x"], "returns": ["l"], "body": [
			{"call": "sum", "args": [{"call": "multiply", "args": [{"reg": "p.W"}, {"reg": "x"}]}], "store": "l"}]}`
	if !strings.Contains(body, "grad") {
		var params, args []string
		for _, register := range []string{"x", "y", "p", "i"} {
			if strings.Contains(body, `{"reg": "`+register) {
				params, args = append(params, strconv.Quote(register)), append(args, fmt.Sprintf(`{"reg": %q}`, register))
			}
		}
		functions += fmt.Sprintf(`, "f": {"params": [%s], "returns": ["y"], "body": [%s]}`, strings.Join(params, ", "), body)
		body = fmt.Sprintf(`{"call": "f", "args": [%s], "store": "y"}`, strings.Join(args, ", "))
	}
	text := fmt.Sprintf(`{"flowc": 1, "registers": {"i": 0}, "inputs": ["x", "y", "p"], "functions": {%s}, "body": [%s]}`, functions, body)
	q, _, err := passes.Optimize(parse(t, text), passes.Options{Registry: ops.Standard(), Passes: "inline"})
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range q.Body {
		if n.Op == "graph" {
			return n
		}
	}
	t.Fatal("there is no graph leaf")
	return nil
}

func typesOf(types map[string]ir.Type) func(string) (ir.Type, error) {
	return func(name string) (ir.Type, error) {
		t, ok := types[name]
		if !ok {
			return t, fmt.Errorf("no type for %s", name)
		}
		return t, nil
	}
}

func TestSpecialize(t *testing.T) {
	f32 := func(shape ...int) ir.Type { return ir.NumberType(ir.F32, shape...) }
	params := ir.Type{Kind: ir.RecordKind, Names: []string{"W", "b"}, Parts: []ir.Type{f32(3), f32()}}
	for _, c := range []struct {
		name, body string
		types      map[string]ir.Type
		want       string
	}{
		{"types and literals", `{"call": "sum", "args": [{"call": "multiply", "args": [{"reg": "x"}, 2]}], "kwargs": {"axis": 1}, "store": "y"}`,
			map[string]ir.Type{"x": f32(2, 3)}, `
0: f32[2,3] = x
1: weak i64 = 2
2: f32[2,3] = multiply(#0, #1)
3: f32[2] = sum(#2, 1, false)
-> #3
`},
		{"records field by field", `{"call": "subtract", "args": [{"reg": "p"}, {"call": "multiply", "args": [{"reg": "x"}, {"reg": "p"}]}], "store": "y"}`,
			map[string]ir.Type{"p": params, "x": f32()}, `
0: f32 = x
1: f32[3] = p.W
2: f32 = p.b
3: f32[3] = multiply(#0, #1)
4: f32 = multiply(#0, #2)
5: f32[3] = subtract(#1, #3)
6: f32 = subtract(#2, #4)
-> record(W: #5, b: #6)
`},
		{"a gradient of a record", `{"grad": "loss", "args": [{"reg": "p"}, {"reg": "x"}], "wrt": ["p"], "store": ["l", "g"]}`,
			map[string]ir.Type{"p": params, "x": f32(3)}, `
0: f32[3] = p.W
1: f32[3] = x
2: f32 = p.b
3: f32[3] = multiply(#0, #1)
4: f32 = sum(#3, null, false)
5: f32 = ones_like(#4)
6: f32[3] = sum_adjoint(#3, #5, null, false)
7: f32[3] = multiply(#6, #1)
8: f32 = zeros_like(#2)
-> #4
-> record(W: #7, b: #8)
`},
		{"dead calls that cannot fail go, others stay", `
			{"call": "tanh", "args": [{"reg": "x"}], "store": "y"},
			{"call": "getitem", "args": [{"reg": "x"}, 1], "store": "y"},
			{"call": "negative", "args": [{"reg": "x"}], "store": "y"}`,
			map[string]ir.Type{"x": f32(3)}, `
0: f32[3] = x
1: weak i64 = 1
2: f32 = getitem(#0, #1)
3: f32[3] = negative(#0)
-> #3
`},
		{"lists are spread", `{"call": "concat", "args": [{"list": [{"reg": "x"}, {"reg": "y"}]}], "store": "y"}`,
			map[string]ir.Type{"x": f32(3), "y": f32(2)}, `
0: f32[3] = x
1: f32[2] = y
2: f32[5] = concat_items(0, #0, #1)
-> #2
`},
		{"slices are literals", `{"call": "negative", "args": [{"index": [{"reg": "x"}, {"slice": [1, null]}, {"reg": "i"}]}], "store": "y"}`,
			map[string]ir.Type{"x": f32(3, 2), "i": ir.NumberType(ir.I64)}, `
0: f32[3,2] = x
1: i64 = i
2: f32[2] = getitem(#0, [1, null, null], #1)
3: f32[2] = negative(#2)
-> #3
`},
	} {
		t.Run(c.name, func(t *testing.T) {
			g, err := passes.Specialize(leafOf(t, c.body), typesOf(c.types), ops.Standard())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(strings.TrimPrefix(c.want, "\n"), graphs.Format(g)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestSpecializeErrors(t *testing.T) {
	f32 := func(shape ...int) ir.Type { return ir.NumberType(ir.F32, shape...) }
	add := `{"call": "add", "args": [{"reg": "x"}, {"reg": "y"}], "store": "y"}`
	for _, c := range []struct {
		name, body string
		types      map[string]ir.Type
		want       string
		dynamic    bool
	}{
		{"shapes", add, map[string]ir.Type{"x": f32(2), "y": f32(3)}, "2:164: add: shapes", false},
		{"a register without a type", add, map[string]ir.Type{"x": f32(2)}, "no type for y", false},
		{"a missing field", `{"call": "add", "args": [{"reg": "p.c"}, 1], "store": "y"}`,
			map[string]ir.Type{"p": {Kind: ir.RecordKind, Names: []string{"W"}, Parts: []ir.Type{f32()}}}, `no field "c"`, false},
		{"a list in a register", `{"call": "getitem", "args": [{"reg": "x"}, {"reg": "i"}], "store": "y"}`,
			map[string]ir.Type{"x": {Kind: ir.ListKind, Parts: []ir.Type{f32()}}, "i": ir.NumberType(ir.I64)}, "which is no number", true},
		{"a string", `{"call": "identity", "args": [{"call": "same", "args": [{"reg": "x"}]}], "store": "y"}`,
			map[string]ir.Type{"x": {Kind: ir.Str}}, "which is no number", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := passes.Specialize(leafOf(t, c.body), typesOf(c.types), ops.Standard())
			wantError(t, err, c.want)
			var d *ir.DynamicError
			if errors.As(err, &d) != c.dynamic {
				t.Errorf("error %#v: dynamic is %t", err, !c.dynamic)
			}
		})
	}
}
