//go:build !purego

package philox

import "golang.org/x/sys/cpu"

// groupDraws is the number of draws that fillGroups makes at a time.
const groupDraws = 16

// A fillTable is what fillGroups reads: the keys of each round, the
// multipliers, the two words of the stream, the counters of the first four
// blocks and the number 4.
type fillTable struct {
	keys        [rounds][2]uint64
	multipliers [2]uint64
	stream      [2]uint64
	counters    [4]uint64
	four        uint64
}

//go:noescape
func fillGroups(dst *uint64, groups int, table *fillTable)

var useVectors = cpu.X86.HasAVX2

// fillVectors writes as many whole groups of draws as there are and returns
// their number of draws.
func (g Generator) fillVectors(dst []uint64, block uint64) int {
	groups := len(dst) / groupDraws
	if groups == 0 || !useVectors {
		return 0
	}
	counter := block | uint64(g.Domain)<<56
	t := fillTable{multipliers: [2]uint64{multiplier0, multiplier1}, stream: [2]uint64{uint64(uint32(g.Stream)), g.Stream >> 32},
		counters: [4]uint64{counter, counter + 1, counter + 2, counter + 3}, four: 4}
	k0, k1 := uint32(g.Seed), uint32(g.Seed>>32)
	for i := range t.keys {
		t.keys[i] = [2]uint64{uint64(k0), uint64(k1)}
		k0 += weyl0
		k1 += weyl1
	}
	fillGroups(&dst[0], groups, &t)
	return groups * groupDraws
}
