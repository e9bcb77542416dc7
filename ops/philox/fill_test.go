package philox

import (
	"math/rand/v2"
	"testing"
)

// Many draws at a time are what draws one by one are, also where a half of the
// counter overflows.
func TestWordsAgainstBlocks(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		g := Generator{Seed: r.Uint64(), Stream: r.Uint64(), Domain: uint8(r.Uint32())}
		position := r.Uint64N(MaxPosition - 1000)
		if r.IntN(2) == 0 {
			position = 1<<33 - r.Uint64N(200)
		}
		dst := make([]uint64, r.IntN(200))
		g.Words(dst, position)
		for i, got := range dst {
			w0, w1 := g.pair((position + uint64(i)) / 2)
			if want := []uint64{w0, w1}[(position+uint64(i))%2]; got != want {
				t.Fatalf("%+v: draw %d of %d at %d is %#x, want %#x", g, i, len(dst), position, got, want)
			}
		}
	}
}
