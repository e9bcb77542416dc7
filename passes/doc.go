// Package passes turns programs into faster ones that do the same.
//
// [Optimize] runs the passes of one explicit table: the required lowerings,
// which the backends need and which run at every level, then the optional
// passes of the level. Passes are values of type [Pass]; each has a directory
// of its own with goldens that show what it does.
//
// Optimized code stands beside the source statements it replaces, never in
// their stead: a fused node carries them as a region, and a program can stop at
// any of its steps whatever the level. Passes are exact: outputs, the order of
// effects and errors stay the same, bit for bit within a numeric family.
//
// [Specialize] makes the typed dataflow of a graph leaf when a run comes to it;
// package graphs rewrites that: from level 2 on by rules that are exact in the
// same sense, at level 3 by rules that reassociate floats too.
package passes
