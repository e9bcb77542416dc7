package flowc_test

import (
	"strings"
	"testing"

	"flowc.dev/flowc"
)

func TestCompileRefusesWhatCannotRunYet(t *testing.T) {
	for _, c := range []struct {
		name, src string
		want      []string
	}{
		{"import", `{"flowc": 1, "import": ["train"], "body": []}`,
			[]string{"p.json: /import: import loads"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, err := flowc.Parse([]byte(c.src), "p.json")
			if err != nil {
				t.Fatal(err)
			}
			for level := range 4 {
				_, err = flowc.Compile(p, flowc.Options{Level: level})
				if err == nil {
					t.Fatal("the program is compiled")
				}
				lines := strings.Split(err.Error(), "\n")
				if len(lines) != len(c.want) {
					t.Fatalf("got %q", lines)
				}
				for i, line := range lines {
					if !strings.HasPrefix(line, c.want[i]) {
						t.Errorf("got %s, want %s", line, c.want[i])
					}
				}
			}
		})
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
