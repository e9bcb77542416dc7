package text

import (
	"strings"
	"testing"

	"flowc.dev/flowc/ir"
)

// Patterns print as they are read.
func TestParsePattern(t *testing.T) {
	for _, c := range []struct{ src, want string }{
		{"layer.cd_step($args...)", "layer.cd_step($args...)"},
		{"$layer.step($x, rate=$r)", "$layer.step($x, rate=$r)"},
		{"$y = matmul($x, $p.W) + b", "$y = $x @ $p.W + b"},
		{"$x + 1", "add($x, 1)"},
		{"$x[0]", "$x[0]"},
		{"$x", "$x"},
		{"$x.W", "$x.W"},
		{"h = $x", "h = $x"},
		{"$body...", "$body..."},
		{"{ $0; print h }", "$0|print h"},
		{"{ }", ""},
		{"repeat $n { $body... }", "repeat $n {|    $body...|}"},
		{"repeat $n as $i { $body...; x = f($i) }", "repeat $n as $i {|    $body...|    x = f($i)|}"},
		{"print $a, $b...", "print $a, $b..."},
		{"x = grad $f($args...) wrt $p", "x = grad $f($args...) wrt $p"},
		{"x = f(1)\ny = $z", "x = f(1)|y = $z"},
		{"1", "1"},
		{"if $c { $a... } else { $b... }", "if $c {|    $a...|} else {|    $b...|}"},
	} {
		body, err := ParsePattern([]byte(c.src), "pattern")
		if err != nil {
			t.Errorf("%s: %v", c.src, err)
			continue
		}
		var lines []string
		for _, n := range body {
			out, err := PrintOptions{Pattern: true}.PrintNode(n)
			if err != nil {
				t.Errorf("%s: %v", c.src, err)
			}
			lines = append(lines, strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")...)
		}
		if got := strings.Join(lines, "|"); got != c.want {
			t.Errorf("%s: got %s, want %s", c.src, got, c.want)
		}
	}
}

func TestMetavariables(t *testing.T) {
	body, err := ParsePattern([]byte("$y = $call\nf($x, $rest...)"), "pattern")
	if err != nil {
		t.Fatal(err)
	}
	if n := body[0]; n.Op != ir.Meta || n.Text("name") != "call" || n.IsRest() || len(n.Stores()) != 1 || n.Stores()[0] != "$y" {
		t.Errorf("a stored metavariable is %+v", n)
	}
	if args := body[1].Args; args[0].Text("name") != "x" || args[0].IsRest() || args[1].Text("name") != "rest" || !args[1].IsRest() {
		t.Errorf("metavariable arguments are %+v, %+v", args[0], args[1])
	}
}

func TestPatternMistakes(t *testing.T) {
	for src, want := range map[string]string{
		"f(":        "pattern:1:3: found the end of the file",
		"$x $y":     "pattern:1:4: found $y: want the end of the statement",
		"{ print x": "pattern:1:1: found no } for this brace",
		"{ } x":     "pattern:1:5: found x: want the end",
		"x = 1 }":   "pattern:1:7: found }: want the end",
		"program a": "pattern:1:1: found the declaration of a program within statements",
	} {
		body, err := ParsePattern([]byte(src), "pattern")
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: got %v and %v, want %s", src, body, err, want)
		}
	}
	if _, err := Parse([]byte("x = f($y)"), ""); err == nil {
		t.Error("a program has a metavariable")
	}
}

func TestParseParts(t *testing.T) {
	body, err := ParseStatements([]byte("x = f(1)\nprint x"), "part")
	if err != nil || len(body) != 2 || body[1].Op != "print" {
		t.Errorf("got %v, %v", body, err)
	}
	n, err := ParseExpression([]byte("x + 1\n"), "part")
	if err != nil || n.Text("call") != "add" {
		t.Errorf("got %v, %v", n, err)
	}
	for _, src := range []string{"x = 1", "", "x y", "x }"} {
		if n, err := ParseExpression([]byte(src), "part"); err == nil {
			t.Errorf("%q is the expression %v", src, n)
		}
	}
}

func TestPrintRefusesWhatTheFormCannotSay(t *testing.T) {
	loose := ir.Register{Name: "r", Fixed: true, Type: ir.Type{Kind: ir.Str}}
	for _, c := range []struct {
		program *ir.Program
		want    string
	}{
		{&ir.Program{Registers: []ir.Register{loose}}, `printing .flow: register "r" has the fixed type string, which the form cannot say`},
		{&ir.Program{Body: []*ir.Node{ir.Reg("x")}}, `printing .flow: found "reg": want a statement`},
		{&ir.Program{Body: []*ir.Node{nil}}, `printing .flow: a statement is missing`},
		{&ir.Program{Body: []*ir.Node{{Op: "repeat"}}}, `printing .flow: the node with ID 0 at -: repeat has 0 operands: want 1`},
		{&ir.Program{Body: []*ir.Node{ir.Call("f", nil)}}, `printing .flow: an operand is missing`},
		{&ir.Program{Body: []*ir.Node{ir.Call("f", ir.Call("g").StoringTo("x"))}}, `printing .flow: the call with ID 0 at - has stores or hooks and stands as an operand`},
		{&ir.Program{Registers: []ir.Register{{Name: "r", Init: ir.Const(ir.Unset())}}}, `printing .flow: a value of the kind unset has no literal`},
	} {
		if _, err := Print(c.program); err == nil || err.Error() != c.want {
			t.Errorf("got %v\nwant %s", err, c.want)
		}
	}
}
