// Package philox generates random numbers by counter: a draw depends on its
// seed, stream and position only, so that any block of a sequence can be drawn
// at any time, in any order and in parallel, with equal bits.
//
// The generator is Philox4x32-10 of J. K. Salmon, M. A. Moraes, R. O. Dror and
// D. E. Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
package philox

const (
	multiplier0 = 0xD2511F53
	multiplier1 = 0xCD9E8D57
	weyl0       = 0x9E3779B9 // golden ratio
	weyl1       = 0xBB67AE85 // sqrt(3) - 1
	rounds      = 10

	mask = 1<<32 - 1
)

// Block returns the four words that Philox4x32-10 gives for a counter and key.
func Block(counter [4]uint32, key [2]uint32) [4]uint32 {
	s := state{uint64(counter[0]), uint64(counter[1]), uint64(counter[2]), uint64(counter[3])}
	k0, k1 := key[0], key[1]
	for range rounds {
		s = s.round(k0, k1)
		k0 += weyl0
		k1 += weyl1
	}
	return [4]uint32{uint32(s.a), uint32(s.b), uint32(s.c), uint32(s.d)}
}

// A state is a block between two rounds. The upper halves of b and d are left
// over from the products that they are the lower halves of.
type state struct{ a, b, c, d uint64 }

func (s state) round(k0, k1 uint32) state {
	p, q := multiplier0*s.a, multiplier1*s.c
	return state{uint64(uint32(q>>32) ^ uint32(s.b) ^ k0), q, uint64(uint32(p>>32) ^ uint32(s.d) ^ k1), p}
}

// A Generator is one endless sequence of 64-bit words, the draws. Generators
// that differ in any field give unrelated sequences. Its methods keep no state
// and may be called concurrently.
type Generator struct {
	Seed   uint64 // the key
	Stream uint64 // the upper half of the counter
	Domain uint8  // the topmost byte of the lower half
}

// MaxPosition is the number of draws of a generator.
const MaxPosition = 1 << 56

// Words fills dst with the draws at position, position+1, ...: draw i is words
// 2(i%2) and 2(i%2)+1 of block i/2, the first of them the lower half.
func (g Generator) Words(dst []uint64, position uint64) {
	if position%2 == 1 && len(dst) > 0 {
		_, dst[0] = g.pair(position / 2)
		dst = dst[1:]
		position++
	}
	block := position / 2
	even := len(dst) &^ 3
	g.fill(dst[:even], block)
	block += uint64(even / 2)
	for i := even; i < len(dst); i += 2 {
		w0, w1 := g.pair(block)
		block++
		dst[i] = w0
		if i+1 < len(dst) {
			dst[i+1] = w1
		}
	}
}

// pair returns the two draws of a block.
func (g Generator) pair(block uint64) (uint64, uint64) {
	w := Block(
		[4]uint32{uint32(block), uint32(block>>32) | uint32(g.Domain)<<24, uint32(g.Stream), uint32(g.Stream >> 32)},
		[2]uint32{uint32(g.Seed), uint32(g.Seed >> 32)})
	return uint64(w[0]) | uint64(w[1])<<32, uint64(w[2]) | uint64(w[3])<<32
}

// fill writes whole pairs of blocks. Two blocks at a time, with the rounds
// written out, hide half of the latency of the products.
func (g Generator) fill(dst []uint64, block uint64) {
	done := g.fillVectors(dst, block)
	dst, block = dst[done:], block+uint64(done/2)
	s2, s3 := uint64(uint32(g.Stream)), g.Stream>>32
	k0, k1 := uint32(g.Seed), uint32(g.Seed>>32)
	counter := block | uint64(g.Domain)<<56
	for ; len(dst) >= 4; dst = dst[4:] {
		s := state{uint64(uint32(counter)), counter >> 32, s2, s3}
		t := state{uint64(uint32(counter + 1)), (counter + 1) >> 32, s2, s3}
		s, t = s.round(k0, k1), t.round(k0, k1)
		s, t = s.round(k0+(1*weyl0)&mask, k1+(1*weyl1)&mask), t.round(k0+(1*weyl0)&mask, k1+(1*weyl1)&mask)
		s, t = s.round(k0+(2*weyl0)&mask, k1+(2*weyl1)&mask), t.round(k0+(2*weyl0)&mask, k1+(2*weyl1)&mask)
		s, t = s.round(k0+(3*weyl0)&mask, k1+(3*weyl1)&mask), t.round(k0+(3*weyl0)&mask, k1+(3*weyl1)&mask)
		s, t = s.round(k0+(4*weyl0)&mask, k1+(4*weyl1)&mask), t.round(k0+(4*weyl0)&mask, k1+(4*weyl1)&mask)
		s, t = s.round(k0+(5*weyl0)&mask, k1+(5*weyl1)&mask), t.round(k0+(5*weyl0)&mask, k1+(5*weyl1)&mask)
		s, t = s.round(k0+(6*weyl0)&mask, k1+(6*weyl1)&mask), t.round(k0+(6*weyl0)&mask, k1+(6*weyl1)&mask)
		s, t = s.round(k0+(7*weyl0)&mask, k1+(7*weyl1)&mask), t.round(k0+(7*weyl0)&mask, k1+(7*weyl1)&mask)
		s, t = s.round(k0+(8*weyl0)&mask, k1+(8*weyl1)&mask), t.round(k0+(8*weyl0)&mask, k1+(8*weyl1)&mask)
		s, t = s.round(k0+(9*weyl0)&mask, k1+(9*weyl1)&mask), t.round(k0+(9*weyl0)&mask, k1+(9*weyl1)&mask)
		dst[0], dst[1] = s.a|s.b<<32, s.c|s.d<<32
		dst[2], dst[3] = t.a|t.b<<32, t.c|t.d<<32
		counter += 2
	}
}
