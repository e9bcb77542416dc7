package star

import (
	"fmt"

	"go.starlark.net/starlark"

	"flowc.dev/flowc/frontend/star/bounded"
	"flowc.dev/flowc/ir"
)

// body returns the statements that a value stands for: a statement, a list of
// bodies, or None for no statement.
func (c *call) body(v starlark.Value) ([]*term, error) {
	var statements []*term
	return statements, c.addBody(&statements, v, 0)
}

func (c *call) addBody(statements *[]*term, v starlark.Value, depth int) error {
	if err := bounded.Charge(c.thread, 1); err != nil {
		return fatal{err}
	}
	if depth > maxValueDepth {
		return fmt.Errorf("lists are nested more than %d deep", maxValueDepth)
	}
	switch v := v.(type) {
	case starlark.NoneType:
		return nil
	case *term:
		t, err := c.statement(v)
		if err == nil {
			*statements = append(*statements, t)
		}
		return err
	case *starlark.Builtin:
		if op := wordOf(v); op != "" { // BREAK without parentheses
			t, err := c.newTerm(op, parts{})
			if err == nil {
				*statements = append(*statements, t)
			}
			return err
		}
	}
	list, ok := items(v)
	if !ok {
		return fmt.Errorf("found %s: want a statement or a list of statements", describe(v))
	}
	for _, item := range list {
		if err := c.addBody(statements, item, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// wordOf returns the element that is a mere word which a constructor makes, or
// "".
func wordOf(v *starlark.Builtin) string {
	switch v.Name() {
	case "BREAK":
		return "break"
	case "CONTINUE":
		return "continue"
	}
	return ""
}

// statement returns t if it may stand in a body.
func (c *call) statement(t *term) (*term, error) {
	switch {
	case t.isBroken():
		return nil, errBroken
	case t.node.Op == "hook":
		return nil, fmt.Errorf("found a HOOK among statements: give it to a statement by hooks=[...]")
	case !t.isStatement():
		return nil, fmt.Errorf("found %s: want a statement; to store it write ASSIGN(\"name\", ...)", t)
	}
	return t, nil
}

// strands returns the bodies in a list.
func (c *call) strands(field string, v starlark.Value) ([]regionParts, error) {
	list, ok := items(v)
	if !ok {
		return nil, fmt.Errorf("found %s: want a list of statements or lists of statements, one a strand", describe(v))
	}
	regions := make([]regionParts, len(list))
	for i, item := range list {
		body, err := c.body(item)
		if err != nil {
			return nil, err
		}
		regions[i] = regionParts{field: field, body: body}
	}
	return regions, nil
}

// A branch is a labelled branch of a SWITCH.
type branch struct {
	starlark.Value // None, for the methods
	region         regionParts
}

func (*branch) String() string { return "CASE" }
func (*branch) Type() string   { return "case" }

// newCase makes CASE(when, body, doc="").
func newCase(c *call) (starlark.Value, error) {
	var when, body starlark.Value
	var doc string
	if err := starlark.UnpackArgs(c.name, c.args, c.kwargs, "when", &when, "body", &body, "doc?", &doc); err != nil {
		return nil, unpackError(err)
	}
	region, err := c.branch(when, body)
	region.doc = doc
	return &branch{starlark.None, region}, err
}

func (c *call) branch(when, body starlark.Value) (regionParts, error) {
	label, err := c.literal(when)
	if err != nil {
		return regionParts{}, err
	}
	if label.Kind() != ir.Str && (!label.IsScalar() || label.DType().IsFloat()) {
		return regionParts{}, fmt.Errorf("a case is for %s: want a whole number, True, False or a string", describe(when))
	}
	statements, err := c.body(body)
	return regionParts{field: "cases", when: label, body: statements}, err
}

// cases returns the branches in a dict by label, in a list of CASE(...), or in
// a list whose positions are the labels.
func (c *call) cases(v starlark.Value) ([]regionParts, error) {
	var regions []regionParts
	if dict, ok := v.(*starlark.Dict); ok {
		for when, body := range dict.Entries() {
			region, err := c.branch(when, body)
			if err != nil {
				return nil, err
			}
			regions = append(regions, region)
		}
		return regions, nil
	}
	list, ok := items(v)
	if !ok {
		return nil, fmt.Errorf("found %s: want the branches, as a dict from labels to bodies, a list of CASE(..), or a list of bodies", describe(v))
	}
	labelled := 0
	for i, item := range list {
		if b, ok := item.(*branch); ok {
			labelled++
			regions = append(regions, b.region)
			continue
		}
		region, err := c.branch(starlark.MakeInt(i), item)
		if err != nil {
			return nil, err
		}
		regions = append(regions, region)
	}
	if labelled > 0 && labelled < len(list) {
		return nil, fmt.Errorf("some branches have a CASE and others have none: want one for each or for none")
	}
	return regions, nil
}

// hooks returns the HOOKs in a list.
func (c *call) hooks(v starlark.Value) ([]*term, error) {
	list, ok := items(v)
	if !ok {
		list = []starlark.Value{v}
	}
	terms := make([]*term, len(list))
	for i, item := range list {
		t, ok := item.(*term)
		if !ok || !t.isBroken() && t.node.Op != "hook" {
			return nil, fmt.Errorf("found %s in hooks: want HOOK(before=.., after=..)", describe(item))
		}
		if t.isBroken() {
			return nil, errBroken
		}
		terms[i] = t
	}
	return terms, nil
}
