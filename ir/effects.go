package ir

import "strings"

// Effects is the set of ways in which a call may depend on or change more than
// its operands and results. The empty set is pure.
type Effects uint8

// The effects.
const (
	ReadsObject Effects = 1 << iota
	WritesObject
	Random
	IO
	// Splits moves a generator to a stream of its own, so that what copies of
	// it draw afterwards is unrelated.
	Splits
)

// Pure reports whether e is the empty set.
func (e Effects) Pure() bool { return e == 0 }

// String lists the effects, "pure" for none.
func (e Effects) String() string {
	if e.Pure() {
		return "pure"
	}
	var names []string
	for i, name := range []string{"reads object", "writes object", "random", "IO", "splits"} {
		if e&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}

// A Param is a parameter of an op, method or constructor.
type Param struct {
	Name string
	// Default is the argument when the caller gives none; nil makes the
	// parameter required.
	Default *Value
	// Variadic says that the last parameter takes all further positional
	// arguments, at least one.
	Variadic bool
	// Static says that the argument decides the result's type (an axis, a
	// shape, a dtype), so that compiled code needs it as a literal.
	Static bool
	Doc    string
}

// A Signature is what a caller must know of an op, method or constructor.
type Signature struct {
	Name    string
	Params  []Param
	Results int // number of results
	Effects Effects
}

// A Library resolves the names that programs call. Package ops implements it.
type Library interface {
	// Op returns the signature of an op, nil if there is none of that name.
	Op(name string) *Signature
	// Constructor returns the signature of an object class, or nil.
	Constructor(class string) *Signature
	// Method returns the signature of a method of a class, or nil.
	Method(class, method string) *Signature
	// Suggest returns known names that resemble the unknown one.
	Suggest(name string) []string
}
