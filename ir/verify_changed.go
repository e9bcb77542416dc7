package ir

import "slices"

// A Verified is a program that has been found valid, with what the look at its
// nodes found. A program made from it is verified with little work.
type Verified struct {
	p       *Program
	ids     idTable
	nodes   int
	largest ID
	// numbered says that every place has a node of its own, with an ID of its
	// own. (A statement may share it with the optimized one that stands for it.)
	numbered bool

	wellFormed forms
	registers  map[string]bool // of the source

	before *Program // from which p was made
	spare  idTable  // the nodes of before
}

// VerifyKnown is [Verify] for a program from which others will be made.
func VerifyKnown(p *Program, lib Library) (*Verified, error) {
	v := &verifier{p: p, lib: lib, root: Nowhere}
	if v.program(); v.failed {
		return nil, Verify(p, lib)
	}
	known := &Verified{registers: v.registers}
	known.learn(v)
	return known, nil
}

// Known returns what has been found valid before.
func Known(p *Program) *Verified {
	known := &Verified{registers: registersOf(p)}
	known.remember(p)
	return known
}

// registersOf returns the registers of all scopes of the program.
func registersOf(p *Program) map[string]bool {
	found := map[string]bool{}
	scope := func(registers []Register, lists ...[]string) {
		for i := range registers {
			found[registers[i].Name] = true
		}
		for _, names := range lists {
			for _, name := range names {
				found[name] = true
			}
		}
	}
	scope(p.Registers, p.Inputs, p.Outputs)
	for _, f := range p.Functions {
		scope(f.Registers, f.Params, f.Returns)
	}
	Visit(p, func(n *Node) bool {
		for _, name := range n.EachStore() {
			found[name] = true
		}
		if counter := n.Text("as"); counter != "" {
			found[counter] = true
		}
		if n.Op == "spawn" {
			scope(nil, n.Names("in"), n.Names("out"))
		}
		return true
	})
	return found
}

// Program returns the program.
func (known *Verified) Program() *Program { return known.p }

// Nodes returns how many nodes the program has.
func (known *Verified) Nodes() int { return known.nodes }

// MaxID returns the largest ID in the program, as [Program.MaxID] does.
func (known *Verified) MaxID() ID { return known.largest }

// Numbered returns the program with an ID of its own on every node, see
// [Program.Numbered].
func (known *Verified) Numbered() *Verified {
	if known.numbered {
		return known
	}
	return Known(known.p.Numbered())
}

// Changed is [VerifyOptimized] for a program that was made from before, which is
// valid. Of the statements that both have, only what depends on others is looked
// at again. If it is valid, it is remembered.
func (known *Verified) Changed(before, after *Program, lib Library) error {
	if known.p != before {
		known.remember(before)
	}
	v := &verifier{p: after, lib: lib, optimized: true, root: Nowhere, before: &known.ids, ids: known.spare, wellFormed: known.wellFormed, registers: known.registers}
	v.ids.clear()
	v.ids.reserve(known.nodes, known.largest)
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
		return verify(verifier{p: after, lib: lib, optimized: true, registers: known.registers})
	}
	known.spare = known.ids
	known.before = before
	known.learn(v)
	return nil
}

// Had reports whether n, with all that is below it, was part of the program from
// which the last one was made.
func (known *Verified) Had(n *Node) bool { return known.before != nil && known.spare.has(n) }

// learn takes over what v has found out.
func (known *Verified) learn(v *verifier) {
	known.p, known.ids, known.wellFormed = v.p, v.ids, v.wellFormed
	known.nodes, known.largest, known.numbered = v.seen, v.largest, !v.shared
}

func (known *Verified) remember(p *Program) {
	known.ids.clear()
	known.p, known.before = p, nil
	known.nodes, known.largest, known.numbered = 0, 0, true
	Visit(p, func(n *Node) bool {
		known.nodes++
		known.largest = max(known.largest, n.ID)
		switch other := known.ids.get(n.ID); {
		case n.ID == 0 || other != nil && !standsFor(other, n):
			known.numbered = false
		case other == nil:
			known.ids.set(n.ID, n, known.nodes)
		}
		return true
	})
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
