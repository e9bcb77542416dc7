package star

import (
	"strings"
	"testing"

	"flowc.dev/flowc/frontend/star/bounded"
)

func TestMistakes(t *testing.T) {
	for _, c := range []struct{ src, want string }{
		{"x = 1", "t.star: the file makes no program: end it with program(body=[...]), or with .run() of a statement"},
		{"program(body=[PRINT(1)\n", "t.star:2:1: got end of file, want ']'"},
		{"program(body=[PRNT(1)])", "t.star:1:15: undefined: PRNT"},
		{"program()\nprogram()", "t.star:2:1: program: the file has a program already, at 1:1: want one"},
		{"program()\nPRINT(1).run()", "t.star:2:1: run: the file has a program already, at 1:1"},
		{"PRINT(1).run()\nprogram()", "t.star:2:1: program: the file runs a statement too"},
		{"PRINT(1).run(3)", "t.star:1:1: run: the file only constructs the program: limit its steps by flowc --max-steps=n"},
		{"program(body=[1])", "t.star:1:1: program: body: found 1: want a statement or a list of statements"},
		{"program(body=[reg('x')])", "t.star:1:1: program: body: found reg(\"x\"): want a statement; to store it write ASSIGN(\"name\", ...)"},
		{"program(body=[HOOK(after=PRINT(1))])", "t.star:1:1: program: body: found a HOOK among statements: give it to a statement by hooks=[...]"},
		{"program(boddy=[])", `t.star:1:1: program: unexpected keyword argument "boddy" (did you mean body?)`},
		{"program(body=REPEAT(3, PRINT(1), 'i', 4))", "t.star:1:14: REPEAT: got 4 arguments: want at most 3, (repeat, body, as)"},
		{"program(body=REPEAT(3))", "t.star:1:14: REPEAT: body is missing: want statements to run"},
		{"program(body=REPEAT(3, [], countr='i'))", `t.star:1:14: REPEAT: no parameter "countr": want one of repeat, counter, body, store_to, hooks, doc`},
		{"program(body=REPEAT(3, [], body=[]))", "t.star:1:14: REPEAT: body is given twice"},
		{"program(body=REPEAT(3, [], counter=4))", "t.star:1:14: REPEAT: as is 4: want a name, as a string or reg(..)"},
		{"program(body=PRINT(1, doc=2))", "t.star:1:14: PRINT: doc is 2: want a text"},
		{"program(body=PRINT(PRINT(1)))", "t.star:1:14: PRINT: print: found the PRINT: want an expression"},
		{"program(body=PRINT(len))", "t.star:1:14: PRINT: print: found len: want a number, string, list, dict or expression"},
		{"program(body=PRINT(10 ** 3))", "t.star:1:25: got '**', want"},
		{"program(body=PRINT(99999999999999999999))", "t.star:1:14: PRINT: print: the whole number 99999999999999999999 does not fit 64 bits"},
		{"def f(x):\n    return x\nprogram(body=CALL(f, 1))", "t.star:3:14: CALL: found the def f: a def runs while the program is constructed; make it a function of the program by FUNCTION(f)"},
		{"program(body=IF(reg('x') < 3 and True, []))", "t.star:1:17: the value of the call of less is known only when the program runs: decide by IF("},
		{"if reg('x'):\n    program()", "t.star:1:4: the value of reg(\"x\") is known only when the program runs"},
		{"x = [i for i in [1] if reg('x')]", "t.star:1:24: the value of reg(\"x\") is known only"},
		{"x = bool(reg('x'))", "t.star:1:5: the value of reg(\"x\") is known only"},
		{"x = {reg('x'): 1}", "t.star:1:"},
		{"x = reg('x') << 2", "t.star:1:14: expressions have no operator <<"},
		{"x = 1 in reg('x')", "t.star:1:7: expressions have no operator in"},
		{"x = data.normal(rows=1, columns=reg('x'))", "t.star:1:5: data.normal: columns is reg(\"x\"): want a literal, or a tensor, list or dict of literals"},
		{"x = data.norml(rows=1)", "t.star:1:10: namespace has no .norml field or method; it has array, digits, normal"},
		{"x = data.normal(rows=1, cols=1)\nprogram(body=x.nxt())", "t.star:2:16: object has no .nxt field or method; it has next, position, rewind"},
		{"x = IMPORT('trian')", `t.star:1:5: IMPORT: there is no library "trian": did you mean "train"?`},
		{"x = IMPORT('layers').liner", "t.star:1:22: library has no .liner field or method; it has linear"},
		{"x = tensor('f16', 1)", `t.star:1:5: tensor: unknown dtype "f16": want one of`},
		{"x = tensor('u8', [1, 256])", "t.star:1:5: tensor: element 1 is 256: want a whole number within u8"},
		{"x = tensor('f32', [[1, 2], [3]])", "t.star:1:5: tensor: data is not a regular array: found a value of type list among lists of 2"},
		{"x = tensor('f32', [1, 2, 3], shape=[2, 2])", "t.star:1:5: tensor: data has the shape [3]: want [2,2], or one flat list of 4"},
		{"x = tensor('f32', shape=[100000, 100000], fill=0)", "t.star:1:5: tensor: a f32 tensor of shape [100000,100000] exceeds the limit"},
		{"x = tensor('f32')", "t.star:1:5: tensor: want either data, or shape and fill"},
		{"def f(x, *y):\n    return x\nFUNCTION(f)", "t.star:3:1: FUNCTION: the def f has other than plain parameters"},
		{"def f(x, y=1):\n    return x\nFUNCTION(f)", "t.star:3:1: FUNCTION: the parameter y of the def f has a default"},
		{"FUNCTION(lambda x: x)", "t.star:1:1: FUNCTION: a lambda has no name: give one by name="},
		{"def f(x):\n    return PRINT(x)\nFUNCTION(f)", "t.star:3:1: FUNCTION: the results of the def f: found the PRINT: want an expression"},
		{"def f(x):\n    return g(x)\ndef g(x):\n    return x + [][0]\nFUNCTION(f)", "t.star:4:18: list index 0 is out of range: there are 0 elements; called from f at line 2, from line 5"},
		{"def f(n):\n    return REPEAT(n)\nprogram(body=f(3))", "t.star:2:12: REPEAT: body is missing: want statements to run; called from line 3"},
		{"x = numpy.random.RandomState(1).randn(3)", "t.star:1:5: randn: got 1 extents: want (rows, cols); draw other shapes by rng(seed=..).normal(shape)"},
		{"program(body=PRINT(numpy.random.RandomState(1).randn(3, 1)))", "t.star:1:14: PRINT: print: the draws of randn are made when the program runs: give them to Dataset"},
		{"program(body=SWITCH(1, [CASE(1, []), []]))", "t.star:1:14: SWITCH: cases: some branches have a CASE and others have none"},
		{"program(body=SWITCH(1, {1.5: []}))", "t.star:1:14: SWITCH: cases: a case is for 1.5: want a whole number, True, False or a string"},
		{"program(body=POPEN('ls', timeout='soon'))", `t.star:1:14: POPEN: timeout is the string "soon": want a duration such as "10s"`},
		{"program(body=WEAVE([[]], turn='step by step'))", "t.star:1:14: WEAVE: turn is the string \"step by step\": want one of step, statement"},
		{"load('a.star', 'b')\nprogram()", "t.star:1:1: load is not available"},
	} {
		got := problems(t, c.src)
		if len(got) == 0 || !strings.HasPrefix(got[0], c.want) {
			t.Errorf("%s\ngives %s\nwant  %s", c.src, strings.Join(got, "\n      "), c.want)
		}
	}
}

func TestAllMistakesAreReported(t *testing.T) {
	got := problems(t, "a = REPEAT(3)\nb = SEQ([a, PRINT(PRINT())])\nc = reg(4) + 1\nprogram(body=[b, CALL(5), PRINT(c)])")
	want := []string{"t.star:1:5: REPEAT: body is missing", "t.star:2:13: PRINT: print: found the PRINT", "t.star:3:5: reg: found 4: want the name", "t.star:4:18: CALL: found 5: want an op"}
	if len(got) != len(want) {
		t.Fatalf("got\n%s", strings.Join(got, "\n"))
	}
	for i := range want {
		if !strings.HasPrefix(got[i], want[i]) {
			t.Errorf("got %s, want %s", got[i], want[i])
		}
	}
	many := problems(t, "[reg(1) for i in range(1000)]\nprogram()")
	if len(many) != maxProblems+1 || !strings.Contains(many[maxProblems], "evaluation stopped after 100 problems") {
		t.Errorf("%d problems, the last is %s", len(many), many[len(many)-1])
	}
}

// hostile files would make programs, or values of them, without end.
var hostile = map[string]string{
	"shared statements":    "s = PRINT(1)\nfor i in range(100): s = SEQ([s, s])\ns.run()",
	"shared expressions":   "x = reg('x')\nfor i in range(100): x = x + x\nprogram(body=PRINT(x))",
	"shared lists":         "x = [1]\nfor i in range(100): x = [x, x]\nprogram(body=PRINT(x))",
	"shared literals":      "x = [1]\nfor i in range(100): x = [x, x]\nprogram(body=PRINT(const(x)))",
	"shared bodies":        "x = [PRINT(1)]\nfor i in range(100): x = [x, x]\nprogram(body=x)",
	"shared in two bodies": "s = SEQ([PRINT(i) for i in range(1000)])\nprogram(body=[SEQ([s] * 900), SEQ([s] * 900)])",
	"deep statements":      "s = PRINT(1)\nfor i in range(100000): s = SEQ([s])\ns.run()",
	"deep expressions":     "x = reg('x')\nfor i in range(100000): x = -x\nprogram(body=PRINT(x))",
	"deep fields":          "x = reg('x')\nfor i in range(1000000): x = x.aaaaaaaaaaaaaaaaaaaaaaaaaa\nprogram(body=PRINT(x))",
	"deep lists":           "x = []\nfor i in range(100000): x = [x]\nprogram(body=PRINT(x))",
	"deep bodies":          "x = []\nfor i in range(100000): x = [x]\nprogram(body=x)",
	"many terms":           "x = [reg('x') for i in range(100000000)]",
	"many statements":      "program(body=[PRINT(i) for i in range(1000000)])",
	"wide tensor":          "x = tensor('f32', [0] * 100000000)",
	"many tensors":         "d = [0] * 100000\nx = [tensor('f64', d) for i in range(100000)]",
	"shared objects":       "v = [0] * 100000\nx = [data.array(values=tensor('f64', v)) for i in range(10000)]",
	"constants of objects": "v = [0] * 10000\nx = [Dataset([v] * 1000) for i in range(10000)]",
	"shared in functions":  "def f(x):\n    for i in range(100): x = [x, x]\n    return x\nFUNCTION(f)\nprogram()",
}

func TestHostileFilesEndSoon(t *testing.T) {
	for name, src := range hostile {
		t.Run(name, func(t *testing.T) {
			_, err := Options{MaxSteps: 1_000_000}.Parse([]byte(src), "t.star")
			if err == nil {
				t.Fatal("the file makes a program")
			}
			for _, line := range strings.Split(err.Error(), "\n") {
				if strings.Contains(line, "bug:") || len(line) > 600 {
					t.Errorf("%s", line)
				}
			}
		})
	}
}

// A traced function is as large as what its def computes, however often its
// parts are used.
func TestTracingKeepsSharing(t *testing.T) {
	p := mustParse(t, "def f(x):\n    for i in range(50): x = x * x\n    return x\nFUNCTION(f)\nprogram()")
	if n := len(p.Functions[0].Body); n != 50 {
		t.Errorf("the function has %d statements, want 50", n)
	}
}

func TestLimits(t *testing.T) {
	_, err := Options{MaxSteps: 1000}.Parse([]byte("x = [i for i in range(1000)]\nprogram()"), "t.star")
	if err == nil || !strings.HasPrefix(err.Error(), "t.star:1:8: evaluating the file takes more than 1000 steps") {
		t.Errorf("got %v", err)
	}
	_, err = Parse(make([]byte, bounded.MaxSource+1), "t.star")
	if err == nil || !strings.Contains(err.Error(), "the file has 8388609 bytes: want at most 8388608") {
		t.Errorf("got %v", err)
	}
}
