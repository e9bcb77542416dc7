package ir

// forms are attributes that were found well-formed. Many nodes share them, see
// [Program.Compact]: of reads and calls nothing else is to be looked at then.
type forms struct{ ops map[form]string }

type form struct {
	first *Attr
	count int
}

// maxForms bounds the memory for attributes that no other node has.
const maxForms = 10_000

func formed(n *Node) bool {
	return (n.Op == "reg" && len(n.Args)+len(n.Kwargs) == 0 || n.Op == "call") && len(n.Attrs) > 0 && len(n.Regions) == 0
}

func (f *forms) has(n *Node) bool {
	return formed(n) && f.ops[form{&n.Attrs[0], len(n.Attrs)}] == n.Op
}

// add notes that n is well-formed.
func (f *forms) add(n *Node) {
	if !formed(n) || len(f.ops) >= maxForms {
		return
	}
	if f.ops == nil {
		f.ops = map[form]string{}
	}
	f.ops[form{&n.Attrs[0], len(n.Attrs)}] = n.Op
}
