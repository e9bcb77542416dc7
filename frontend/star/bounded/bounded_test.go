package bounded

import (
	"errors"
	"strings"
	"testing"
)

// exec evaluates a file with few steps, so that what is charged too little takes
// visibly long or much.
func exec(src string) (*Module, error) {
	return Exec("t.star", []byte(src), Options{MaxSteps: 300_000})
}

func TestPlainFilesMeanWhatTheyMeanInStarlark(t *testing.T) {
	const src = `
a = [1, 2]
b = a
b += [3]
a[0] += 10
d = {"k": [0]}
d["k"][0] += 5
d |= {"z": 1}
s = "ab" * 3 + "c"
t = (1, 2) + (3,)
u = [x * y for x in range(3) for y in range(3) if x != y]
e = {k: v for k, v in zip("ab".elems(), [1, 2])}
def f(x, *rest, y=2, **more):
    if x > 1 and not rest:
        return x // y
    elif x == 1:
        return "one"
    return -x % 7 if x else [rest, more]
calls = [f(4), f(1), f(0, *[8, 9], **{"q": 1}), f(3, 1)]
parts = [s[1:3], s[::-1], a[-1], t[:2], list(range(5))[3:0:-2], s[:0]]
texts = ["%s-%d" % ("x", 3), "{}|{a}".format(1, a=2), ",".join(["p", "q"]), "aXbX".replace("X", "--"), "a,b".split(",")]
logic = [1 in a, 5 not in a, "k" in d, None or 3, 0 and 1, not 0, 2 < 3, [1] == [1], (1, 2) < (1, 3)]
order = [sorted([3, 1, 2], reverse=True), max(1, 5), min([4, 2]), sorted(["bb", "a"], key=len), any([0, 1]), all([])]
ints = [7 & 3, 7 | 8, 7 ^ 2, 1 << 4, 256 >> 4, ~5, +3, 1e3, 7 / 2, -(-2)]
names = [getattr("x", "upper")(), getattr("x", "nope", 3), hasattr([], "append"), type({}), "é".codepoints()]
x, (y, z) = 1, (2, 3)
for i in range(2):
    x += i
`
	m, err := exec(src)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"a": "[11, 2, 3]", "b": "[11, 2, 3]", "d": `{"k": [5], "z": 1}`, "s": `"abababc"`, "t": "(1, 2, 3)", "u": "[0, 0, 0, 2, 0, 2]",
		"e": `{"a": 1, "b": 2}`, "calls": `[2, "one", [(8, 9), {"q": 1}], 4]`,
		"parts": `["ba", "cbababa", 3, (1, 2), [3, 1], ""]`,
		"texts": `["x-3", "1|2", "p,q", "a--b--", ["a", "b"]]`,
		"logic": "[False, True, True, 3, 0, True, True, True, True]",
		"order": `[[3, 2, 1], 5, 2, ["a", "bb"], True, True]`,
		"ints":  "[3, 15, 5, 16, 16, -6, 3, 1000.0, 3.5, 2]",
		"names": `["X", 3, True, "dict", ["é"]]`,
		"x":     "2", "z": "3",
	} {
		if got := m.Globals[name].String(); got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
	if got := strings.Join(m.Names, " "); !strings.HasPrefix(got, "a b d s t u e f calls parts") {
		t.Errorf("the names are %s", got)
	}
}

// hostile files would take gigabytes or forever.
var hostile = map[string]string{
	"string":               `x = "x" * 1000000000`,
	"string from left":     `x = 1000000000 * "x"`,
	"string in place":      "x = 'x'\nx *= 1000000000",
	"list":                 `x = [0] * 10000000000`,
	"tuple":                `x = (0,) * 10000000000`,
	"element in place":     "x = ['x']\nx[0] *= 1000000000",
	"doubling string":      "x = 'x'\nfor i in range(60): x += x",
	"doubling list":        "x = [1]\nfor i in range(60): x = x + x",
	"doubling in place":    "x = [1]\nfor i in range(60): x += x",
	"doubling by extend":   "x = [1]\nfor i in range(60): x.extend(x)",
	"doubling dict":        "x = {}\nfor i in range(60): x |= {k + i: 0 for k in range(1 << i)}",
	"kept prefixes":        "x = 'x' * 100000\nl = []\nfor i in range(1000000): l.append(x + 'y')",
	"list of range":        `x = list(range(1000000000000))`,
	"any of range":         `x = any(range(1000000000000))`,
	"max of range":         `x = max(range(1000000000000))`,
	"sorted range":         `x = sorted(range(1000000000000))`,
	"set of range":         `x = set(range(1000000000000))`,
	"zip of ranges":        `x = zip(range(1000000000000), range(1000000000000))`,
	"enumerate range":      `x = enumerate(range(1000000000000))`,
	"extend by range":      "x = []\nx.extend(range(1000000000000))",
	"in place by range":    "x = []\nx += range(1000000000000)",
	"spread range":         "def f(*x): pass\nf(*range(1000000000))",
	"loop":                 "for i in range(1000000000000): pass",
	"comprehension":        "x = [i for i in range(1000000000000)]",
	"nested calls":         "def a(): return [i for i in range(1000)]\ndef b(): return [a() for i in range(1000)]\nx = [b() for i in range(1000)]",
	"text of a shared":     "x = []\nfor i in range(80): x = [x, x]\ny = str(x)",
	"repr of a shared":     "x = []\nfor i in range(80): x = [x, x]\ny = repr(x)",
	"format of a shared":   "x = []\nfor i in range(80): x = [x, x]\ny = '%s' % [x]",
	"format method":        "x = []\nfor i in range(80): x = (x, x)\ny = '{}'.format(x)",
	"fail with a shared":   "x = []\nfor i in range(80): x = [x, x]\nfail(x)",
	"print a shared":       "x = []\nfor i in range(80): x = [x, x]\nprint(x)",
	"compare shared":       "x = [0]\ny = [0]\nfor i in range(9): x, y = [x] * 100, [y] * 100\nz = x == y",
	"order shared":         "x = [0]\nfor i in range(9): x = [x] * 100\nz = sorted([x, x])",
	"order by shared key":  "x = [0]\nfor i in range(9): x = [x] * 100\nz = sorted([1, 2, 3], key=lambda _: x)",
	"find shared":          "x = [0]\ny = [0]\nfor i in range(9): x, y = [x] * 100, [y] * 100\nz = x in [y]",
	"index shared":         "x = [0]\ny = [0]\nfor i in range(9): x, y = [x] * 100, [y] * 100\nz = [y].index(x)",
	"hash a shared":        "x = ()\nfor i in range(80): x = (x, x)\nd = {x: 0}",
	"store by a shared":    "x = ()\nd = {}\nfor i in range(80): x = (x, x)\nd[x] = 0",
	"look up a shared":     "x = ()\nd = {}\nfor i in range(80): x = (x, x)\ny = d.get(x)",
	"set of a shared":      "x = ()\nfor i in range(80): x = (x, x)\ny = set([x])",
	"add a shared":         "x = ()\ny = set()\nfor i in range(80): x = (x, x)\ny.add(x)",
	"deep text":            "x = []\nfor i in range(50000): x = [x]\ny = str(x)",
	"colliding keys":       "x = {}\nfor i in range(100000): x[i * 4294967296] = 0",
	"colliding set":        "x = set([i * 4294967296 for i in range(100000)])",
	"colliding defaults":   "x = {}\nfor i in range(100000): x.setdefault(i * 4294967296, 0)",
	"replace nothing":      "x = 'x' * 100000\ny = x.replace('', x)",
	"replace much":         "x = 'x' * 100000\ny = x.replace('x', x)",
	"join much":            "x = 'x' * 100000\ny = x.join(['y'] * 100000)",
	"join long":            "x = 'x' * 100000\ny = ''.join([x] * 100000)",
	"format much":          "x = 'x' * 100000\ny = ('{0}' * 100000).format(x)",
	"interpolate much":     "x = 'x' * 100000\ny = ('%s' * 1000) % ((x,) * 1000)",
	"split much":           "x = 'x,' * 1000000\ny = [x.split(',') for i in range(100)]",
	"code points":          "x = 'x' * 100000\ny = [x.codepoints() for i in range(10000)]",
	"big shifts":           "x = 1\nfor i in range(10000): x = x << 500",
	"big products":         "x = 3\nfor i in range(60): x *= x",
	"big literal":          "x = 1" + strings.Repeat("0", 5000),
	"big number of text":   "x = int('9' * 100000)",
	"deep parentheses":     "x = " + strings.Repeat("(", 100000) + strings.Repeat(")", 100000),
	"deep lists":           "x = " + strings.Repeat("[", 100000),
	"long chain":           "x = 1" + strings.Repeat(" + 1", 100000),
	"long attribute":       "x = 'x'" + strings.Repeat(".upper", 100000),
	"long calls":           "x = str" + strings.Repeat("()", 100000),
	"long minus":           "x = " + strings.Repeat("-", 100000) + "1",
	"long not":             "x = " + strings.Repeat("not ", 100000) + "1",
	"long lambda":          "x = " + strings.Repeat("lambda: ", 100000) + "1",
	"long choice":          "x = " + strings.Repeat("1 if 1 else ", 100000) + "1",
	"long elif":            "if 1: pass\n" + strings.Repeat("elif 1: pass\n", 100000),
	"recursion":            "def f(): f()\nf()",
	"mutual recursion":     "def f(): return g()\ndef g(): return f()\nf()",
	"recursion by sorting": "def f(x): return sorted([1, 2], key=f)\nf(1)",
	"while":                "while True: pass",
	"load":                 `load("x.star", "y")`,
	"attribute":            "x = []\nx.y = 1",
}

func TestHostileFilesEndSoon(t *testing.T) {
	for name, src := range hostile {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := exec(src)
			var all Errors
			if !errors.As(err, &all) {
				t.Fatalf("the error is %v", err)
			}
			for _, e := range all {
				if strings.Contains(e.Message, "bug:") || len(e.Message) > 600 || !e.Pos.IsValid() {
					t.Errorf("the error at %s is %s", e.Pos, e.Message)
				}
			}
		})
	}
}

func TestErrorsHavePlaceAndCalls(t *testing.T) {
	for _, c := range []struct{ src, want string }{
		{"x = 1 + 'a'", "1:7 unknown binary op: int + string"},
		{"def f(x):\n    return x[3]\ndef g():\n    return [f([1]) for i in range(3)]\n\ny = g()",
			"2:13 list index 3 is out of range: there are 1 elements; called from g at line 4, from line 6"},
		{"x = (\n  1 +\n  y)", "3:3 undefined: y"},
		{"x = {'a': 1}['b']", `1:13 key "b" not in dict`},
		{"x = 'a'.uper()", "1:9 string has no .uper field or method; it has capitalize"},
		{"x = 3.upper", "1:12 got identifier, want newline"},
		{"x = (3).upper", "1:9 int has no .upper field or method"},
		{"x = len(1,\n", "2:1 got end of file"},
		{"x = y\nz = w", "1:5 undefined: y\n2:5 undefined: w"},
		{"load('a', 'b')", "1:1 load is not available"},
		{"  while 1:\n pass", "1:3 "},
		{"fail('no', 3)", "1:1 fail: no 3"},
		{"[].append(1, 2)", "1:1 append: got 2 arguments, want 1"},
	} {
		_, err := exec(c.src)
		var all Errors
		if !errors.As(err, &all) {
			t.Errorf("%q gives %v", c.src, err)
			continue
		}
		var lines []string
		for _, e := range all {
			lines = append(lines, strings.TrimPrefix(e.Pos.String(), "t.star:")+" "+e.Error())
		}
		if got := strings.Join(lines, "\n"); !strings.HasPrefix(got, c.want) {
			t.Errorf("%q gives\n%s\nwant\n%s", c.src, got, c.want)
		}
	}
}

func TestStepsAreDeterministic(t *testing.T) {
	const src = "x = {}\nfor i in range(1000000):\n    x['k' + str(i)] = [i]\n"
	var first string
	for range 3 {
		_, err := exec(src)
		if err == nil {
			t.Fatal("the file ends")
		}
		if first == "" {
			first = err.Error()
		}
		if err.Error() != first {
			t.Errorf("got %v, before %s", err, first)
		}
	}
}

func FuzzBounded(f *testing.F) {
	for _, src := range hostile {
		if len(src) < 300 {
			f.Add(src)
		}
	}
	f.Fuzz(func(t *testing.T, src string) {
		_, err := Exec("f.star", []byte(src), Options{MaxSteps: 20_000})
		if err != nil && strings.Contains(err.Error(), "bug:") {
			t.Errorf("%v", err)
		}
	})
}
