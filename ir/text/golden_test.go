package text

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"flowc.dev/flowc/ir"
	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
)

var update = flag.Bool("update", false, "rewrite the wanted parts of testdata")

// ways are what the files of a golden hold, by the extension of their names:
// each is made from the input.
var ways = map[string]func(src []byte) string{
	// The canonical text, or the problems with their lines.
	".want": func(src []byte) string { return printed(src, PrintOptions{}.Print) },
	".ids":  func(src []byte) string { return printed(src, PrintOptions{AllIDs: true}.Print) },
	// The margin holds IDs, the lines of statements follow.
	".marked": func(src []byte) string {
		o := PrintOptions{Mark: func(n *ir.Node) string {
			if n.Op == "call" {
				return fmt.Sprintf("%s %d", n.Text("call"), n.ID)
			}
			return ""
		}}
		return printed(src, func(p *ir.Program) ([]byte, error) {
			out, lines, err := o.PrintLines(p)
			ir.Walk(p, func(_ *ir.Path, n *ir.Node) bool {
				if line := lines[n]; line > 0 {
					out = fmt.Appendf(out, "%s on %d\n", n.Op, line)
				}
				return true
			})
			return out, err
		})
	},
}

func printed(src []byte, print func(*ir.Program) ([]byte, error)) string {
	p, err := Parse(src, "in.flow")
	if err != nil {
		return Caret(src, err) + "\n"
	}
	out, err := print(p)
	if err != nil {
		return err.Error() + "\n"
	}
	return string(out)
}

// TestGolden holds the layout of programs and the messages for mistakes. In an
// archive, name.flow is parsed and gives name.want and whatever else there is.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var src []byte
		var files []txtar.File
		for _, f := range archive.Files {
			way := ways[filepath.Ext(f.Name)]
			if way == nil {
				src = f.Data
				files = append(files, f)
				continue
			}
			got := way(src)
			if diff := cmp.Diff(string(f.Data), got); diff != "" && !*update {
				t.Errorf("%s: %s (-want +got):\n%s", file, f.Name, diff)
			}
			files = append(files, txtar.File{Name: f.Name, Data: []byte(got)})
			if strings.HasSuffix(f.Name, ".want") && !strings.HasPrefix(got, "in.flow:") {
				if again := way([]byte(got)); again != got {
					t.Errorf("%s: %s, formatted again, differs (-want +got):\n%s", file, f.Name, cmp.Diff(got, again))
				}
			}
		}
		if *update {
			archive.Files = files
			if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}
