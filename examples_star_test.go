package flowc_test

import (
	"path/filepath"
	"testing"

	"flowc.dev/flowc"
	"flowc.dev/flowc/ir"
)

// The examples in Starlark give equal bits at every level of a family, and mean
// what their text in the other forms means.
func TestStarlarkExamples(t *testing.T) {
	inputs := map[string]map[string]ir.Value{"digits_layers": {"epochs": ir.WeakInt(2)}}
	for _, name := range []string{"draft_pca", "digits_layers"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, err := flowc.Load(filepath.Join("examples", name+".star"))
			if err != nil {
				t.Fatal(err)
			}
			for _, form := range flowc.Forms() {
				src, err := form.Print(p)
				if err != nil {
					t.Fatal(err)
				}
				again, err := form.Parse(src, name+form.Extension)
				if err != nil || ir.Digest(again) != ir.Digest(p) {
					t.Errorf("the form %s gives another program, %v", form.Name, err)
				}
			}
			for _, family := range []string{flowc.Step, flowc.Gorgonia} {
				var first string
				for level := range 3 {
					c, err := flowc.Compile(p, flowc.Options{Level: level, Backend: family})
					if err != nil {
						t.Fatal(err)
					}
					m, err := c.Start(inputs[name])
					if err != nil {
						t.Fatal(err)
					}
					finish(t, m)
					if got := seen(m); level == 0 {
						first = got
					} else if got != first {
						t.Errorf("%s at -O%d gives\n%sat -O0\n%s", family, level, got, first)
					}
				}
			}
		})
	}
}
