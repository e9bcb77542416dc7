// Package ops holds flowc's operations: pure functions of values, and objects
// with methods.
//
// An [Op] declares everything that the rest of flowc knows of it: parameters,
// effects, type rule, reference evaluation, gradient. The compiler, the
// backends and the laws that every op is tested by work from that declaration,
// so adding an op is adding one value to a [Registry].
//
// Array and op names follow the Python array API standard and NumPy,
// broadcasting is NumPy's, dtype promotion is JAX's with weakly typed literals.
package ops
