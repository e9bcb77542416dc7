package ir

import (
	"fmt"
	"slices"
	"strings"
)

// A template is what an edit puts in, with metavariables of the pattern.
type template []*Node

// check reports metavariables that the pattern does not have.
func (t template) check(pattern []*Node, what string) error {
	known := map[string]bool{WholeName: true}
	for _, n := range pattern {
		checkTemplate(n, func(name string, _ bool) error { // the pattern has been checked
			known[name] = true
			return nil
		})
	}
	for _, n := range t {
		err := checkTemplate(n, func(name string, rest bool) error {
			switch {
			case name == AnyName:
				return fmt.Errorf("$_ stands for nothing in particular: give it a name in the pattern")
			case name == WholeName && rest:
				return fmt.Errorf("$0... is $0")
			case !known[name]:
				return fmt.Errorf("the pattern has no $%s", name)
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("in the %s: %w", what, err)
		}
	}
	return nil
}

// holds reports whether the metavariable stands anywhere in t.
func (t template) holds(name string) bool {
	holds := false
	for _, n := range t {
		checkTemplate(n, func(used string, _ bool) error {
			holds = holds || used == name
			return nil
		})
	}
	return holds
}

// builder makes the nodes of a template for one match.
type builder struct {
	*found
	pos Pos
}

// statements builds the statements of a body.
func (b *builder) statements(t []*Node) ([]*Node, error) {
	built := make([]*Node, 0, len(t))
	for _, n := range t {
		nodes := []*Node{nil}
		var err error
		if name, ok := n.IsMetavariable(); ok {
			nodes, err = b.bound(name)
			if err == nil && !n.Attr("store").IsNull() {
				nodes, err = b.storing(name, nodes, n.Attr("store"))
			}
		} else {
			nodes[0], err = b.node(n)
		}
		if err != nil {
			return nil, err
		}
		for _, n := range nodes {
			if s := SchemaOf(n.Op); s == nil || s.Class&(Statement|HookClause) == 0 {
				return nil, fmt.Errorf("%s would stand as a statement: store its value with a call", n.Op)
			}
		}
		built = append(built, nodes...)
	}
	return built, nil
}

// bound returns what a metavariable in the place of statements stands for.
func (b *builder) bound(name string) ([]*Node, error) {
	if name == WholeName {
		return b.whole, nil
	}
	binding := b.edited(b.Bindings[name])
	if binding.Name != "" || len(binding.Kwargs) > 0 {
		return nil, fmt.Errorf("$%s stands for %s, not for a statement", name, binding.describe())
	}
	return binding.Nodes, nil
}

// storing makes what $name stands for store to other registers.
func (b *builder) storing(name string, nodes []*Node, stores Value) ([]*Node, error) {
	if len(nodes) != 1 {
		return nil, fmt.Errorf("$%s stands for %d statements: one is to be stored", name, len(nodes))
	}
	if s := SchemaOf(nodes[0].Op); s == nil || !s.Valued {
		return nil, fmt.Errorf("$%s stands for a %s, which cannot have stores", name, nodes[0].Op)
	}
	stores, err := b.names(stores)
	return []*Node{nodes[0].WithAttr("store", stores)}, err
}

func (b *Binding) describe() string {
	switch {
	case b.Name != "":
		return fmt.Sprintf("the name %q", b.Name)
	case b.Rest:
		return fmt.Sprintf("%d arguments or statements", len(b.Nodes)+len(b.Kwargs))
	case len(b.Nodes) == 0:
		return "the whole match"
	}
	return "a " + b.Nodes[0].Op
}

// operand builds one operand.
func (b *builder) operand(t *Node) (*Node, error) {
	name, ok := t.IsMetavariable()
	if !ok {
		return b.node(t)
	}
	binding := Binding{Nodes: b.whole}
	if name != WholeName {
		binding = b.edited(b.Bindings[name])
	}
	switch {
	case binding.Name != "":
		reg := Reg(binding.Name)
		reg.Pos = b.pos
		return reg, nil
	case len(binding.Nodes) != 1 || binding.Rest:
		return nil, fmt.Errorf("$%s stands for %s, not for one operand", name, binding.describe())
	}
	n := binding.Nodes[0]
	if s := SchemaOf(n.Op); s == nil || s.Class&Expression == 0 || len(n.Stores()) > 0 || n.Region("hooks") != nil {
		return nil, fmt.Errorf("$%s stands for a statement, not for an operand", name)
	}
	return n, nil
}

// node builds a node of the template.
func (b *builder) node(t *Node) (*Node, error) {
	n := t.Copy()
	n.ID, n.Pos, n.Origins = 0, b.pos, nil
	n.Args = n.Args[:0]
	for _, arg := range t.Args {
		if arg.IsRest() {
			if err := b.spread(n, arg.Text("name")); err != nil {
				return nil, err
			}
			continue
		}
		operand, err := b.operand(arg)
		if err != nil {
			return nil, err
		}
		n.Args = append(n.Args, operand)
	}
	for _, k := range t.Kwargs {
		operand, err := b.operand(k.Node)
		if err != nil {
			return nil, err
		}
		j := slices.IndexFunc(n.Kwargs, func(other Kwarg) bool { return other.Name == k.Name })
		n.Kwargs[j].Node = operand
	}
	for i, a := range t.Attrs {
		if holdsNames(t, a.Name) {
			v, err := b.names(a.Value)
			if err != nil {
				return nil, err
			}
			n.Attrs[i].Value = v
		}
	}
	for i := range t.Regions {
		body, err := b.statements(t.Regions[i].Body)
		if err != nil {
			return nil, err
		}
		n.Regions[i].Body = body
	}
	return n, nil
}

// spread adds the arguments that a rest stands for to n.
func (b *builder) spread(n *Node, name string) error {
	binding := b.edited(b.Bindings[name])
	if binding.Name != "" || !binding.Rest {
		return fmt.Errorf("$%s... stands for %s", name, binding.describe())
	}
	for _, arg := range binding.Nodes {
		if s := SchemaOf(arg.Op); s == nil || s.Class&Expression == 0 || len(arg.Stores()) > 0 {
			return fmt.Errorf("$%s... stands for statements, not for arguments", name)
		}
	}
	n.Args = append(n.Args, binding.Nodes...)
	if len(binding.Kwargs) > 0 && !SchemaOf(n.Op).takesKeywords() {
		return fmt.Errorf("$%s... stands for the named argument %s too, and %s takes none", name, binding.Kwargs[0].Name, n.Op)
	}
	for _, k := range binding.Kwargs {
		if n.Kwarg(k.Name) == nil { // one that the template gives comes first
			n.Kwargs = append(n.Kwargs, k)
		}
	}
	slices.SortFunc(n.Kwargs, func(a, c Kwarg) int { return strings.Compare(a.Name, c.Name) })
	return nil
}

// names fills in the metavariables of a name or a list of names.
func (b *builder) names(v Value) (Value, error) {
	if list := v.List(); list != nil {
		items := make([]Value, len(list.Items))
		for i, item := range list.Items {
			var err error
			if items[i], err = b.names(item); err != nil {
				return v, err
			}
		}
		return ListOf(items...), nil
	}
	if v.Kind() != Str || !strings.Contains(v.Text(), "$") {
		return v, nil
	}
	parts := strings.Split(v.Text(), ".")
	for i, part := range parts {
		variable, ok := metavariableName(part)
		if !ok {
			continue
		}
		binding := b.Bindings[variable]
		if parts[i] = binding.register(); parts[i] == "" {
			return v, fmt.Errorf("$%s stands for %s, and a name is wanted in its place", variable, binding.describe())
		}
	}
	return String(strings.Join(parts, ".")), nil
}
