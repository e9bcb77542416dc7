// Package portable computes elementary functions with the same bits on every
// architecture.
//
// Package math differs from one processor to the next: some of its functions
// have assembly versions, and the compiler may fuse a product and a sum. Here
// the order of operations is fixed and every product that a sum follows is
// rounded explicitly, so nothing fuses; where a fused product is wanted,
// [math.FMA] says so.
//
// Exp, Expm1, Log, Log1p and Pow are within 0.51 ulp of the true value where that
// is a normal number, Tanh, Sigmoid and Softplus within 2. The float32 forms,
// with the suffix 32, calculate in float64 and round once; they are within 0.51
// ulp. All follow IEEE 754 and
// Annex F of C at zeros, infinities and NaNs.
//
// The algorithms are table-driven argument reductions followed by short
// polynomials: P. T. P. Tang, "Table-driven implementation of the exponential
// function in IEEE floating-point arithmetic", ACM TOMS 15 (1989), and "Table-
// driven implementation of the logarithm function", ACM TOMS 16 (1990).
package portable
