package portable

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestPowAccuracy(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	worst, worst32 := 0.0, 0.0
	for range 3000 {
		x := math.Ldexp(1+r.Float64(), r.IntN(40)-20)
		if r.IntN(3) == 0 {
			x = 1 + (r.Float64()-0.5)/16
		}
		y := (r.Float64() - 0.5) * 1400 / max(math.Abs(math.Log(x)), 1e-3)
		exact := bigExp(mul(bigFloat(y), bigLog(bigFloat(x))))
		if nearest, _ := exact.Float64(); nearest > 1e-307 && nearest < 1e307 {
			worst = max(worst, ulps64(Pow(x, y), exact))
		}
		x32, y32 := float32(x), float32(y/8)
		exact = bigExp(mul(bigFloat(float64(y32)), bigLog(bigFloat(float64(x32)))))
		if nearest, _ := exact.Float64(); nearest > 1e-37 && nearest < 1e37 {
			worst32 = max(worst32, ulps32(Pow32(x32, y32), exact))
		}
	}
	t.Logf("pow: %.3f ulp, pow32: %.3f ulp", worst, worst32)
	if worst > 0.51 || worst32 > 0.51 {
		t.Errorf("pow is %.3f ulp off, pow32 %.3f, limit 0.51", worst, worst32)
	}
}

// TestPowSpecialValues follows math.Pow, whose special cases are C's.
func TestPowSpecialValues(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	values := []float64{0, math.Copysign(0, -1), 1, -1, 2, -2, 3, -3, 0.5, -0.5, 4, 5, -5, inf, -inf, nan}
	for _, x := range values {
		for _, y := range values {
			if got, want := Pow(x, y), math.Pow(x, y); !near(got, want) {
				t.Errorf("Pow(%v, %v) = %v, want %v", x, y, got, want)
			}
			if got, want := Pow32(float32(x), float32(y)), math.Pow(x, y); !near(float64(got), want) {
				t.Errorf("Pow32(%v, %v) = %v, want %v", x, y, got, want)
			}
		}
	}
}

func near(a, b float64) bool { return same(a, b) || a != 0 && math.Abs(a-b) < 1e-6*math.Abs(b) }
