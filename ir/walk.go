package ir

import (
	"strconv"
	"strings"
)

// A Path is the place of a node in a program, as the JSON form spells it. It is
// valid during the visit only.
type Path struct {
	parent *Path
	key    string
	index  int // -1 when the step is a key only
	depth  int
}

// Nowhere is the place of everything in a walk that has no use for places, which
// then costs no allocation.
var Nowhere = &Path{index: -1}

// Child returns the path of the value under key.
func (p *Path) Child(key string) *Path { return p.Item(key, -1) }

// Item returns the path of an element of the array under key; an empty key
// means that the path itself is the array.
func (p *Path) Item(key string, index int) *Path {
	if p == Nowhere {
		return p
	}
	child := &Path{parent: p, key: key, index: index, depth: 1}
	if p != nil {
		child.depth = p.depth + 1
	}
	return child
}

// Pointer returns the path as a JSON pointer (RFC 6901).
func (p *Path) Pointer() string {
	var steps []string
	for ; p != nil; p = p.parent {
		if p.index >= 0 {
			steps = append(steps, strconv.Itoa(p.index))
		}
		if p.key != "" {
			steps = append(steps, EscapePointer(p.key))
		}
	}
	var b strings.Builder
	for i := len(steps) - 1; i >= 0; i-- {
		b.WriteByte('/')
		b.WriteString(steps[i])
	}
	return b.String()
}

// EscapePointer returns key as one token of a JSON pointer.
func EscapePointer(key string) string { return pointerEscapes.Replace(key) }

var pointerEscapes = strings.NewReplacer("~", "~0", "/", "~1")

// Walk visits every node of p in source order, parents first: objects'
// arguments, registers' values, functions, body. When visit returns false, the
// node's children are passed over.
func Walk(p *Program, visit func(*Path, *Node) bool) { walk(nil, p, visit) }

// Visit is [Walk] without places.
func Visit(p *Program, visit func(*Node) bool) {
	walk(Nowhere, p, func(_ *Path, n *Node) bool {
		VisitNode(n, visit)
		return false
	})
}

// VisitNode is [WalkNode] without places.
func VisitNode(n *Node, visit func(*Node) bool) {
	if !visit(n) {
		return
	}
	if len(n.Kwargs)+len(n.Regions) == 0 {
		for _, arg := range n.Args {
			VisitNode(arg, visit)
		}
		return
	}
	Children(Nowhere, n, func(_ *Path, _ *Field, child *Node) { VisitNode(child, visit) })
}

func walk(root *Path, p *Program, visit func(*Path, *Node) bool) {
	for i := range p.Objects {
		at := root.Child("objects").Child(p.Objects[i].Name)
		for _, k := range p.Objects[i].Args {
			WalkNode(at.Child(k.Name), k.Node, visit)
		}
	}
	walkRegisters(root, p.Registers, visit)
	for _, f := range p.Functions {
		at := root.Child("functions").Child(f.Name)
		walkRegisters(at, f.Registers, visit)
		walkBody(at, "body", f.Body, visit)
	}
	walkBody(root, "body", p.Body, visit)
}

func walkRegisters(at *Path, registers []Register, visit func(*Path, *Node) bool) {
	for i := range registers {
		if init := registers[i].Init; init != nil {
			WalkNode(at.Child("registers").Child(registers[i].Name), init, visit)
		}
	}
}

func walkBody(at *Path, key string, body []*Node, visit func(*Path, *Node) bool) {
	for i, n := range body {
		WalkNode(at.Item(key, i), n, visit)
	}
}

// WalkNode visits n and everything below it, parents first.
func WalkNode(at *Path, n *Node, visit func(*Path, *Node) bool) {
	if !visit(at, n) {
		return
	}
	Children(at, n, func(at *Path, _ *Field, child *Node) { WalkNode(at, child, visit) })
}

// Children visits the operands of n and the statements of its regions, one
// level deep, in source order, with the schema field that holds each.
func Children(at *Path, n *Node, visit func(*Path, *Field, *Node)) {
	if len(n.Args)+len(n.Kwargs)+len(n.Regions) == 0 {
		return
	}
	s := SchemaOf(n.Op)
	if s == nil {
		return
	}
	for i := range s.Fields {
		f := &s.Fields[i]
		switch f.Kind {
		case OperandField:
			for _, arg := range n.Args {
				visit(at.Child(f.Name), f, arg)
			}
		case OperandsField:
			for j, arg := range n.Args {
				visit(at.Item(f.Name, j), f, arg)
			}
		case NamedField:
			if k := n.Kwarg(f.Name); k != nil {
				visit(at.Child(f.Name), f, k)
			}
		case KeywordsField:
			for _, k := range n.Kwargs {
				visit(at.Child(f.Name).Child(k.Name), f, k.Node)
			}
		case RegionField, RegionsField, CasesField, StatementField:
			index := 0
			for r := range n.Regions {
				region := &n.Regions[r]
				if region.Field != f.Name {
					continue
				}
				inner := at.Child(f.Name)
				switch f.Kind {
				case RegionsField:
					inner = at.Item(f.Name, index)
				case CasesField:
					inner = at.Item(f.Name, index).Child("body")
				}
				index++
				for j, child := range region.Body {
					visit(inner.Item("", j), f, child)
				}
			}
		}
	}
}
