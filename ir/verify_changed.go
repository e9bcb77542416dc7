package ir

import "slices"

// A Verified is a program that has been found valid. It remembers the nodes, so
// that a program made from it is verified with little work. The zero value
// remembers nothing.
type Verified struct {
	p          *Program
	ids, spare idTable
	before     *Program // whose nodes are in spare
}

// Changed is [VerifyOptimized] for a program that was made from before, which is
// valid. Of the statements that both have, only what depends on others is looked
// at again. If it is valid, it is remembered.
func (known *Verified) Changed(before, after *Program, lib Library) error {
	if known.p != before {
		known.remember(before)
	}
	v := &verifier{p: after, lib: lib, optimized: true, root: Nowhere, before: &known.ids, ids: known.spare}
	v.ids.clear()
	v.ids.reserve(&known.ids)
	if sameSlice(before.Objects, after.Objects) && sameSlice(before.Registers, after.Registers) && sameSlice(before.Inputs, after.Inputs) {
		v.surroundings = slices.EqualFunc(before.Functions, after.Functions, sameSignature)
		if slices.Equal(before.Functions, after.Functions) {
			v.kept = Kept(before.Body, after.Body)
		}
	}
	v.program()
	known.spare = v.ids
	if v.failed {
		known.p, known.before = nil, nil
		return VerifyOptimized(after, lib)
	}
	known.p, known.before = after, before
	known.ids, known.spare = known.spare, known.ids
	return nil
}

// Had reports whether n, with all that is below it, was part of the program from
// which the last one was made.
func (known *Verified) Had(n *Node) bool { return known.before != nil && known.spare.has(n) }

func (known *Verified) remember(p *Program) {
	known.ids.clear()
	count := 0
	Visit(p, func(n *Node) bool {
		if count++; n.ID != 0 && known.ids.get(n.ID) == nil {
			known.ids.set(n.ID, n, count)
		}
		return true
	})
	known.p = p
}

// sameSignature reports whether calls of f and of g are written alike.
func sameSignature(f, g *Function) bool {
	return f == g || f.Name == g.Name && slices.Equal(f.Params, g.Params) && slices.Equal(f.Returns, g.Returns)
}

// checked reports whether the statement, which computes and has no hooks, was
// found valid by an earlier look at what is declared now.
func (v *verifier) checked(n *Node) bool {
	return v.surroundings && (n.Op == "call" && len(n.Regions) == 0 || n.Op == "graph") && v.before.has(n)
}
