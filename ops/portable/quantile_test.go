package portable

import (
	"math"
	"math/rand/v2"
	"testing"
)

// Many quantiles at a time have the bits of those one by one.
func TestQuantilesInGroups(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		q := make([]float64, r.IntN(NormalGroup+1))
		for i := range q {
			q[i] = r.Float64() - 0.5
		}
		together, alone := make([]float64, len(q)), make([]float64, 1)
		CenteredNormalQuantiles(together, q)
		for i, x := range q {
			CenteredNormalQuantiles(alone, q[i:i+1])
			if math.Float64bits(together[i]) != math.Float64bits(alone[0]) {
				t.Fatalf("quantile %d of %d, of %v, is %v, by itself %v", i, len(q), x, together[i], alone[0])
			}
		}
	}
}
