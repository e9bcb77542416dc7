package json

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"flowc.dev/flowc/ir"
)

// More limits on documents: problems that are reported, and what is not a node
// but takes memory too.
const (
	maxProblems = 100
	maxItems    = 4 * ir.MaxNodes
	maxParts    = ir.MaxNodes
	maxPointer  = 1000
	maxKeys     = 1000 // of an object whose keys are fixed
)

// Parse reads a program in the JSON form. file names the source in messages and
// in the program. The error is of type [ir.Problems] and lists all that is
// wrong with the form, in source order; malformed JSON is one problem, and
// after 100 problems reading stops.
//
// Nodes that have no "id" are numbered in source order. Limits: nodes are
// nested up to [ir.MaxNesting] deep and number up to [ir.MaxNodes]; tensors are
// bounded by [ir.CheckShape]; documents by 2 GiB and 8e6 lists and objects.
func Parse(src []byte, file string) (*ir.Program, error) {
	if len(src) > maxSource {
		return nil, ir.Problems{{File: file, Message: fmt.Sprintf("the program has %d bytes: want at most %d", len(src), maxSource)}}
	}
	d := &decoder{file: file, ids: map[ir.ID]ir.Pos{}}
	s := &scanner{src: src}
	if err := s.scan(); err != nil {
		d.lines = newLines(src[:err.offset])
		d.path = s.path()
		d.report(err.offset, "%s", err.message)
		return nil, d.problems
	}
	d.lines = newLines(src)
	d.document = document{src: src, index: s.index, names: map[string]string{}}
	p := d.program(d.root())
	if err := d.err(); err != nil {
		return nil, err
	}
	assignIDs(p, d.maxID, d.nodeCount)
	p.Compact()
	return p, nil
}

// assignIDs numbers the nodes without ID: above the largest explicit one or, when
// that leaves no room there, in the gaps between them.
func assignIDs(p *ir.Program, largest ir.ID, nodes int) {
	if uint64(largest)+uint64(nodes) <= math.MaxUint32 {
		p.AssignIDs()
		return
	}
	taken := map[ir.ID]bool{}
	ir.Visit(p, func(n *ir.Node) bool {
		taken[n.ID] = true
		return true
	})
	next := ir.ID(1)
	ir.Visit(p, func(n *ir.Node) bool {
		if n.ID == 0 {
			for taken[next] {
				next++
			}
			n.ID = next
			next++
		}
		return true
	})
}

// A decoder builds a program from a document and collects its problems.
type decoder struct {
	document
	file      string
	lines     lines
	problems  ir.Problems
	stopped   bool   // no more is read
	path      []step // to the value that is being read
	ids       map[ir.ID]ir.Pos
	maxID     ir.ID
	nodeCount int
	itemCount int
	partCount int
	depth     int  // nesting of nodes and literals
	constant  bool // only constants may stand here
	derived   int  // nesting in elements that carry the source they stand for
	arena     []member
}

// A step of a path is a key or, where index is not negative, a place in a list.
type step struct {
	key   string
	index int32
}

func (d *decoder) enter(key string)    { d.path = append(d.path, step{key, -1}) }
func (d *decoder) enterItem(index int) { d.path = append(d.path, step{"", int32(index)}) }
func (d *decoder) leave()              { d.path = d.path[:len(d.path)-1] }

// pointer returns the JSON pointer of the current place; the middle of very
// long ones is left out.
func (d *decoder) pointer() string {
	var b strings.Builder
	for _, s := range d.path {
		b.WriteByte('/')
		if s.index >= 0 {
			b.WriteString(strconv.Itoa(int(s.index)))
		} else {
			key := shorten(s.key)
			if strings.ContainsAny(key, "~/") {
				key = ir.EscapePointer(key)
			}
			b.WriteString(key)
		}
	}
	s := b.String()
	if len(s) > maxPointer {
		return s[:maxPointer/2] + "..." + s[len(s)-maxPointer/2:]
	}
	return s
}

// report adds a problem at an offset and the current path.
func (d *decoder) report(offset int, format string, args ...any) {
	if d.stopped {
		return
	}
	d.problems = append(d.problems, ir.Problem{
		File: d.file, Pos: d.lines.pos(offset), Pointer: d.pointer(), Message: fmt.Sprintf(format, args...)})
	d.stopped = len(d.problems) >= maxProblems
}

// reportMember adds a problem with the value at p of the current object's key.
func (d *decoder) reportMember(key string, p place, format string, args ...any) {
	d.enter(key)
	d.report(int(p.pos), format, args...)
	d.leave()
}

// found reports that the value at p is not what was expected.
func (d *decoder) found(p place, want string) {
	d.report(int(p.pos), "found %s: want %s", d.describe(p), want)
}

// err returns the problems in source order.
func (d *decoder) err() error {
	err := d.problems.Err()
	if len(d.problems) >= maxProblems {
		last := d.problems[len(d.problems)-1]
		return append(d.problems, ir.Problem{File: d.file, Pos: last.Pos,
			Message: fmt.Sprintf("reading stopped after %d problems", maxProblems)})
	}
	return err
}

// limit counts one thing more and stops the reading beyond a maximum.
func (d *decoder) limit(p place, count *int, maximum int, what string) bool {
	if *count++; *count > maximum {
		d.report(int(p.pos), "the program has more than %d %s", maximum, what)
		d.stopped = true
	}
	return !d.stopped
}

func (d *decoder) countNode(p place) bool { return d.limit(p, &d.nodeCount, ir.MaxNodes, "nodes") }

func (d *decoder) countItem(p place) bool {
	return d.limit(p, &d.itemCount, maxItems, "names and numbers")
}

func (d *decoder) countPart(p place) bool {
	return d.limit(p, &d.partCount, maxParts, "declarations, strands and cases")
}

func (d *decoder) pos(p place) ir.Pos { return d.lines.pos(int(p.pos)) }
