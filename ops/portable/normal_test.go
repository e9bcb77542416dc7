package portable

import (
	"math"
	"testing"
)

// The expected values are correctly rounded, from a calculation with 50 digits.
func TestNormalQuantile(t *testing.T) {
	for _, tt := range []struct{ p, want float64 }{
		{0.25, -0.6744897501960817},
		{0.07500000000000001, -1.439531470938456},
		{0.074999, -1.4395385353452308},
		{0.001, -3.0902323061678136},
		{1e-05, -4.264890793922825},
		{1e-10, -6.361340902404057},
		{1.388e-11, -6.65798875974957},
		{1.3e-11, -6.667611456510741},
		{1.1102230246251565e-16, -8.209536151601387},
		{1e-20, -9.262340089798407},
		{1e-100, -21.273453560965326},
		{1e-300, -37.0470962993612},
		{0.3, -0.5244005127080408},
		{0.49, -0.025068908258711057},
	} {
		got := NormalQuantile(tt.p)
		if d := math.Abs(got - tt.want); !(d <= 4e-16*max(1, math.Abs(tt.want))) && got != tt.want {
			t.Errorf("NormalQuantile(%v) = %v, want %v", tt.p, got, tt.want)
		}
		if other := -NormalQuantile(1 - tt.p); 1-(1-tt.p) == tt.p && other != got {
			t.Errorf("NormalQuantile(%v) = %v, but for 1-p it is %v", tt.p, got, -other)
		}
	}
	if got := NormalQuantile(0.5); got != 0 {
		t.Errorf("NormalQuantile(0.5) = %v, want 0", got)
	}
	for _, p := range []float64{-0.1, 1.1, math.NaN(), math.Inf(1)} {
		if got := NormalQuantile(p); !math.IsNaN(got) {
			t.Errorf("NormalQuantile(%v) = %v, want NaN", p, got)
		}
	}
	if low, high := NormalQuantile(0), NormalQuantile(1); !math.IsInf(low, -1) || !math.IsInf(high, 1) {
		t.Errorf("quantiles at 0 and 1 are %v and %v, want infinite", low, high)
	}
}

func TestCenteredNormalQuantilesAreTheQuantiles(t *testing.T) {
	q, dst := make([]float64, NormalGroup), make([]float64, NormalGroup)
	for i := range q {
		q[i] = (float64(i)+0.5)/NormalGroup - 0.5
	}
	edge := 0.925
	q[3], q[60] = edge-0.5, -0.5+0x1p-53
	for _, n := range []int{0, 1, 5, NormalGroup} {
		CenteredNormalQuantiles(dst[:n], q[:n])
		for i, x := range q[:n] {
			if want := NormalQuantile(0.5 + x); dst[i] != want {
				t.Errorf("of %d quantiles number %d, at %v, is %v, want %v", n, i, x, dst[i], want)
			}
		}
	}
}
