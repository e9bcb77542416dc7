package flowc_test

import (
	"os"
	"path/filepath"
	"testing"

	"flowc.dev/flowc"
)

// TestFoundPrograms holds every property against the programs, made small, that
// once contradicted one.
func TestFoundPrograms(t *testing.T) {
	files, err := filepath.Glob("testdata/found/*.json")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		p, err := flowc.Parse(src, filepath.Base(file))
		if err != nil {
			t.Fatal(err)
		}
		for _, family := range []string{flowc.Step, flowc.Gorgonia} {
			for _, property := range properties {
				for seed := range uint64(5) {
					s, err := newSubject(p, family)
					if err != nil {
						t.Fatalf("%s: %v", file, err)
					}
					if problem := property.holds(s, choices(seed)); problem != "" {
						t.Errorf("%s, %s family: %s: %s", file, family, property.name, problem)
					}
					s.close()
				}
			}
		}
	}
}
