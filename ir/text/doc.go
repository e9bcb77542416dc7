// Package text reads and prints programs in the .flow form, the one that people
// read.
//
// [Parse] turns a source into an [ir.Program], [Print] gives the canonical text
// of one, and parsing that text gives the program again. Both follow the
// element schemas of package ir: an element without a special spelling is
// written as its keyword, the operands or the name under its key, its other
// fields by name, and its regions in braces,
//
//	x = buffer 1000 { dataset.next() }
//	repeat n as i { ... }
//	weave require 1 weights [1, 3] turn statement { strand { ... } strand { ... } }
//	graph yield %1 steps 2 { ... } source { ... }
//
// so a new element needs no change here.
//
// # Layout
//
// One statement stands on a line, or several separated by semicolons. Within
// parentheses, brackets and a record's braces, and after an infix operator or a
// comma, a line may be broken. A comment runs from # to the end of its line. The
// comments in front of a statement, declaration or case are its doc; so are,
// after those, the ones beside and inside it.
//
// # Names
//
// A name is letters, digits and underscores, not starting with a digit; a path
// of names is joined by dots. A name local to a graph leaf begins with %. Any
// other name, and one that is a keyword, stands in backquotes with the escapes
// of a Go string. Words that only follow something, such as as, wrt or case,
// and those that begin declarations are no keywords.
//
// # Literals
//
// A number without point and exponent is a weak i64, one with them a weak f64,
// as are nan and inf. A value of a type of its own is spelled as the type and
// its elements in row-major order in braces: f32{1.5}, i64[2,2]{1, 2, 3, 4}; a
// filled tensor f32[64,10]{fill 0}; with weak in front the dtype gives way in
// promotion. Strings are Go's interpreted ones. [1, x] is a list and {a: 1} a
// record of operands; const [1, 2] is a list that is a literal as a whole.
//
// # Statements
//
// A statement that calls an op may use the infix operators, in the precedence
// that Python gives them. x = y stands for the call identity(y). if c { } else
// { } is a switch with the cases true and false and no default, an absent else
// an empty case; so a condition that is no bool is an error. A hook follows the
// statement it is attached to, on a line of its own:
//
//	s = sum(x)
//	    hook every 100 after { print s }
//
// !17 in front of a statement or behind an operand is its ID, and !(17 from 3,
// 4) tells the IDs of the nodes that it stands for as well; !(doc "...") is a
// doc that comments cannot say.
package text
