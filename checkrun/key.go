package checkrun

import (
	"encoding/binary"
	"hash/maphash"

	"flowc.dev/flowc/ir"
)

// maxParts bounds the values that are looked at as a whole.
const maxParts = 1 << 20

var seed = maphash.MakeSeed()

// keyOf returns what tells a value from others with other types or bits, all NaNs
// counting as one: a hash of 64 bits, which is enough for comparisons within one
// process and much faster than [ir.ValueDigest].
func keyOf(v ir.Value) string {
	switch {
	case v.IsUnset():
		return "unset"
	case v.HasMoreParts(maxParts):
		return "more parts than are compared"
	}
	k := keyer{}
	k.h.SetSeed(seed)
	k.value(v)
	return string(binary.LittleEndian.AppendUint64(nil, k.h.Sum64()))
}

type keyer struct{ h maphash.Hash }

func (k *keyer) word(w uint64) {
	var b [8]byte
	binary.LittleEndian.PutUint64(b[:], w)
	k.h.Write(b[:])
}

func (k *keyer) text(s string) {
	k.word(uint64(len(s)))
	k.h.WriteString(s)
}

func (k *keyer) value(v ir.Value) {
	k.word(uint64(v.Kind()))
	switch v.Kind() {
	case ir.Number:
		k.word(uint64(v.DType()))
		k.text(map[bool]string{true: "weak"}[v.Weak()])
		k.word(uint64(len(v.Shape())))
		for _, extent := range v.Shape() {
			k.word(uint64(extent))
		}
		if t := v.Tensor(); t != nil {
			t.WriteLittleEndian(&k.h) // a hash does not fail
		} else {
			k.word(v.CanonicalBits())
		}
	case ir.Str:
		k.text(v.Text())
	case ir.ListKind:
		k.word(uint64(len(v.List().Items)))
		for _, item := range v.List().Items {
			k.value(item)
		}
	case ir.RecordKind:
		r := v.Record()
		k.word(uint64(len(r.Names)))
		for i, name := range r.Names {
			k.text(name)
			k.value(r.Values[i])
		}
	}
}
