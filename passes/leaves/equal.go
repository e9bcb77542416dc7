package leaves

import (
	"fmt"
	"hash/maphash"
	"slices"
	"strings"

	"flowc.dev/flowc/ir"
)

// Key returns a text that is equal for two calls or operands of one leaf exactly
// if they compute the same bits.
func Key(n *ir.Node) string {
	var b strings.Builder
	key(&b, n)
	return b.String()
}

func key(b *strings.Builder, n *ir.Node) {
	switch n.Op {
	case "reg":
		b.WriteString(n.Text("reg"))
		return
	case "const":
		switch v := n.Attr("value"); {
		case v.IsScalar():
			fmt.Fprintf(b, "%d %t %d", v.DType(), v.Weak(), v.CanonicalBits())
		case v.Kind() == ir.Str:
			fmt.Fprintf(b, "%q", v.Text())
		default:
			b.WriteByte('#')
			b.WriteString(ir.ValueDigest(v))
		}
		return
	case "tensor":
		b.WriteByte('#')
		b.WriteString(ir.NodeDigest(n))
		return
	}
	b.WriteString(n.Op)
	b.WriteByte(' ')
	b.WriteString(n.Text("call"))
	b.WriteByte('(')
	for _, arg := range n.Args {
		key(b, arg)
		b.WriteByte(',')
	}
	for _, k := range n.Kwargs {
		b.WriteString(k.Name)
		b.WriteByte('=')
		key(b, k.Node)
		b.WriteByte(',')
	}
	b.WriteByte(')')
}

// MergeEqual leaves out the calls of the leaf that equal earlier ones, as far as
// may allows it. The earlier calls' results take their places.
func MergeEqual(leaf *ir.Node, may func(call *ir.Node) bool) *ir.Node {
	if !mayRepeat(leaf.Body("graph")) {
		return leaf
	}
	first := map[string]*ir.Node{} // by key
	return Edit(leaf, func(l *Leaf, call *ir.Node) *ir.Node {
		k := Key(call)
		same := first[k]
		if same == nil || len(same.Stores()) != len(call.Stores()) || !may(call) {
			if same == nil {
				first[k] = call
			}
			return call
		}
		stores := same.Stores()
		for i, name := range call.Stores() {
			switch {
			case name == ir.Discard:
			case stores[i] != ir.Discard:
				l.Replace(name, ir.Reg(stores[i]))
			default:
				same = l.store(same, i, name)
				stores = same.Stores()
				first[k] = same
			}
		}
		return nil
	})
}

// mayRepeat reports whether two of the calls may have the same key. It is a quick
// look, at what tells most calls apart.
func mayRepeat(calls []*ir.Node) bool {
	var few [32]uint64 // most leaves are small
	sums := few[:0]
	for _, call := range calls {
		sum := maphash.String(keySeed, call.Text("call"))
		for _, arg := range call.Args {
			sum *= keyFactor
			switch arg.Op {
			case "reg":
				sum ^= maphash.String(keySeed, arg.Text("reg"))
			case "const":
				if v := arg.Attr("value"); v.IsScalar() {
					sum ^= v.CanonicalBits()
				}
			}
		}
		sums = append(sums, sum)
	}
	slices.Sort(sums)
	for i := 1; i < len(sums); i++ {
		if sums[i] == sums[i-1] {
			return true
		}
	}
	return false
}

var keySeed = maphash.MakeSeed()

// keyFactor is odd, so that no operand is lost.
const keyFactor = 0x9e3779b97f4a7c15
