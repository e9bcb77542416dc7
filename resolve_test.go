package flowc_test

import (
	"strings"
	"testing"

	"flowc.dev/flowc"
)

func TestCompileResolvesImports(t *testing.T) {
	const src = `{"flowc": 1, "import": ["train"], "registers": {"p": 1.0}, "outputs": ["p"], "body": [
  {"call": "sgd_step", "args": [{"reg": "p"}, 0.5, 0.1], "store": "p"}]}`
	p, err := flowc.Parse([]byte(src), "p.json")
	if err != nil {
		t.Fatal(err)
	}
	for level := range 4 {
		compiled, err := flowc.Compile(p, flowc.Options{Level: level})
		if err != nil {
			t.Fatal(err)
		}
		if len(compiled.Source.Imports) > 0 || compiled.Source.Function("sgd_step") == nil || len(compiled.Source.Functions) != 1 {
			t.Errorf("the source has the imports %v and %d functions", compiled.Source.Imports, len(compiled.Source.Functions))
		}
		m, err := compiled.Start(nil)
		if err != nil {
			t.Fatal(err)
		}
		finish(t, m)
		if got := register(t, m, "p").Float64(); got != 0.95 {
			t.Errorf("p is %v, want 0.95", got)
		}
	}
	if len(p.Imports) != 1 || len(p.Functions) != 0 {
		t.Errorf("compiling has changed the program")
	}
}

func TestImportErrors(t *testing.T) {
	for _, c := range []struct{ src, want string }{
		{`{"flowc": 1, "import": ["trian"], "body": []}`, `p.json: /import/0: there is no library "trian": did you mean "train"?`},
		{`{"flowc": 1, "import": ["layers", "zoology"], "body": []}`, `p.json: /import/1: there is no library "zoology": there are layers, train`},
		{`{"flowc": 1, "import": ["train"], "functions": {"decay": {"params": [], "returns": [], "body": []}}, "body": []}`,
			`p.json:1:49: /functions/decay: function decay has the name of one that comes with the import of train: choose another name`},
		{`{"flowc": 1, "import": ["train"], "body": [{"call": "sgd_stp"}]}`, `p.json:1:44: /body/0/call: unknown op or function "sgd_stp"`},
	} {
		p, err := flowc.Parse([]byte(c.src), "p.json")
		if err != nil {
			t.Fatal(err)
		}
		_, err = flowc.Compile(p, flowc.Options{})
		_, checked := flowc.Check(p, nil)
		if err == nil || !strings.HasPrefix(err.Error(), c.want) || checked == nil || checked.Error() != err.Error() {
			t.Errorf("got %v\nand %v\nwant %s", err, checked, c.want)
		}
	}
}

func TestCompileOptions(t *testing.T) {
	p, err := flowc.Parse([]byte(`{"flowc": 1, "body": [{"print": [1]}]}`), "p.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		o    flowc.Options
		want string
	}{
		{flowc.Options{}, "step"},
		{flowc.Options{Level: 1, Backend: flowc.Auto}, "step"},
		{flowc.Options{Level: 2}, "gorgonia"},
		{flowc.Options{Level: 3, Backend: flowc.Auto}, "gorgonia"},
		{flowc.Options{Level: 3, Backend: flowc.Step}, "step"},
		{flowc.Options{Backend: flowc.Gorgonia}, "gorgonia"},
	} {
		compiled, err := flowc.Compile(p, c.o)
		if err != nil || compiled.Backend != c.want {
			t.Errorf("%+v gives %v, %v, want %s", c.o, compiled, err, c.want)
		}
	}
	for _, c := range []struct {
		o    flowc.Options
		want string
	}{
		{flowc.Options{Level: 4}, "level 4"},
		{flowc.Options{Level: -1}, "level -1"},
		{flowc.Options{Backend: "tpu"}, `no backend "tpu": want auto, step or gorgonia`},
		{flowc.Options{Passes: "colapse"}, "did you mean collapse"},
	} {
		if _, err := flowc.Compile(p, c.o); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: the error is %v: want %q in it", c.o, err, c.want)
		}
	}
}
