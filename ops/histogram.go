package ops

import (
	"fmt"
	"math"
	"slices"

	"flowc.dev/flowc/ir"
)

// maxBins bounds the bins of a histogram.
const maxBins = 1 << 24

// histogramOp counts as numpy.histogram does, with edges in f64, except that
// elements that are not finite do not count.
func histogramOp() *Op {
	const name = "histogram"
	return &Op{
		Signature: ir.Signature{Name: name, Results: 2, Params: []ir.Param{
			required("x", "number of any shape"),
			optional("bins", ir.WeakInt(10), "number of bins, at least 1"),
			optional("range", ir.Value{}, "list of the least and the greatest number that count, or null for those of x")}},
		Doc: "Counts the elements of x in bins of equal width: counts i64[bins] and edges f64[bins+1]. A bin has its left edge, the last " +
			"one both. Elements outside the range, NaNs and infinities are not counted. Without a range, if the finite elements are all " +
			"equal, it is half a unit on both sides; if there are none, it is 0 to 1.",
		Infer: func(args []Arg) ([]ir.Type, error) {
			if err := checkNumber(name, "x", args[0].Type); err != nil {
				return nil, err
			}
			bins, err := literal(name, "bins", args[1])
			if err != nil {
				return nil, err
			}
			limits, err := literal(name, "range", args[2])
			if err != nil {
				return nil, err
			}
			n, _, _, err := histogramParams(name, bins, limits)
			if err != nil {
				return nil, err
			}
			return []ir.Type{ir.NumberType(ir.I64, n), ir.NumberType(ir.F64, n+1)}, nil
		},
		Eval: func(dst, args []ir.Value) error {
			if !args[0].IsNumber() {
				return wantError(name, "x", args[0], "a number")
			}
			n, low, high, err := histogramParams(name, args[1], args[2])
			if err != nil {
				return err
			}
			x, err := operandAs(args[0], ir.F64)
			if err != nil {
				return err
			}
			defer freeOperand(x, args[0])
			data := ir.Data[float64](x)
			if args[2].IsNull() {
				low, high = finiteRange(data)
			}
			if low == high {
				low, high = low-0.5, high+0.5
			}
			counts, err := newResult(&dst[0], ir.I64, []int{n})
			if err != nil {
				return err
			}
			edges, err := newResult(&dst[1], ir.F64, []int{n + 1})
			if err != nil {
				return err
			}
			count(ir.Data[int64](counts), ir.Data[float64](edges), data, low, high)
			setResult(&dst[0], counts, false)
			setResult(&dst[1], edges, false)
			return nil
		},
	}
}

// histogramParams reads the number of bins and the range, if there is one.
func histogramParams(op string, bins, limits ir.Value) (n int, low, high float64, err error) {
	if n, err = intParam(op, "bins", bins); err != nil {
		return 0, 0, 0, err
	}
	if n < 1 || n > maxBins {
		return 0, 0, 0, fmt.Errorf("%s: bins is %d: want 1 to %d", op, n, maxBins)
	}
	if limits.IsNull() {
		return n, 0, 0, nil
	}
	list := limits.List()
	if list == nil || len(list.Items) != 2 {
		return 0, 0, 0, wantError(op, "range", limits, "a list of two numbers, or null")
	}
	if low, err = realParam(op, "range", list.Items[0]); err != nil {
		return 0, 0, 0, err
	}
	if high, err = realParam(op, "range", list.Items[1]); err != nil {
		return 0, 0, 0, err
	}
	if low > high || math.IsInf(high-low, 0) {
		return 0, 0, 0, fmt.Errorf("%s: range is %v to %v: want the least number first, and a finite difference", op, low, high)
	}
	return n, low, high, nil
}

// finiteRange returns the least and the greatest finite element. If they are
// too far apart for a finite difference, they are cut to half of what there is.
func finiteRange(x []float64) (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, v := range x {
		if v-v == 0 {
			low, high = min(low, v), max(high, v)
		}
	}
	if low > high {
		return 0, 1
	}
	const half = math.MaxFloat64 / 2
	return max(low, -half), min(high, half)
}

// count fills the edges, evenly from low to high, and the counts. What rounding
// puts beside its bin is moved over, so that a count is exactly that of the
// elements between two edges.
func count(counts []int64, edges []float64, x []float64, low, high float64) {
	n := len(counts)
	step := (high - low) / float64(n)
	for i := range edges {
		edges[i] = float64(float64(i)*step) + low
	}
	edges[n] = high
	for i := range counts {
		counts[i] = 0
	}
	scale := float64(n) / (high - low)
	for _, v := range x {
		if !(v >= low && v <= high) {
			continue
		}
		i := 0 // also where the range is too small for a scale
		if at := float64((v - low) * scale); at >= float64(n) {
			i = n - 1
		} else if at > 0 {
			i = int(at)
		}
		for i > 0 && v < edges[i] {
			i--
		}
		for i < n-1 && v >= edges[i+1] {
			i++
		}
		counts[i]++
	}
}

var summaryNames = []string{"size", "nan", "inf", "min", "max", "mean", "std"}

// summaryOp describes a value in a few numbers.
func summaryOp() *Op {
	const name = "summary"
	return mapRecords(1, &Op{
		Signature: ir.Signature{Name: name, Results: 1, Params: []ir.Param{required("x", "number of any shape, or record of them")}},
		Doc: "A record that describes x: its size, how many elements are nan and inf, which are i64, and of the finite ones the min, max, " +
			"mean and std (the square root of the mean squared distance from the mean), which are f64, NaN if there are none.",
		Aggregate: true,
		Infer: func(args []Arg) ([]ir.Type, error) {
			if err := checkNumber(name, "x", args[0].Type); err != nil {
				return nil, err
			}
			whole, real := ir.NumberType(ir.I64), ir.NumberType(ir.F64)
			return []ir.Type{{Kind: ir.RecordKind, Names: summaryNames, Parts: []ir.Type{whole, whole, whole, real, real, real, real}}}, nil
		},
		Eval: func(dst, args []ir.Value) error {
			if !args[0].IsNumber() {
				return wantError(name, "x", args[0], "a number")
			}
			x, err := operandAs(args[0], ir.F64)
			if err != nil {
				return err
			}
			defer freeOperand(x, args[0])
			dst[0] = summarize(ir.Data[float64](x))
			return nil
		},
	})
}

func summarize(x []float64) ir.Value {
	var nan, inf int64
	low, high := math.Inf(1), math.Inf(-1)
	var sum [lanes]float64
	finite := 0
	for _, v := range x {
		switch {
		case v != v:
			nan++
		case v-v != 0:
			inf++
		default:
			low, high = min(low, v), max(high, v)
			sum[finite%lanes] += v
			finite++
		}
	}
	mean, std := math.NaN(), math.NaN()
	if finite == 0 {
		low, high = mean, mean
	} else {
		mean = mergeLanes(&sum) / float64(finite)
		std = math.Sqrt(squaredSpread(x, mean) / float64(finite))
	}
	values := []ir.Value{ir.Int(int64(len(x))), ir.Int(nan), ir.Int(inf), ir.Float(low), ir.Float(high), ir.Float(mean), ir.Float(std)}
	return ir.RecordOf(slices.Clone(summaryNames), values)
}

// squaredSpread returns the sum of (v - mean)^2 over the finite elements.
func squaredSpread(x []float64, mean float64) float64 {
	var sum [lanes]float64
	finite := 0
	for _, v := range x {
		if v-v == 0 {
			d := v - mean
			sum[finite%lanes] += float64(d * d)
			finite++
		}
	}
	return mergeLanes(&sum)
}
