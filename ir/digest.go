package ir

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"slices"
)

// Digest returns the SHA-256, in hex, of what p means: IDs, docs, positions,
// origins and the order of declarations' keys do not count.
func Digest(p *Program) string {
	d := digester{h: sha256.New()}
	d.text("flowc program")
	d.text(p.Name)
	d.texts(p.Imports)
	d.count(len(p.Objects))
	for _, o := range sortedBy(p.Objects, func(o Object) string { return o.Name }) {
		d.text(o.Name)
		d.text(o.Class)
		d.kwargs(o.Args)
	}
	d.registers(p.Registers)
	d.texts(p.Inputs)
	d.count(len(p.Functions))
	for _, f := range sortedBy(p.Functions, func(f *Function) string { return f.Name }) {
		d.text(f.Name)
		d.texts(f.Params)
		d.texts(f.Returns)
		d.registers(f.Registers)
		d.body(f.Body)
	}
	d.texts(p.Outputs)
	d.body(p.Body)
	return hex.EncodeToString(d.h.Sum(nil))
}

// NodeDigest returns the SHA-256, in hex, of what the node means.
func NodeDigest(n *Node) string {
	d := digester{h: sha256.New()}
	d.node(n)
	return hex.EncodeToString(d.h.Sum(nil))
}

// ValueDigest returns the SHA-256, in hex, of a value with its type; NaNs count
// as equal.
func ValueDigest(v Value) string {
	d := digester{h: sha256.New()}
	d.value(v)
	return hex.EncodeToString(d.h.Sum(nil))
}

// SameValue reports whether a and b have equal types and equal bits, all NaNs
// counting as one. A value is not the same as its negative zero.
func SameValue(a, b Value) bool {
	if a.isPlainNumber() && b.isPlainNumber() {
		return a.dtype == b.dtype && a.weak == b.weak && a.CanonicalBits() == b.CanonicalBits()
	}
	return ValueDigest(a) == ValueDigest(b)
}

// isPlainNumber reports whether v is a number of rank 0 that is not boxed.
func (v Value) isPlainNumber() bool { return v.kind == Number && v.ref == nil }

func sortedBy[T any](items []T, key func(T) string) []T {
	sorted := slices.Clone(items)
	slices.SortFunc(sorted, func(a, b T) int {
		switch ka, kb := key(a), key(b); {
		case ka < kb:
			return -1
		case ka > kb:
			return 1
		}
		return 0
	})
	return sorted
}

// digester feeds a prefix-free encoding to a hash.
type digester struct {
	h   hash.Hash
	buf [8]byte
}

func (d *digester) word(w uint64) {
	binary.LittleEndian.PutUint64(d.buf[:], w)
	d.h.Write(d.buf[:])
}

func (d *digester) count(n int) { d.word(uint64(n)) }

func (d *digester) text(s string) {
	d.count(len(s))
	d.h.Write([]byte(s))
}

func (d *digester) texts(ss []string) {
	d.count(len(ss))
	for _, s := range ss {
		d.text(s)
	}
}

func (d *digester) registers(registers []Register) {
	d.count(len(registers))
	for _, r := range sortedBy(registers, func(r Register) string { return r.Name }) {
		d.text(r.Name)
		d.body([]*Node{r.Init}[:boolCount(r.Init != nil)])
		d.count(boolCount(r.Fixed))
		if r.Fixed {
			d.text(r.Type.String())
		}
	}
}

func boolCount(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (d *digester) kwargs(kwargs []Kwarg) {
	d.count(len(kwargs))
	for _, k := range kwargs {
		d.text(k.Name)
		d.node(k.Node)
	}
}

func (d *digester) body(body []*Node) {
	d.count(len(body))
	for _, n := range body {
		d.node(n)
	}
}

func (d *digester) node(n *Node) {
	d.text(n.Op)
	d.count(len(n.Attrs))
	for _, a := range n.Attrs {
		d.text(a.Name)
		d.value(a.Value)
	}
	d.body(n.Args)
	d.kwargs(n.Kwargs)
	d.count(len(n.Regions))
	for _, r := range n.Regions {
		d.text(r.Field)
		d.value(r.When)
		d.body(r.Body)
	}
}

func (d *digester) value(v Value) {
	d.count(int(v.kind))
	switch v.kind {
	case Number:
		d.count(int(v.dtype))
		d.count(boolCount(v.weak))
		d.count(len(v.Shape()))
		for _, extent := range v.Shape() {
			d.count(extent)
		}
		if t := v.Tensor(); t != nil {
			t.WriteLittleEndian(d.h) // a hash does not fail
		} else {
			d.word(v.CanonicalBits())
		}
	case Str:
		d.text(v.Text())
	case ListKind:
		d.count(len(v.List().Items))
		for _, item := range v.List().Items {
			d.value(item)
		}
	case RecordKind:
		r := v.Record()
		d.count(len(r.Names))
		for i, name := range r.Names {
			d.text(name)
			d.value(r.Values[i])
		}
	}
}
