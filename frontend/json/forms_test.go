package json

import (
	"strings"
	"testing"

	"flowc.dev/flowc/ir"
	"github.com/google/go-cmp/cmp"
)

// A form is a way to write something and the canonical way. Texts are
// statements, or, after "registers:", "objects:" or "functions:", members of
// that object.
type form struct{ name, src, want string }

func (f form) program() string { return formProgram(f.src) }

func formProgram(src string) string {
	for _, section := range []string{"registers", "objects", "functions"} {
		if rest, ok := strings.CutPrefix(src, section+":"); ok {
			return `{"flowc": 1, "` + section + `": {` + rest + `}, "body": []}`
		}
	}
	return `{"flowc": 1, "body": [` + src + `]}`
}

var forms = []form{
	{"key order", `{"store": ["s"], "args": [1], "doc": "d", "call": "f"}`, `{"call": "f", "doc": "d", "args": [1], "store": "s"}`},
	{"store of several", `{"call": "f", "store": ["a", "_"]}`, `{"call": "f", "store": ["a", "_"]}`},
	{"store of one", `{"call": "f", "store": "a"}`, `{"call": "f", "store": "a"}`},
	{"empty args", `{"call": "f", "args": [], "kwargs": {}}`, `{"call": "f"}`},
	{"one name alone", `{"grad": "f", "wrt": "a"}`, `{"grad": "f", "wrt": ["a"]}`},
	{"choose", `{"choose": true, "cases": [{"when": true, "body": [], "doc": "yes"}, {"body": [], "when": "s"}]}`,
		`{"switch": true, "cases": [{"when": true, "doc": "yes", "body": []}, {"when": "s", "body": []}]}`},
	{"regions in any order", `{"default": [{"seq": []}], "cases": [{"when": 1, "body": []}], "switch": 1}`,
		`{"switch": 1, "cases": [{"when": 1, "body": []}], "default": [{"seq": []}]}`},
	{"literals", `{"print": [null, true, false, -1, 1.5, 1e3, 100000000000000000000.0, "sü\u00dfß\n", -0.0]}`,
		`{"print": [null, true, false, -1, 1.5, 1000.0, 1e+20, "süßß\n", -0.0]}`},
	{"repeat of 1e18", `{"repeat": 1000000000000000000, "body": []}`, `{"repeat": 1000000000000000000, "body": []}`},
	{"operands", `{"print": [{"list": [1, {"reg": "x"}]}, {"record": {"b": 1, "a": {"reg": "p.W"}}}, {"call": "f", "kwargs": {"k": 1}}]}`,
		`{"print": [{"list": [1, {"reg": "x"}]}, {"record": {"a": {"reg": "p.W"}, "b": 1}}, {"call": "f", "kwargs": {"k": 1}}]}`},
	{"slices", `{"print": [{"index": [{"reg": "x"}, "2:5", ":", "::2", "-1:", ":3", "1:2:"]}]}`,
		`{"print": [{"index": [{"reg": "x"}, {"slice": [2, 5]}, {"slice": [null, null]}, {"slice": [null, null, 2]}, {"slice": [-1, null]}, {"slice": [null, 3]}, {"slice": [1, 2]}]}]}`},
	{"indexed text", `{"print": [{"index": ["1:2", 0]}]}`, `{"print": [{"index": ["1:2", 0]}]}`},
	{"field of a record", `{"print": [{"index": [{"reg": "r"}, "W"]}, {"index": [{"reg": "r"}, {"value": "1:2"}]}]}`,
		`{"print": [{"index": [{"reg": "r"}, "W"]}, {"index": [{"reg": "r"}, {"value": "1:2"}]}]}`},
	{"explicit value", `{"print": [{"value": 3}, {"value": 3, "doc": "three"}, {"value": {"list": [1, {"record": {"z": 1, "a": null}}]}}]}`,
		`{"print": [3, {"value": 3, "doc": "three"}, {"value": {"list": [1, {"record": {"z": 1, "a": null}}]}}]}`},
	{"hooks", `{"call": "f", "hooks": [{"every": "10s", "after": [], "when": {"reg": "w"}, "doc": "d"}, {"before": [{"print": []}], "every": 3}]}`,
		`{"call": "f", "hooks": [{"after": [], "doc": "d", "every": "10s", "when": {"reg": "w"}}, {"before": [{"print": []}], "every": 3}]}`},
	{"weave", `{"weave": [], "turn": "step"}`, `{"weave": [], "turn": "step"}`},
	{"spawn", `{"out": "r", "spawn": [{"join": {"reg": "h"}}], "n": {"reg": "k"}}`, `{"spawn": [{"join": {"reg": "h"}}], "out": ["r"], "n": {"reg": "k"}}`},
	{"nested data", `{"print": [{"tensor": {"data": [[1, 2], [3, 4], [5, 6]], "dtype": "i32"}}]}`,
		`{"print": [{"tensor": {"dtype": "i32", "shape": [3, 2], "data": [1, 2, 3, 4, 5, 6]}}]}`},
	{"nested data with its shape", `{"print": [{"tensor": {"data": [[true], [false]], "shape": [2, 1], "dtype": "bool"}}]}`,
		`{"print": [{"tensor": {"dtype": "bool", "shape": [2, 1], "data": [true, false]}}]}`},
	{"rank 0", `{"print": [{"tensor": {"dtype": "f64", "data": 1.5}}, {"tensor": {"dtype": "u8", "data": [7], "shape": []}}, {"tensor": {"dtype": "f64", "data": "nan", "weak": true}}]}`,
		`{"print": [{"tensor": {"dtype": "f64", "shape": [], "data": [1.5]}}, {"tensor": {"dtype": "u8", "shape": [], "data": [7]}}, {"tensor": {"dtype": "f64", "shape": [], "weak": true, "data": ["nan"]}}]}`},
	{"weak rank 0", `{"print": [{"tensor": {"dtype": "f64", "data": 1, "weak": true}}, {"tensor": {"dtype": "i64", "data": [5], "shape": [], "weak": true}}]}`,
		`{"print": [1.0, 5]}`},
	{"weak tensor", `{"print": [{"tensor": {"dtype": "i64", "data": [1, 2], "weak": true}}, {"tensor": {"dtype": "f32", "data": [], "weak": false}}]}`,
		`{"print": [{"tensor": {"dtype": "i64", "shape": [2], "weak": true, "data": [1, 2]}}, {"tensor": {"dtype": "f32", "shape": [0], "data": []}}]}`},
	{"floats", `{"print": [{"tensor": {"dtype": "f32", "data": [0.1, 16777217, 1e-45, -0, 3.4028234e38, "inf", 100000000000000000000]}}]}`,
		`{"print": [{"tensor": {"dtype": "f32", "shape": [7], "data": [0.1, 1.6777216e+07, 1e-45, -0, 3.4028235e+38, "inf", 1e+20]}}]}`},
	{"fill", `{"print": [{"tensor": {"dtype": "f32", "shape": [1000, 1000000], "fill": 0.5, "doc": "d"}}, {"tensor": {"fill": "-inf", "shape": [], "dtype": "f64"}}]}`,
		`{"print": [{"tensor": {"dtype": "f32", "shape": [1000, 1000000], "fill": 0.5}, "doc": "d"}, {"tensor": {"dtype": "f64", "shape": [], "fill": "-inf"}}]}`},
	{"graph", `{"graph": [{"call": "add", "args": [{"reg": "a"}, 1], "store": "%1"}], "yield": ["%1"], "steps": 2, "values": 1, "source": [{"seq": []}], "store": "y"}`,
		`{"graph": [{"call": "add", "args": [{"reg": "a"}, 1], "store": "%1"}], "yield": ["%1"], "steps": 2, "values": 1, "source": [{"seq": []}], "store": "y"}`},
	{"next_n", `{"next_n": "d.next", "args": [10], "source": [{"buffer": 10, "body": [{"call": "d.next"}]}], "store": "x"}`,
		`{"next_n": "d.next", "args": [10], "source": [{"buffer": 10, "body": [{"call": "d.next"}]}], "store": "x"}`},
	{"block", `{"buffer": 4, "body": [{"block": [{"next_n": "d.next", "args": [2], "store": "%1"}], "value": "%1", "fields": ["a"], "steps": 2, "source": [{"call": "d.next"}, {"call": "d.next"}]}]}`,
		`{"buffer": 4, "body": [{"block": [{"next_n": "d.next", "args": [2], "store": "%1"}], "value": ["%1"], "fields": ["a"], "steps": 2, "source": [{"call": "d.next"}, {"call": "d.next"}]}]}`},
	{"id and origins", `{"call": "f", "id": 4294967295, "origins": [1, 2]}`, `{"call": "f"}`},
	{"registers", `registers:"a": null, "b": 1, "c": {"type": "f32[ 64,10]", "doc": "d"}, "d": {"init": 1, "type": "i64"}, "e": {"doc": "only"}, "f": {"init": null}, "g": {"value": null}`,
		`registers:"a": null, "b": 1, "c": {"type": "f32[64,10]", "doc": "d"}, "d": {"type": "i64", "init": 1}, "e": {"doc": "only"}, "f": null, "g": {"init": {"value": null}}`},
	{"constants", `registers:"a": {"list": [1, {"tensor": {"dtype": "f32", "shape": [2], "fill": 1}}]}, "b": {"record": {"W": {"tensor": {"dtype": "f32", "data": [1]}}}}`,
		`registers:"a": {"list": [1, {"tensor": {"dtype": "f32", "shape": [2], "fill": 1}}]}, "b": {"record": {"W": {"tensor": {"dtype": "f32", "shape": [1], "data": [1]}}}}`},
	{"objects", `objects:"o": {"seed": 1, "doc": "d", "new": "rng", "id": {"list": []}}`, `objects:"o": {"new": "rng", "doc": "d", "id": {"list": []}, "seed": 1}`},
	{"functions", `functions:"f": {"body": [], "registers": {"r": 1}, "params": "x", "doc": "d"}`,
		`functions:"f": {"params": ["x"], "returns": [], "doc": "d", "registers": {"r": 1}, "body": []}`},
}

func TestForms(t *testing.T) {
	for _, c := range forms {
		t.Run(c.name, func(t *testing.T) {
			p, err := Parse([]byte(c.program()), "in.json")
			if err != nil {
				t.Fatal(err)
			}
			got, err := Print(p)
			if err != nil {
				t.Fatal(err)
			}
			want, err := Parse([]byte(formProgram(c.want)), "want.json")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(oneLine(formProgram(c.want)), oneLine(string(got))); diff != "" {
				t.Errorf("printed form differs (-want +got):\n%s", diff)
			}
			if ir.Digest(p) != ir.Digest(want) {
				t.Errorf("digest differs from the canonical form's")
			}
		})
	}
}

// oneLine removes the layout, in texts that have no runs of spaces.
func oneLine(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	for _, bracket := range []string{"[", "{"} {
		s = strings.ReplaceAll(s, bracket+" ", bracket)
	}
	for _, bracket := range []string{"]", "}"} {
		s = strings.ReplaceAll(s, " "+bracket, bracket)
	}
	return s
}
