package ir

// Version is the version of the program format that this package reads.
const Version = 1

// Limits on programs, whoever makes them.
const (
	MaxNesting = 1000
	MaxNodes   = 1_000_000
	// MaxOptimizedNodes bounds what passes make of a program: its statements are
	// in it beside what runs in their place.
	MaxOptimizedNodes = 4 * MaxNodes
)

// A Program is a learning algorithm as a value. It is immutable once built;
// passes and edits return new programs that share the unchanged nodes.
type Program struct {
	Name      string
	Doc       string
	Imports   []string
	Objects   []Object
	Registers []Register
	Inputs    []string
	Functions []*Function
	Outputs   []string
	Body      []*Node
	File      string // where the program came from, for messages
}

// An Object declares a named stateful thing built by the constructor Class.
// Its arguments are literals.
type Object struct {
	Name  string
	Class string
	Args  []Kwarg // sorted by name
	Pos   Pos
	Doc   string
}

// A Register declares a named slot. Init is its first value, nil when it starts
// unset. A Fixed register only takes values of Type's dtype and shape.
// Registers that are only stored to need no declaration.
type Register struct {
	Name  string
	Init  *Node
	Fixed bool
	Type  Type
	Pos   Pos
	Doc   string
}

// A Function has named parameters, named results and registers of its own:
// every name in its body is local.
type Function struct {
	Name      string
	Params    []string
	Returns   []string
	Registers []Register
	Body      []*Node
	Pos       Pos
	Doc       string
}

// Copy returns a shallow copy of p for an edit.
func (p *Program) Copy() *Program {
	c := *p
	return &c
}

// Object returns the named object declaration, or nil.
func (p *Program) Object(name string) *Object {
	for i := range p.Objects {
		if p.Objects[i].Name == name {
			return &p.Objects[i]
		}
	}
	return nil
}

// Register returns the named register declaration, or nil.
func (p *Program) Register(name string) *Register {
	for i := range p.Registers {
		if p.Registers[i].Name == name {
			return &p.Registers[i]
		}
	}
	return nil
}

// Function returns the named function, or nil.
func (p *Program) Function(name string) *Function {
	for _, f := range p.Functions {
		if f.Name == name {
			return f
		}
	}
	return nil
}

// AssignIDs numbers, in source order, the nodes that have no ID, in place. It
// is for front ends, before the program is handed out.
func (p *Program) AssignIDs() {
	next := p.MaxID() + 1
	Visit(p, func(n *Node) bool {
		if n.ID == 0 {
			n.ID = next
			next++
		}
		return true
	})
}

// MaxID returns the largest ID in p; new nodes take the ones above it.
func (p *Program) MaxID() ID {
	var largest ID
	Visit(p, func(n *Node) bool {
		largest = max(largest, n.ID)
		return true
	})
	return largest
}
