// Package bounded evaluates Starlark files of unknown origin in bounded time
// and memory.
//
// The interpreter counts the instructions it executes, but one instruction may
// make a gigabyte ("x" * 2**30) or look at elements without end
// (any(range(10**15))). So a file's syntax tree is rewritten before it is
// compiled: every operator, attribute, key, slice and call of a built-in whose
// cost is not bounded by a constant goes through a guard, which charges the
// cost to the same count of steps before it does the work. What is charged is
// proportional to the time and to the bytes of the result, so the limit on
// steps bounds both. Nothing depends on a clock or on the state of the heap:
// the same file always stops at the same place.
//
// Files are pure: there is no load, no while, no recursion, no bytes function,
// and nothing to read the outside world with.
//
// The guards also let values of the application take part in all operators,
// comparisons included, with the position of the operator; see [Options].
package bounded
