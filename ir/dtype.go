package ir

import "fmt"

// DType is the element type of a tensor or of a rank-0 number.
type DType uint8

// The element types. The zero DType is invalid, so that a forgotten one shows.
const (
	InvalidDType DType = iota
	Bool
	U8
	I32
	I64
	F32
	F64
)

// DTypes lists every element type in promotion order.
var DTypes = []DType{Bool, U8, I32, I64, F32, F64}

var dtypeNames = [...]string{Bool: "bool", U8: "u8", I32: "i32", I64: "i64", F32: "f32", F64: "f64"}

var dtypeSizes = [...]int{Bool: 1, U8: 1, I32: 4, I64: 8, F32: 4, F64: 8}

// String returns the name that programs use: f32, f64, i32, i64, u8 or bool.
func (d DType) String() string {
	if !d.Valid() {
		return fmt.Sprintf("DType(%d)", uint8(d))
	}
	return dtypeNames[d]
}

// Valid reports whether d is one of the element types.
func (d DType) Valid() bool { return d > InvalidDType && d <= F64 }

// Size returns the number of bytes of one element.
func (d DType) Size() int { return dtypeSizes[d] }

// IsFloat reports whether d is f32 or f64.
func (d DType) IsFloat() bool { return d == F32 || d == F64 }

// IsInteger reports whether d is u8, i32 or i64.
func (d DType) IsInteger() bool { return d == U8 || d == I32 || d == I64 }

// ParseDType returns the element type named s.
func ParseDType(s string) (DType, error) {
	for _, d := range DTypes {
		if dtypeNames[d] == s {
			return d, nil
		}
	}
	return InvalidDType, fmt.Errorf("unknown dtype %q: want one of bool, u8, i32, i64, f32, f64", s)
}
