package philox

import (
	"math"
	"math/bits"

	"flowc.dev/flowc/ops/portable"
)

// A Float is a type of element that real draws have.
type Float interface{ float32 | float64 }

// batch is the number of draws that are worked on at a time. It is small because
// the space for them is cleared at every call.
const batch = portable.NormalGroup

// Uniforms fills dst with uniform numbers of [low, high), one a draw: low +
// (high-low)u, where u is the draw's upper 53 bits, 24 for float32, as a
// fraction. The product and the sum are float64, rounded to T last; where that
// would give high, the number below it is taken. low = high gives low.
func Uniforms[T Float](g Generator, dst []T, position uint64, low, high float64) {
	if len(dst) <= serialDraws {
		uniforms(g, dst, position, low, high)
		return
	}
	parallel(len(dst), func(from, to int) {
		uniforms(g, dst[from:to], position+uint64(from), low, high)
	})
}

func uniforms[T Float](g Generator, dst []T, position uint64, low, high float64) {
	var words [batch]uint64
	width := high - low
	shift, unit := uint(11), 0x1p-53
	if isFloat32[T]() {
		shift, unit = 40, 0x1p-24
	}
	last := below[T](high)
	for len(dst) > 0 {
		n := min(len(dst), batch)
		g.Words(words[:n], position)
		for i, w := range words[:n] {
			u := float64(w>>shift) * unit
			x := T(low + float64(width*u))
			if x >= T(high) && low < high {
				x = last
			}
			dst[i] = x
		}
		dst, position = dst[n:], position+uint64(n)
	}
}

func isFloat32[T Float]() bool {
	var one T = 1
	return one+0x1p-40 == one
}

// below returns the largest T less than T(x).
func below[T Float](x float64) T {
	if isFloat32[T]() {
		return T(math.Nextafter32(float32(x), float32(math.Inf(-1))))
	}
	return T(math.Nextafter(x, math.Inf(-1)))
}

// Normals fills dst with loc + scale z, where z is normal, one a draw: the
// quantile of the draw's upper 52 bits k as (k + 1/2)/2^52, which is never 0 or
// 1, so that |z| < 8.3. All is computed in float64 and rounded to T last.
func Normals[T Float](g Generator, dst []T, position uint64, loc, scale float64) {
	if len(dst) <= serialDraws {
		normals(g, dst, position, loc, scale)
		return
	}
	parallel(len(dst), func(from, to int) {
		normals(g, dst[from:to], position+uint64(from), loc, scale)
	})
}

func normals[T Float](g Generator, dst []T, position uint64, loc, scale float64) {
	var words [batch]uint64
	var q, z [batch]float64
	for len(dst) > 0 {
		n := min(len(dst), batch)
		g.Words(words[:n], position)
		for i, w := range words[:n] {
			// Flipping the top bit subtracts one half.
			q[i] = (float64(int64(w^1<<63)>>12) + 0.5) * 0x1p-52
		}
		portable.CenteredNormalQuantiles(z[:n], q[:n])
		for i, x := range z[:n] {
			dst[i] = T(loc + float64(scale*x))
		}
		dst, position = dst[n:], position+uint64(n)
	}
}

// Bernoullis fills dst with true with probability p, one a draw: whether
// the draw's upper 53 bits, as a fraction, are less than p.
func Bernoullis(g Generator, dst []bool, position uint64, p float64) {
	var words [batch]uint64
	for len(dst) > 0 {
		n := min(len(dst), batch)
		g.Words(words[:n], position)
		for i, w := range words[:n] {
			dst[i] = float64(w>>11)*0x1p-53 < p
		}
		dst, position = dst[n:], position+uint64(n)
	}
}

// Integers fills dst with integers of low, ..., low+count-1, two draws each: the
// upper part of count times the 128-bit fraction that they make. No integer
// is more than 2^-64 likelier than another.
func Integers(g Generator, dst []int64, position uint64, low int64, count uint64) {
	var words [batch]uint64
	for len(dst) > 0 {
		n := min(len(dst), batch/2)
		g.Words(words[:2*n], position)
		for i := range n {
			hi, lo := words[2*i], words[2*i+1]
			top, middle := bits.Mul64(hi, count)
			carry, _ := bits.Mul64(lo, count)
			_, c := bits.Add64(middle, carry, 0)
			dst[i] = low + int64(top+c)
		}
		dst, position = dst[n:], position+uint64(2*n)
	}
}

// Shuffle permutes items by Fisher and Yates' method with len(items)-1 draws.
// No order is noticeably likelier than another: each choice among k has a bias
// below k 2^-64.
func Shuffle[T any](g Generator, items []T, position uint64) {
	var words [batch]uint64
	for i := len(items) - 1; i > 0; {
		n := min(i, batch)
		g.Words(words[:n], position)
		for _, w := range words[:n] {
			j, _ := bits.Mul64(w, uint64(i)+1)
			items[i], items[j] = items[j], items[i]
			i--
		}
		position += uint64(n)
	}
}
