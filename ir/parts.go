package ir

import "slices"

// parts goes through the operands and the regions of n, which may be part of
// the match f, and returns n with them edited: n itself if nothing changes.
func (e *editor) parts(at *Path, in editPlace, n *Node, f *found) (*Node, error) {
	schema := SchemaOf(n.Op)
	if schema == nil || optimized(n) {
		return n, nil
	}
	var changed *Node
	copied := func() *Node {
		if changed == nil {
			changed = n.Copy()
		}
		return changed
	}
	for i, arg := range n.Args {
		edited, err := e.part(operandPath(at, schema, i), in, arg, f)
		if err != nil {
			return nil, err
		}
		if edited != arg {
			copied().Args[i] = edited
		}
	}
	for i, k := range n.Kwargs {
		edited, err := e.part(kwargPath(at, schema, k.Name), in, k.Node, f)
		if err != nil {
			return nil, err
		}
		if edited != k.Node {
			copied().Kwargs[i].Node = edited
		}
	}
	counts := map[string]int{}
	for i := range n.Regions {
		r := &n.Regions[i]
		inner := regionPath(at, schema, r.Field, counts[r.Field])
		counts[r.Field]++
		edited, err := e.region(inner, in, r, f)
		if err != nil {
			return nil, err
		}
		if !slices.Equal(edited, r.Body) {
			copied().Regions[i].Body = edited
		}
	}
	if changed == nil {
		return n, nil
	}
	changed.Regions = slices.DeleteFunc(changed.Regions, func(r Region) bool { return r.Field == "hooks" && len(r.Body) == 0 })
	return changed, nil
}

// part goes through an operand that may be part of the match f.
func (e *editor) part(at *Path, in editPlace, n *Node, f *found) (*Node, error) {
	if f != nil && f.claimed[n] {
		return e.parts(at, in, n, f)
	}
	edited, err := e.operand(at, in, n)
	if err == nil && f != nil {
		f.operands[n] = edited
	}
	return edited, err
}

func (e *editor) region(at *Path, in editPlace, r *Region, f *found) ([]*Node, error) {
	if r.Field == "hooks" {
		return e.hooks(at, in, r.Body, f)
	}
	if f == nil {
		return e.body(at, 0, in, r.Body)
	}
	return e.members(at, 0, in, r.Body, f)
}

// hooks goes through hook clauses. Those that an edit has emptied are dropped.
func (e *editor) hooks(at *Path, in editPlace, clauses []*Node, f *found) ([]*Node, error) {
	in.hook = true
	edited := make([]*Node, 0, len(clauses))
	for i, clause := range clauses {
		nodes, err := e.statement(at.Item("", i), in, clause, f)
		if err != nil {
			return nil, err
		}
		if nodes[0] == clause || !emptyHook(nodes[0]) {
			edited = append(edited, nodes...)
		}
	}
	return edited, nil
}

func emptyHook(clause *Node) bool {
	return !slices.ContainsFunc(clause.Regions, func(r Region) bool { return len(r.Body) > 0 })
}

// withHooks returns the statement n with further hook clauses.
func withHooks(n *Node, clauses []*Node) *Node {
	if len(clauses) == 0 {
		return n
	}
	n = n.Copy()
	for i := range n.Regions {
		if r := &n.Regions[i]; r.Field == "hooks" {
			r.Body = append(slices.Clip(r.Body), clauses...)
			return n
		}
	}
	n.Regions = append(n.Regions, Region{Field: "hooks", Body: clauses})
	return n
}

// The paths of the parts of a node, as in [Children].

func operandPath(at *Path, schema *Schema, i int) *Path {
	for j := range schema.Fields {
		switch f := &schema.Fields[j]; f.Kind {
		case OperandField:
			return at.Child(f.Name)
		case OperandsField:
			return at.Item(f.Name, i)
		}
	}
	return at
}

func kwargPath(at *Path, schema *Schema, name string) *Path {
	if f := schema.Field(name); f != nil && f.Kind == NamedField {
		return at.Child(name)
	}
	for j := range schema.Fields {
		if f := &schema.Fields[j]; f.Kind == KeywordsField {
			return at.Child(f.Name).Child(name)
		}
	}
	return at
}

func regionPath(at *Path, schema *Schema, field string, i int) *Path {
	f := schema.Field(field)
	switch {
	case f == nil:
	case f.Kind == RegionsField:
		return at.Item(field, i)
	case f.Kind == CasesField:
		return at.Item(field, i).Child("body")
	}
	return at.Child(field)
}
