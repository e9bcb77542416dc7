package portable

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

// functions lists every function of one argument with its domain, its accuracy
// in ulps and a hash of its results on a fixed sample.
var functions = []struct {
	name         string
	f64          func(float64) float64
	f32          func(float32) float32
	exact        func(*big.Float) *big.Float
	low, high    float64 // finite results in f64
	limit        float64
	low32        float64
	high32       float64
	hash, hash32 string
}{
	{"exp", Exp, Exp32, bigExp, -745, 709.7, 0.51, -103, 88.7, "84032d75c67deb29", "81855cf4092c14bf"},
	{"expm1", Expm1, Expm132, bigExpm1, -40, 709.7, 0.51, -17, 88.7, "4e066ded0bc5685d", "13e5b886fd31ff66"},
	{"log", Log, Log32, bigLog, 0x1p-1074, math.MaxFloat64, 0.51, 0x1p-149, math.MaxFloat32, "f3ff6740dde34ce8", "1bb6b80f2be4b232"},
	{"log1p", Log1p, Log1p32, bigLog1p, -1 + 0x1p-53, math.MaxFloat64, 0.51, -1 + 0x1p-24, math.MaxFloat32, "f0c004ae979db6ca", "0910f790f1c1586c"},
	{"tanh", Tanh, Tanh32, bigTanh, -25, 25, 2, -10, 10, "cdf1700a4c40ddbb", "122d3930bd4593e3"},
	{"sigmoid", Sigmoid, Sigmoid32, bigSigmoid, -745, 40, 2, -103, 20, "92ec672c1879900b", "cd17fca13a00193a"},
	{"softplus", Softplus, Softplus32, bigSoftplus, -745, 800, 2, -103, 100, "fb7877e9020f3131", "9b926a9f80adc561"},
}

// sample returns arguments in low..high: evenly spread ones, ones near 0 and 1
// and ones of every magnitude.
func sample(low, high float64, n int) []float64 {
	r := rand.New(rand.NewPCG(1, 2))
	var xs []float64
	for range n {
		var x float64
		switch r.IntN(4) {
		case 0:
			x = low + float64(r.Float64()*(high-low))
		case 1:
			x = 1 + float64((r.Float64()-0.5)/8)
		case 2:
			x = math.Ldexp(r.Float64()-0.5, -r.IntN(60))
		case 3:
			x = math.Ldexp(r.Float64(), r.IntN(2100)-1075)
			if r.IntN(2) == 0 {
				x = -x
			}
		}
		if x >= low && x <= high {
			xs = append(xs, x)
		}
	}
	return append(xs, low, high)
}

func TestAccuracy(t *testing.T) {
	const limit32 = 0.51
	for _, f := range functions {
		worst, at := 0.0, 0.0
		for _, x := range sample(f.low, f.high, 2000) {
			if d := ulps64(f.f64(x), f.exact(bigFloat(x))); !(d <= worst) {
				worst, at = d, x
			}
		}
		t.Logf("%s: %.3f ulp at %v", f.name, worst, at)
		if worst > f.limit {
			t.Errorf("%s(%v) is %.3f ulp off, limit %v", f.name, at, worst, f.limit)
		}
		worst = 0
		for _, x := range sample(f.low32, f.high32, 2000) {
			x := float32(x)
			if d := ulps32(f.f32(x), f.exact(bigFloat(float64(x)))); !(d <= worst) {
				worst, at = d, float64(x)
			}
		}
		t.Logf("%s32: %.3f ulp at %v", f.name, worst, at)
		if worst > limit32 {
			t.Errorf("%s32(%v) is %.3f ulp off, limit %v", f.name, at, worst, limit32)
		}
	}
}

// TestBits holds the results on a sample to known bits: a hash that differs on
// another architecture means that something fused there; GOAMD64=v3 shows it on
// amd64.
func TestBits(t *testing.T) {
	for _, f := range functions {
		h, h32 := sha256.New(), sha256.New()
		for _, x := range sample(f.low, f.high, 20000) {
			binary.Write(h, binary.LittleEndian, f.f64(x))
		}
		for _, x := range sample(f.low32, f.high32, 20000) {
			binary.Write(h32, binary.LittleEndian, f.f32(float32(x)))
		}
		if got := hex.EncodeToString(h.Sum(nil)[:8]); got != f.hash {
			t.Errorf("%s: the hash of the results is %s, want %s", f.name, got, f.hash)
		}
		if got := hex.EncodeToString(h32.Sum(nil)[:8]); got != f.hash32 {
			t.Errorf("%s32: the hash of the results is %s, want %s", f.name, got, f.hash32)
		}
	}
	const powHash = "20079942f91545de"
	h := sha256.New()
	xs, ys := sample(1e-300, 1e300, 20000), sample(-300, 300, 20000)
	for i, x := range xs[:min(len(xs), len(ys))] {
		binary.Write(h, binary.LittleEndian, Pow(x, ys[i]))
		binary.Write(h, binary.LittleEndian, Pow32(float32(x), float32(ys[i])))
	}
	if got := hex.EncodeToString(h.Sum(nil)[:8]); got != powHash {
		t.Errorf("pow: the hash of the results is %s, want %s", got, powHash)
	}
}

func TestSpecialValues(t *testing.T) {
	inf, nan, zero := math.Inf(1), math.NaN(), math.Copysign(0, -1)
	for _, c := range []struct {
		name    string
		f64     func(float64) float64
		f32     func(float32) float32
		x, want float64
	}{
		{"exp", Exp, Exp32, inf, inf}, {"exp", Exp, Exp32, -inf, 0}, {"exp", Exp, Exp32, nan, nan},
		{"exp", Exp, Exp32, 0, 1}, {"exp", Exp, Exp32, zero, 1}, {"exp", Exp, Exp32, 1e4, inf}, {"exp", Exp, Exp32, -1e4, 0},
		{"expm1", Expm1, Expm132, inf, inf}, {"expm1", Expm1, Expm132, -inf, -1}, {"expm1", Expm1, Expm132, nan, nan},
		{"expm1", Expm1, Expm132, 0, 0}, {"expm1", Expm1, Expm132, zero, zero}, {"expm1", Expm1, Expm132, 1e4, inf},
		{"log", Log, Log32, inf, inf}, {"log", Log, Log32, -inf, nan}, {"log", Log, Log32, nan, nan}, {"log", Log, Log32, -1, nan},
		{"log", Log, Log32, 0, -inf}, {"log", Log, Log32, zero, -inf}, {"log", Log, Log32, 1, 0},
		{"log1p", Log1p, Log1p32, inf, inf}, {"log1p", Log1p, Log1p32, -inf, nan}, {"log1p", Log1p, Log1p32, nan, nan},
		{"log1p", Log1p, Log1p32, -2, nan}, {"log1p", Log1p, Log1p32, -1, -inf}, {"log1p", Log1p, Log1p32, zero, zero},
		{"tanh", Tanh, Tanh32, inf, 1}, {"tanh", Tanh, Tanh32, -inf, -1}, {"tanh", Tanh, Tanh32, nan, nan}, {"tanh", Tanh, Tanh32, zero, zero},
		{"sigmoid", Sigmoid, Sigmoid32, inf, 1}, {"sigmoid", Sigmoid, Sigmoid32, -inf, 0}, {"sigmoid", Sigmoid, Sigmoid32, nan, nan},
		{"sigmoid", Sigmoid, Sigmoid32, 0, 0.5},
		{"softplus", Softplus, Softplus32, inf, inf}, {"softplus", Softplus, Softplus32, -inf, 0}, {"softplus", Softplus, Softplus32, nan, nan},
		{"softplus", Softplus, Softplus32, 1e5, 1e5},
	} {
		if got := c.f64(c.x); !same(got, c.want) {
			t.Errorf("%s(%v) = %v, want %v", c.name, c.x, got, c.want)
		}
		if got := float64(c.f32(float32(c.x))); !same(got, c.want) {
			t.Errorf("%s32(%v) = %v, want %v", c.name, c.x, got, c.want)
		}
	}
}

// TestSlices: the functions of slices give the bits of those of one number.
func TestSlices(t *testing.T) {
	var xs []float32
	for _, x := range sample(-math.MaxFloat32, math.MaxFloat32, 20000) {
		xs = append(xs, float32(x), float32(x*0x1p-100), float32(x*0x1p-120))
	}
	inf := float32(math.Inf(1))
	xs = append(xs, 0, float32(math.Copysign(0, -1)), inf, -inf, inf-inf)
	dst := make([]float32, len(xs))
	for _, f := range []struct {
		name  string
		one   func(float32) float32
		slice func(dst, x []float32)
	}{
		{"Exp32s", Exp32, Exp32s}, {"Tanh32s", Tanh32, Tanh32s}, {"Sigmoid32s", Sigmoid32, Sigmoid32s},
		{"Softplus32s", Softplus32, Softplus32s}, {"Log32s", Log32, Log32s},
	} {
		f.slice(dst, xs)
		for i, x := range xs {
			if want := f.one(x); !same(float64(dst[i]), float64(want)) {
				t.Fatalf("%s gives %v for %v, want %v", f.name, dst[i], x, want)
			}
		}
	}
}

// same reports equality with all NaNs equal and zeros told apart.
func same(a, b float64) bool {
	return a != a && b != b || a == b && math.Signbit(a) == math.Signbit(b)
}

// TestTables holds the tables to what their comments say.
func TestTables(t *testing.T) {
	step := new(big.Float).SetPrec(bits)
	step.SetInt64(2)
	for range 7 {
		step = new(big.Float).SetPrec(bits).Sqrt(step)
	}
	power := bigFloat(1)
	for j, entry := range expTable {
		high, _ := power.Float64()
		low, _ := sub(power, bigFloat(high)).Float64()
		if entry != [2]float64{high, low} {
			t.Errorf("expTable[%d] = %x, want %x", j, entry, [2]float64{high, low})
		}
		power = mul(power, step)
	}
	for i, entry := range logTable {
		if n := entry.inverse * 1024; n != math.Trunc(n) {
			t.Errorf("the inverse of logTable[%d], %x, has more than 11 bits", i, entry.inverse)
		}
		for _, at := range []uint64{0, 1<<45 - 1} {
			z := math.Float64frombits(logOffset + uint64(i)<<45 + at)
			if r := z*entry.inverse - 1; math.Abs(r) > 0x1p-7 {
				t.Errorf("logTable[%d] leaves %v", i, r)
			}
		}
		exact := bigLog(bigFloat(entry.inverse))
		exact.Neg(exact)
		low, _ := sub(exact, bigFloat(entry.logHigh)).Float64()
		if entry.logHigh*0x1p41 != math.Trunc(entry.logHigh*0x1p41) || low != entry.logLow {
			t.Errorf("logTable[%d] = %x, want the low part %x", i, entry, low)
		}
	}
}

func BenchmarkFunctions(b *testing.B) {
	xs := make([]float64, 1024)
	xs32 := make([]float32, 1024)
	for i := range xs {
		xs[i] = float64(i+1) / 200
		xs32[i] = float32(xs[i])
	}
	for _, f := range functions {
		b.Run(fmt.Sprintf("%s/f64", f.name), func(b *testing.B) {
			var sum float64
			for i := range b.N {
				sum += f.f64(xs[i%1024])
			}
			sink = sum
		})
		b.Run(fmt.Sprintf("%s/f32", f.name), func(b *testing.B) {
			var sum float32
			for i := range b.N {
				sum += f.f32(xs32[i%1024])
			}
			sink = float64(sum)
		})
	}
}

var sink float64
