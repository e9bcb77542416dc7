package region

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"flowc.dev/flowc/ops"
	"flowc.dev/flowc/passes/graphs"
	"flowc.dev/flowc/passes/graphs/graphstest"
)

var update = flag.Bool("update", false, "rewrite the wanted parts of testdata")

// TestGoldens shows how graphs are divided into kernels and where these keep what
// they compute. In an archive name.flow is statements under a comment with the
// types of the registers that they read, name.want the graph of what they
// store, and the kernels.
func TestGoldens(t *testing.T) {
	const file = "testdata/kernels.txtar"
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	old := map[string]string{}
	var files []txtar.File
	for _, f := range archive.Files {
		name, isSource := strings.CutSuffix(f.Name, ".flow")
		if !isSource {
			old[f.Name] = string(f.Data)
			continue
		}
		files = append(files, f, txtar.File{Name: name + ".want", Data: []byte(golden(t, name, string(f.Data)))})
	}
	if *update {
		archive.Files = files
		if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	for _, f := range files {
		if diff := cmp.Diff(old[f.Name], string(f.Data)); strings.HasSuffix(f.Name, ".want") && diff != "" {
			t.Errorf("%s (-want +got)\n%s", f.Name, diff)
		}
	}
}

// golden returns the graph of statements and its kernels, whose results it
// compares with those of the ops one by one.
func golden(t *testing.T, name, source string) string {
	registry := ops.Standard()
	b := newBuilder(t, registry)
	c, err := graphstest.NewCase(name, source, registry)
	if err != nil {
		t.Fatal(err)
	}
	for i, register := range c.Order {
		b.order = append(b.order, register)
		b.values[register] = special(c.Types[register].DType, i+1, c.Types[register].Shape...)
	}
	g, err := c.Graph(c.Types)
	if err != nil {
		t.Fatal(name, err)
	}
	b.graph = *g
	m, err := b.code().Machine(b.inputs())
	if err != nil {
		t.Fatal(name, err)
	}
	sameBits(t, name, b.exec(), b.reference())
	return "graph\n" + graphs.Format(g) + "kernels\n" + kernels(m)
}

// kernels lists the kernels of a machine that has no engine.
func kernels(m *Machine) string {
	var b strings.Builder
	for _, r := range m.Regions {
		if r == nil {
			continue
		}
		for _, k := range r.kernels {
			switch k := k.(type) {
			case *elementwiseKernel:
				fmt.Fprintf(&b, "%s, by %d of %d rows:", k.label, k.rows, k.shape[0])
				for i := range k.reads {
					fmt.Fprintf(&b, " #%d", k.reads[i].slot)
					if k.reads[i].whole && len(m.Layout.Graph.Types[k.reads[i].slot].Shape) > 0 {
						b.WriteString(" broadcast")
					}
				}
				b.WriteString(" ->")
				for i := range k.writes {
					fmt.Fprintf(&b, " #%d%s", k.writes[i].slot, m.storage(k.writes[i].slot, nil))
				}
				for i := range k.ends {
					fmt.Fprintf(&b, " #%d", k.ends[i].slot)
				}
			case *referenceKernel:
				fmt.Fprintf(&b, "%s:", k.op)
				for _, v := range k.from {
					if v >= 0 {
						fmt.Fprintf(&b, " #%d", v)
					}
				}
				fmt.Fprintf(&b, " -> #%d%s", k.first, m.storage(k.first, k.from))
			}
			b.WriteByte('\n')
		}
	}
	fmt.Fprintln(&b, m.Plan)
	return b.String()
}

// storage says where value v, which is computed from others, is kept.
func (m *Machine) storage(v int, from []int) string {
	at := m.Plan.Buffer[v]
	switch {
	case at < 0:
		return ""
	case slices.ContainsFunc(from, func(x int) bool { return x >= 0 && m.Plan.Buffer[x] == at }):
		return fmt.Sprintf(" in place, buffer %d", at)
	}
	return fmt.Sprintf(" in buffer %d", at)
}
