package ir

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// replacer makes what [Replace] puts in the place of a match.
type replacer struct {
	pattern  []*Node
	template template
	whole    bool // the template has $0
}

func (r *replacer) replace(f *found) ([]*Node, error) {
	b := &builder{found: f, pos: f.Nodes[0].Pos}
	if f.Operand {
		return r.operand(b)
	}
	built, err := b.statements(r.asStatements(f))
	if err != nil || r.whole || len(r.pattern) != 1 || r.pattern[0].Op == Meta {
		return built, err
	}
	if len(built) == 0 { // of a rest that is empty
		return built, nil
	}
	return r.keep(f, built)
}

// asStatements returns the template in the place of the statement f: an operand
// that is no call is stored as x = y is.
func (r *replacer) asStatements(f *found) []*Node {
	t := r.template
	if len(r.pattern) != 1 || len(t) != 1 || SchemaOf(r.pattern[0].Op) == nil || SchemaOf(r.pattern[0].Op).Class&Expression == 0 {
		return t
	}
	class := Expression
	if name, ok := t[0].IsMetavariable(); !ok {
		class = SchemaOf(t[0].Op).Class
	} else if b := f.Bindings[name]; name == WholeName || t[0].IsRest() || !t[0].Attr("store").IsNull() {
		return t
	} else if b.Name == "" {
		class = SchemaOf(b.Nodes[0].Op).Class
	}
	if class&Statement != 0 {
		return t
	}
	return []*Node{Call("identity", t[0])}
}

func (r *replacer) operand(b *builder) ([]*Node, error) {
	if len(r.template) != 1 {
		return nil, errors.New("the match is an operand: its replacement must be one operand")
	}
	n, err := b.operand(r.template[0])
	if err != nil {
		return nil, err
	}
	if s := SchemaOf(n.Op); s == nil || s.Class&Expression == 0 || len(n.Stores()) > 0 || n.Region("hooks") != nil {
		return nil, errors.New("the match is an operand: its replacement must be an operand, not a statement")
	}
	if n.ID == 0 && n.Op == b.Nodes[0].Op {
		n = n.Copy()
		n.ID = b.Nodes[0].ID
	}
	return []*Node{n}, nil
}

// keep makes the statements built for the match f take over what neither the
// pattern nor they mention.
func (r *replacer) keep(f *found, built []*Node) ([]*Node, error) {
	pattern, old := r.pattern[0], f.whole[0]
	if stores := old.Attr("store"); !stores.IsNull() && pattern.Attr("store").IsNull() {
		last := built[len(built)-1]
		names := strings.Join(old.Stores(), ", ")
		switch {
		case !last.Attr("store").IsNull():
			return nil, fmt.Errorf("the statement stores to %s, the replacement to %s: write the stores into the pattern ($y = ...)",
				names, strings.Join(last.Stores(), ", "))
		case !SchemaOf(last.Op).Valued:
			return nil, fmt.Errorf("the statement stores to %s, and the replacement ends with %s, which has no value", names, last.Op)
		}
		built = slices.Clone(built)
		built[len(built)-1] = last.WithAttr("store", stores)
	}
	if clauses := old.Body("hooks"); len(clauses) > 0 && pattern.Region("hooks") == nil {
		if len(built) != 1 {
			built = []*Node{{Op: "seq", Pos: old.Pos, Regions: []Region{{Field: "seq", Body: built}}}}
			last := built[0].Regions[0].Body[len(built[0].Regions[0].Body)-1]
			if stores := last.Attr("store"); !stores.IsNull() && pattern.Attr("store").IsNull() {
				body := built[0].Regions[0].Body
				body[len(body)-1] = last.WithAttr("store", Value{})
				built[0] = built[0].WithAttr("store", stores)
			}
		}
		built = []*Node{withHooks(built[0], clauses)}
	}
	if len(built) != 1 || built[0].Op != old.Op || built[0].ID != 0 {
		return built, nil
	}
	n := built[0].Copy()
	n.ID = old.ID
	if n.Doc == "" {
		n.Doc = old.Doc
	}
	for _, a := range old.Attrs {
		if !slices.ContainsFunc(pattern.Attrs, func(b Attr) bool { return b.Name == a.Name }) && n.Attr(a.Name).IsNull() {
			n = n.WithAttr(a.Name, a.Value)
		}
	}
	for _, k := range old.Kwargs {
		if f := SchemaOf(n.Op).Field(k.Name); f != nil && f.Kind == NamedField && pattern.Kwarg(k.Name) == nil && n.Kwarg(k.Name) == nil {
			n.Kwargs = append(n.Kwargs, k)
			slices.SortFunc(n.Kwargs, func(a, b Kwarg) int { return strings.Compare(a.Name, b.Name) })
		}
	}
	return []*Node{n}, nil
}
