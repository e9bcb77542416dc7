package ir

// Compact moves the nodes of p together, in the order of the text, and makes
// equal attributes of reads and calls one, so that passes over a large program
// find the memory that they need next close by. It is for front ends, before the
// program is handed out, if no node stands at two places.
func (p *Program) Compact() {
	c := compacter{attrs: map[attrKey][]Attr{}}
	for i := range p.Objects {
		for j := range p.Objects[i].Args {
			c.move(&p.Objects[i].Args[j].Node)
		}
	}
	c.registers(p.Registers)
	for _, f := range p.Functions {
		c.registers(f.Registers)
		c.body(f.Body)
	}
	c.body(p.Body)
}

type compacter struct {
	attrs map[attrKey][]Attr
	nodes []Node  // for the next ones
	args  []*Node // for the next operands
}

// attrKey tells the attributes of a reg, or of a call that stores to one register
// or to none.
type attrKey struct {
	op, name, store string
	stores          bool
}

// So many nodes and operands are together at the most: 4 kilobytes of each.
const (
	compactNodes = 24
	compactArgs  = 512
)

func (c *compacter) registers(registers []Register) {
	for i := range registers {
		if registers[i].Init != nil {
			c.move(&registers[i].Init)
		}
	}
}

// body moves the statements next to each other, for passes that look at no more
// than what they are, and then what is below each.
func (c *compacter) body(body []*Node) {
	for i := range body {
		c.place(&body[i])
	}
	for _, n := range body {
		c.below(n)
	}
}

// move puts the node at the place, and what is below it, into the room.
func (c *compacter) move(at **Node) {
	c.place(at)
	c.below(*at)
}

func (c *compacter) place(at **Node) {
	if len(c.nodes) == 0 {
		c.nodes = make([]Node, compactNodes)
	}
	n := &c.nodes[0]
	c.nodes = c.nodes[1:]
	*n = **at
	*at = n
	c.share(n)
}

func (c *compacter) below(n *Node) {
	if k := len(n.Args); k > 0 && k <= compactArgs {
		if len(c.args) < k {
			c.args = make([]*Node, compactArgs)
		}
		args := c.args[:k:k]
		c.args = c.args[k:]
		copy(args, n.Args)
		n.Args = args
	}
	for i := range n.Args {
		c.move(&n.Args[i])
	}
	for i := range n.Kwargs {
		c.move(&n.Kwargs[i].Node)
	}
	for i := range n.Regions {
		c.body(n.Regions[i].Body)
	}
}

// share gives n the attributes of an earlier node that has equal ones.
func (c *compacter) share(n *Node) {
	if n.Op != "reg" && n.Op != "call" || len(n.Attrs) == 0 || len(n.Attrs) > 2 {
		return
	}
	first := &n.Attrs[0]
	k := attrKey{op: n.Op, name: first.Value.Text()}
	if first.Name != n.Op || first.Value.Kind() != Str {
		return
	}
	if len(n.Attrs) == 2 {
		stores := n.Attrs[1].Value.List()
		if n.Attrs[1].Name != "store" || stores == nil || len(stores.Items) != 1 || stores.Items[0].Kind() != Str {
			return
		}
		k.store, k.stores = stores.Items[0].Text(), true
	}
	if same := c.attrs[k]; same != nil {
		n.Attrs = same
		return
	}
	n.Attrs = n.Attrs[:len(n.Attrs):len(n.Attrs)]
	c.attrs[k] = n.Attrs
}
