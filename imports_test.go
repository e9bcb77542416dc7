package flowc_test

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

const module = "flowc.dev/flowc"

// layers says which packages of the module each part may import beside its own
// subpackages. The most specific entry holds.
var layers = map[string][]string{
	"ir":                       {},
	"ops":                      {"ir"},
	"frontend":                 {"ir", "ops"},
	"passes":                   {"ir", "ops"},
	"passes/passtest":          {"ir", "ops", "passes", "frontend", "backend"},
	"passes/graphs/graphstest": {"ir", "ops", "passes"},
	"backend":                  {"ir", "ops"},
	"backend/region":           {"ir", "ops", "backend"},
	"backend/step":             {"ir", "ops", "backend", "backend/region"},
	"backend/gorgonia":         {"ir", "ops", "backend", "backend/region"},
	"snapshot":                 {"ir", "frontend"},
	"process":                  {"ir", "backend", "snapshot"},
	".":                        {"ir", "ops", "frontend", "passes", "backend", "backend/gorgonia", "backend/step"},
	"checkrun":                 {".", "ir", "ops", "passes", "backend"},
	"cli":                      {".", "checkrun", "process", "ir", "ops", "frontend", "passes", "backend", "snapshot"},
	"cmd":                      {"cli"},
	"bench":                    {".", "ir", "ops", "frontend", "passes", "backend"},
}

// outside says which other modules a part may import; only the parts named here
// are restricted.
var outside = map[string][]string{
	"ir":      {},
	"ops":     {"gonum.org/", "golang.org/x/sys/cpu"},
	"passes":  {},
	"backend": {},
}

// The rules hold for what users build. Tests may import more: a front end's
// tests run programs.
func TestImportsGoOneWay(t *testing.T) {
	files := 0
	err := filepath.WalkDir(".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (entry.Name() == "testdata" || strings.HasPrefix(entry.Name(), ".") && name != ".") {
			return filepath.SkipDir
		}
		if entry.IsDir() || path.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		files++
		for _, problem := range checkImports(t, filepath.ToSlash(name)) {
			t.Error(problem)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 50 {
		t.Errorf("only %d files were looked at", files)
	}
}

func checkImports(t *testing.T, name string) []string {
	f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	var problems []string
	for _, spec := range f.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		if problem := checkImport(path.Dir(name), imported); problem != "" {
			problems = append(problems, name+": "+problem)
		}
	}
	return problems
}

// checkImport returns why a package in the directory may not import another, or
// "" if it may.
func checkImport(dir, imported string) string {
	part := layerOf(dir)
	if inside, ok := strings.CutPrefix(imported+"/", module+"/"); ok {
		target := path.Clean(inside)
		if layerOf(target) == part && part != "." {
			return ""
		}
		for _, allowed := range layers[part] {
			if layerOf(target) == allowed {
				return ""
			}
		}
		return fmt.Sprintf("%s may import %q only, not %s", part, layers[part], imported)
	}
	host, _, _ := strings.Cut(imported, "/")
	if !strings.Contains(host, ".") {
		return "" // the standard library
	}
	if strings.HasPrefix(imported, "gorgonia.org/") && !within(dir, "backend/gorgonia") {
		return fmt.Sprintf("%s is imported below backend/gorgonia only", imported)
	}
	allowed, restricted := outside[part]
	for _, prefix := range allowed {
		if strings.HasPrefix(imported, prefix) {
			return ""
		}
	}
	if restricted {
		return fmt.Sprintf("%s may not import %s", part, imported)
	}
	return ""
}

// layerOf returns the most specific entry of layers that dir belongs to.
func layerOf(dir string) string {
	for ; dir != "."; dir = path.Dir(dir) {
		if _, ok := layers[dir]; ok {
			return dir
		}
	}
	return "."
}

func within(dir, part string) bool { return dir == part || strings.HasPrefix(dir, part+"/") }

func TestCheckImport(t *testing.T) {
	for _, c := range []struct {
		dir, imported string
		allowed       bool
	}{
		{"ir", "strings", true},
		{"ir", module + "/ops", false},
		{"ir", "github.com/google/go-cmp/cmp", false},
		{"ops", module + "/ir", true},
		{"ops", module + "/ops/philox", true},
		{"ops", module + "/backend", false},
		{"passes/collapse", module + "/passes/pass", true},
		{"passes/collapse", module + "/backend", false},
		{"frontend/json", module + "/passes", false},
		{"backend", module + "/passes", false},
		{"backend", module + "/backend/gorgonia", false},
		{"backend", "gorgonia.org/gorgonia", false},
		{"backend/gorgonia", "gorgonia.org/tensor", true},
		{"backend/gorgonia", module + "/backend", true},
		{".", module + "/backend/gorgonia", true},
		{".", "gorgonia.org/tensor", false},
		{"backend", module, false},
		{"cli", module, true},
		{"cli", module + "/backend/gorgonia", false},
		{"cli", "github.com/spf13/cobra", true},
		{"cmd/flowc", module + "/cli", true},
		{"cmd/flowc", module, false},
	} {
		if problem := checkImport(c.dir, c.imported); (problem == "") != c.allowed {
			t.Errorf("%s imports %s: %q", c.dir, c.imported, problem)
		}
	}
}
