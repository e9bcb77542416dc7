package star

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"flowc.dev/flowc/ir"
)

// FuzzStar reads hostile files: none makes the front end panic or run on, and a
// program that comes out can be printed and read again.
func FuzzStar(f *testing.F) {
	for _, src := range hostile {
		f.Add(src)
	}
	for _, pattern := range []string{"../../examples/*.star", "testdata/*.star"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range files {
			src, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(string(src))
		}
	}
	o := Options{MaxSteps: 50_000}
	f.Fuzz(func(t *testing.T, src string) {
		p, err := o.Parse([]byte(src), "f.star")
		if err != nil {
			if strings.Contains(err.Error(), "bug:") {
				t.Fatal(err)
			}
			return
		}
		printed, err := Print(p)
		if err != nil {
			for _, noSuchForm := range []string{"UTF-8", "write the program in the JSON form"} {
				if strings.Contains(err.Error(), noSuchForm) {
					return
				}
			}
			t.Fatal(err)
		}
		q, err := Parse(printed, "printed.star")
		if err != nil {
			t.Fatalf("%v\nin\n%s", err, printed)
		}
		if ir.Digest(p) != ir.Digest(q) {
			t.Fatalf("the digest changes by\n%s", printed)
		}
	})
}
