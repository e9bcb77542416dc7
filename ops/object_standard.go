package ops

import (
	"fmt"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops/philox"
)

// standardClasses lists the classes of objects that flowc comes with.
func standardClasses() []*Class {
	return []*Class{rngClass(), normalSourceClass(), arraySourceClass(), digitsClass(), pcaClass(), metricLogClass(), timerClass()}
}

// Effects of methods.
const (
	reads  = ir.ReadsObject
	writes = ir.ReadsObject | ir.WritesObject
	random = writes | ir.Random
)

// Domains keep apart what different classes draw with equal seeds.
const (
	domainRNG uint8 = 1 + iota
	domainNormalSource
	domainDigitsSplit
	domainDigitsOrder
	domainSplit
)

// seedParam is the parameter of classes that draw.
var seedParam = optional("seed", ir.WeakInt(0), "number of the random stream, any i64")

// newGenerator returns what an object of the given class and seed draws from.
func newGenerator(class string, env Env, seed ir.Value, domain uint8) (philox.Generator, error) {
	stream, err := seed.Count("seed")
	if err != nil {
		return philox.Generator{}, fmt.Errorf("%s: %w", class, err)
	}
	return philox.Generator{Seed: env.Seed, Stream: uint64(stream), Domain: domain}, nil
}

// countParam reads a whole number of low to high.
func countParam(op, param string, v ir.Value, low, high int64) (int, error) {
	n, err := v.Count(param)
	switch {
	case err != nil:
		return 0, fmt.Errorf("%s: %w", op, err)
	case n < low:
		return 0, fmt.Errorf("%s: %s is %d: want at least %d", op, param, n, low)
	case n > high:
		return 0, fmt.Errorf("%s: %s is %d: want at most %d", op, param, n, high)
	}
	return int(n), nil
}

// realParam reads a finite rank-0 number.
func realParam(op, param string, v ir.Value) (float64, error) {
	if !v.IsScalar() || v.DType() == ir.Bool {
		return 0, wantError(op, param, v, "a number of rank 0")
	}
	x := v.Float64()
	if x-x != 0 {
		return 0, fmt.Errorf("%s: %s is %v: want a finite number", op, param, x)
	}
	return x, nil
}

// floatDTypeParam reads the name of a float dtype.
func floatDTypeParam(op, param string, v ir.Value) (ir.DType, error) {
	dtype, err := dtypeParam(op, param, v)
	if err == nil && !dtype.IsFloat() {
		err = fmt.Errorf("%s: %s is %s: want f32 or f64", op, param, dtype)
	}
	return dtype, err
}
