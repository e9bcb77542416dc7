package philox

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math"
	"runtime"
	"slices"
	"sync/atomic"
	"testing"

	"go.uber.org/goleak"
	"pgregory.net/rapid"
)

var generator = Generator{Seed: 11, Stream: 22, Domain: 3}

func TestWordsAreTheBlocksWords(t *testing.T) {
	g := Generator{Seed: 0x299F31D0_A4093822, Stream: 0x03707344_13198A2E, Domain: 0x85}
	words := Block([4]uint32{0x00000005, 0x85000000, 0x13198A2E, 0x03707344}, [2]uint32{0xA4093822, 0x299F31D0})
	if got, want := word(g, 10), uint64(words[0])|uint64(words[1])<<32; got != want {
		t.Errorf("draw 10 is %x, want %x", got, want)
	}
	if got, want := word(g, 11), uint64(words[2])|uint64(words[3])<<32; got != want {
		t.Errorf("draw 11 is %x, want %x", got, want)
	}
}

func word(g Generator, position uint64) uint64 {
	var w [1]uint64
	g.Words(w[:], position)
	return w[0]
}

// A draw depends on its position only, whatever it is drawn with.
func TestWordsByPosition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := Generator{rapid.Uint64().Draw(t, "seed"), rapid.Uint64().Draw(t, "stream"), rapid.Byte().Draw(t, "domain")}
		position := rapid.Uint64Range(0, MaxPosition-100).Draw(t, "position")
		words := make([]uint64, rapid.IntRange(0, 20).Draw(t, "n"))
		g.Words(words, position)
		for i, w := range words {
			if one := word(g, position+uint64(i)); one != w {
				t.Fatalf("draw %d is %x in a block and %x alone", i, w, one)
			}
		}
	})
}

func TestGeneratorsDiffer(t *testing.T) {
	seen := map[uint64]Generator{}
	for _, g := range []Generator{{}, {Seed: 1}, {Seed: 1 << 32}, {Stream: 1}, {Stream: 1 << 32}, {Domain: 1}, {Domain: 2}} {
		w := word(g, 0)
		if other, ok := seen[w]; ok {
			t.Errorf("%+v and %+v begin alike", g, other)
		}
		seen[w] = g
	}
}

// Large blocks are drawn by several goroutines, with the bits of small ones.
func TestLargeBlocksHaveTheBitsOfSmallOnes(t *testing.T) {
	defer goleak.VerifyNone(t)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(4))
	const n, position = 3*serialDraws + 17, 5
	large, small := make([]float64, n), make([]float64, n)
	large32, small32 := make([]float32, n), make([]float32, n)
	check := func(what string) {
		t.Helper()
		if !slices.Equal(large, small) || !slices.Equal(large32, small32) {
			t.Errorf("%s differ when many are drawn at a time", what)
		}
	}
	pieces := func(draw func(from, to int)) {
		for from := 0; from < n; from += 1001 {
			draw(from, min(n, from+1001))
		}
	}
	Normals(generator, large, position, 1, 2)
	Normals(generator, large32, position, 1, 2)
	pieces(func(from, to int) {
		Normals(generator, small[from:to], position+uint64(from), 1, 2)
		Normals(generator, small32[from:to], position+uint64(from), 1, 2)
	})
	check("normals")
	Uniforms(generator, large, position, -1, 2)
	Uniforms(generator, large32, position, -1, 2)
	pieces(func(from, to int) {
		Uniforms(generator, small[from:to], position+uint64(from), -1, 2)
		Uniforms(generator, small32[from:to], position+uint64(from), -1, 2)
	})
	check("uniforms")
}

func TestParallelWaits(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(4))
	const n = 10*serialDraws + 3
	var done atomic.Int64
	parallel(n, func(from, to int) {
		for range 10_000 {
			runtime.Gosched()
		}
		done.Add(int64(to - from))
	})
	if got := done.Load(); got != n {
		t.Errorf("%d of %d draws are done when parallel returns", got, n)
	}
}

func TestUniformsStayBelowHigh(t *testing.T) {
	const n = 20000
	wide, narrow := make([]float64, n), make([]float32, n)
	for _, r := range [][2]float64{{0, 1}, {-3, 5}, {1, 1 + 0x1p-22}, {1, 1 + 0x1p-23}, {0, 0x1p-149}, {2, 2}, {0, 0.1}} {
		low, high := r[0], r[1]
		Uniforms(generator, wide, 0, low, high)
		Uniforms(generator, narrow, 0, low, high)
		for i := range n {
			if x := wide[i]; x < low || x > high || x == high && low < high {
				t.Fatalf("a uniform of [%v, %v) is %v", low, high, x)
			}
			if x := narrow[i]; x < float32(low) || x > float32(high) || x == float32(high) && low < high {
				t.Fatalf("an f32 uniform of [%v, %v) is %v", low, high, x)
			}
		}
	}
}

func TestMoments(t *testing.T) {
	const n = 200_000
	x := make([]float64, n)
	moments := func() (mean, variance float64) {
		for _, v := range x {
			mean += v / n
		}
		for _, v := range x {
			variance += (v - mean) * (v - mean) / n
		}
		return mean, variance
	}
	// Five standard errors.
	Uniforms(generator, x, 0, 0, 1)
	if mean, variance := moments(); math.Abs(mean-0.5) > 5*0.289/math.Sqrt(n) || math.Abs(variance-1.0/12) > 5*0.075/math.Sqrt(n) {
		t.Errorf("uniforms have mean %v and variance %v", mean, variance)
	}
	Normals(generator, x, 0, 3, 2)
	if mean, variance := moments(); math.Abs(mean-3) > 5*2/math.Sqrt(n) || math.Abs(variance-4) > 5*4*math.Sqrt2/math.Sqrt(n) {
		t.Errorf("normals of mean 3 and variance 4 have mean %v and variance %v", mean, variance)
	}
	tails := 0
	for _, v := range x {
		if math.Abs(v-3) > 2*1.959963984540054 {
			tails++
		}
	}
	if share := float64(tails) / n; math.Abs(share-0.05) > 5*math.Sqrt(0.05*0.95/n) {
		t.Errorf("%v of the normals are in the tails of 0.05", share)
	}
	bools := make([]bool, n)
	Bernoullis(generator, bools, 0, 0.3)
	count := 0
	for _, b := range bools {
		if b {
			count++
		}
	}
	if share := float64(count) / n; math.Abs(share-0.3) > 5*math.Sqrt(0.21/n) {
		t.Errorf("%v of the bools are true, want 0.3", share)
	}
}

func TestBernoulliEnds(t *testing.T) {
	bools := make([]bool, 1000)
	Bernoullis(generator, bools, 0, 0)
	if slices.Contains(bools, true) {
		t.Error("a bool of probability 0 is true")
	}
	Bernoullis(generator, bools, 0, 1)
	if slices.Contains(bools, false) {
		t.Error("a bool of probability 1 is false")
	}
}

func TestIntegersAreUniform(t *testing.T) {
	const n = 70_000
	x := make([]int64, n)
	Integers(generator, x, 0, -3, 7)
	var count [7]float64
	for _, v := range x {
		if v < -3 || v > 3 {
			t.Fatalf("an integer of -3 to 3 is %d", v)
		}
		count[v+3]++
	}
	chi := 0.0
	for _, c := range count {
		chi += (c - n/7) * (c - n/7) / (n / 7)
	}
	if chi > 30 { // of 6 degrees of freedom: less than 1 in 10^4
		t.Errorf("integers occur %v times, chi-square %v", count, chi)
	}
	Integers(generator, x, 0, math.MinInt64, math.MaxUint64)
	if slices.Max(x) < 1<<62 || slices.Min(x) > -1<<62 {
		t.Errorf("integers of the whole range are %d to %d", slices.Min(x), slices.Max(x))
	}
}

func TestShufflesAreUniform(t *testing.T) {
	const n = 24_000
	count := map[[4]int]float64{}
	for i := range n {
		order := [4]int{0, 1, 2, 3}
		Shuffle(generator, order[:], uint64(3*i))
		count[order]++
	}
	chi := 0.0
	for _, c := range count {
		chi += (c - n/24) * (c - n/24) / (n / 24)
	}
	if len(count) != 24 || chi > 60 { // of 23 degrees of freedom
		t.Errorf("%d of 24 orders occur, chi-square %v", len(count), chi)
	}
}

// The digests hold the bits of the draws for good: programs' outputs depend on
// them.
func TestBitsStayTheSame(t *testing.T) {
	const n = 10_000
	f64, f32, i64 := make([]float64, n), make([]float32, n), make([]int64, n)
	digest := func(data any) string {
		h := sha256.New()
		if err := binary.Write(h, binary.LittleEndian, data); err != nil {
			t.Fatal(err)
		}
		return hex.EncodeToString(h.Sum(nil))[:16]
	}
	Normals(generator, f64, 1, 0, 1)
	got := []string{digest(f64)}
	Normals(generator, f32, 1, 0.5, 3)
	got = append(got, digest(f32))
	Uniforms(generator, f64, 1, -1, 1)
	got = append(got, digest(f64))
	Uniforms(generator, f32, 1, 0, 1)
	got = append(got, digest(f32))
	Integers(generator, i64, 1, -5, 1000)
	got = append(got, digest(i64))
	Shuffle(generator, i64, 1)
	got = append(got, digest(i64))
	want := []string{"4d7eaeaaa44fab84", "093468a88f4e6003", "2d8ee7ccf1218d15", "5451b45f68f430b4", "88584f0a04f49446", "c41299a86d2544de"}
	if !slices.Equal(got, want) {
		t.Errorf("digests are %q, want %q", got, want)
	}
}

func TestNoAllocation(t *testing.T) {
	f64, f32 := make([]float64, 100), make([]float32, 100)
	if n := testing.AllocsPerRun(100, func() {
		Normals(generator, f64, 1, 0, 1)
		Uniforms(generator, f32, 1, 0, 1)
	}); n != 0 {
		t.Errorf("drawing allocates %v times", n)
	}
}
