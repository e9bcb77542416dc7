package cli

import (
	"strings"
	"testing"

	"flowc.dev/flowc/ir"
)

func TestLiteral(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"1", "weak i64 1"},
		{"1.0", "weak f64 1.0"},
		{"1e3", "weak f64 1000.0"},
		{"true", "bool true"},
		{"null", "null null"},
		{`"a b"`, "string a b"},
		{`[1, [2.5, "x"]]`, `list of 2 [1, [2.5, "x"]]`},
		{`{"tensor": {"dtype": "f32", "data": [[1, 2]]}}`, "f32[1,2] [[1.0 2.0]]"},
		{`{"tensor": {"dtype": "i64", "shape": [2], "fill": 3}}`, "i64[2] [3 3]"},
		{`{"record": {"a": 1}}`, "record{a: weak i64} {a: 1}"},
	} {
		v, err := literal(c.text)
		if err != nil {
			t.Errorf("%s: %s", c.text, err)
		} else if got := v.Type().String() + " " + ir.Format(v); got != c.want {
			t.Errorf("%s is %s, want %s", c.text, got, c.want)
		}
	}
	for _, c := range []struct{ text, want string }{
		{"", "not JSON"},
		{"abc", `--set name='"text"'`},
		{`1, 2`, "not JSON"},
		{`1]}], "name": "x"`, "not JSON"},
		{`{"reg": "x"}`, "literal"},
		{`{"call": "add", "args": [1, 2]}`, "literal"},
		{`{"tensor": {"dtype": "f32", "shape": [1000000000, 1000000000], "fill": 0}}`, "exceeds the limit"},
		{`{"a": 1}`, "found"},
		{`[1, {"reg": "x"}]`, "literal"},
		{strings.Repeat("[", 20000) + strings.Repeat("]", 20000), "not JSON"},
	} {
		if _, err := literal(c.text); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%.40s: the error is %v: want %q in it", c.text, err, c.want)
		}
	}
}
