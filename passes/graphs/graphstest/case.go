// Package graphstest has what tests of the rules for typed graphs share: the
// goldens of the rules as statements on registers, the types on which these are
// tried, and what of it makes each rule be applied. Whoever adds a rule adds a
// golden, and from it come the laws' runs and the statements in random programs.
package graphstest

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/txtar"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ir/text"
	"flowc.dev/flowc/ops"
	"flowc.dev/flowc/passes"
)

// A Case is statements on registers of given types, from a golden file.
type Case struct {
	File, Name string
	Body       []*ir.Node
	Types      map[string]ir.Type
	Order      []string // of the types
	// Leaf is the statements as one graph leaf. It yields every register that they
	// store to.
	Leaf *ir.Node

	registry *ops.Registry
}

// Cases reads the goldens of a directory. In an archive name.flow is statements
// under a comment with the types of the registers that they read, name.want what
// becomes of them.
func Cases(dir string, registry *ops.Registry) ([]*Case, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.txtar"))
	if err != nil || len(files) == 0 {
		return nil, fmt.Errorf("%s has no goldens: %v", dir, err)
	}
	var all []*Case
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			return nil, err
		}
		for _, f := range archive.Files {
			name, ok := strings.CutSuffix(f.Name, ".flow")
			if !ok {
				continue
			}
			c, err := NewCase(name, string(f.Data), registry)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", file, err)
			}
			c.File = file
			all = append(all, c)
		}
	}
	return all, nil
}

// NewCase returns the case of statements under a comment with types.
func NewCase(name, source string, registry *ops.Registry) (*Case, error) {
	c := &Case{Name: name, Types: map[string]ir.Type{}, registry: registry}
	if err := c.read(source); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return c, nil
}

func (c *Case) read(source string) error {
	head, _, _ := strings.Cut(source, "\n")
	for _, field := range strings.Split(strings.TrimPrefix(head, "# "), "; ") {
		register, typ, ok := strings.Cut(field, ": ")
		typ, weak := strings.CutPrefix(typ, "weak ")
		parsed, err := ir.ParseType(typ)
		if !ok || err != nil {
			return fmt.Errorf("types %q: %v", head, err)
		}
		parsed.Weak = weak
		c.Types[register] = parsed
		c.Order = append(c.Order, register)
	}
	var err error
	if c.Body, err = text.ParseStatements([]byte(source), c.Name); err != nil {
		return err
	}
	leaves, err := c.leaves(passes.Options{Passes: "inline"})
	if err != nil {
		return err
	}
	if len(leaves) != 1 {
		return fmt.Errorf("the statements become %d graph leaves", len(leaves))
	}
	c.Leaf = leaves[0]
	return nil
}

// leaves returns the graph leaves that the passes make of the statements, as the
// body of a function that is called once: where calls are inlined, it is a leaf.
func (c *Case) leaves(o passes.Options) ([]*ir.Node, error) {
	o.Registry = c.registry
	q, _, err := passes.Optimize(c.program(), o)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(slices.Clone(q.Body), func(n *ir.Node) bool { return n.Op != "graph" }), nil
}

// program returns a call of a function of the statements, which returns all that
// they store, the last one's results last.
func (c *Case) program() *ir.Program {
	const name = "statements"
	last := c.Body[len(c.Body)-1].Stores()
	var stores []string
	for _, n := range c.Body {
		for _, register := range n.Stores() {
			if !slices.Contains(stores, register) && !slices.Contains(last, register) {
				stores = append(stores, register)
			}
		}
	}
	stores = append(stores, last...)
	p := &ir.Program{Inputs: c.Order, Functions: []*ir.Function{{Name: name, Params: c.Order, Returns: stores, Body: c.Body}}}
	call := &ir.Node{Op: "call", Attrs: []ir.Attr{{Name: "call", Value: ir.String(name)}}}
	for _, register := range c.Order {
		p.Registers = append(p.Registers, ir.Register{Name: register})
		call.Args = append(call.Args, ir.Reg(register))
	}
	p.Body = []*ir.Node{call.StoringTo(stores...)}
	return p.Numbered()
}

// Graph returns the typed graph for registers of the given types.
func (c *Case) Graph(types map[string]ir.Type) (*ir.Graph, error) {
	return c.specialize(c.Leaf, types)
}

func (c *Case) specialize(leaf *ir.Node, types map[string]ir.Type) (*ir.Graph, error) {
	return passes.Specialize(leaf, func(register string) (ir.Type, error) {
		t, ok := types[register]
		if !ok {
			return t, fmt.Errorf("no type for %s", register)
		}
		return t, nil
	}, c.registry)
}
