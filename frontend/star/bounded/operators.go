package bounded

import (
	"go.starlark.net/starlark"
	"go.starlark.net/syntax"
)

// builtin is the type of functions in Go that Starlark calls.
type builtin = func(*starlark.Thread, *starlark.Builtin, starlark.Tuple, []starlark.Tuple) (starlark.Value, error)

var binaryOperators = []syntax.Token{
	syntax.PLUS, syntax.MINUS, syntax.STAR, syntax.SLASH, syntax.SLASHSLASH, syntax.PERCENT, syntax.AMP, syntax.PIPE,
	syntax.CIRCUMFLEX, syntax.LTLT, syntax.GTGT, syntax.IN, syntax.NOT_IN,
	syntax.EQL, syntax.NEQ, syntax.LT, syntax.GT, syntax.LE, syntax.GE}

var unaryOperators = []syntax.Token{syntax.MINUS, syntax.PLUS, syntax.TILDE}

var inPlaceOperators = []syntax.Token{
	syntax.PLUS, syntax.MINUS, syntax.STAR, syntax.SLASH, syntax.SLASHSLASH, syntax.PERCENT, syntax.AMP, syntax.PIPE,
	syntax.CIRCUMFLEX, syntax.LTLT, syntax.GTGT}

// addGuards adds what rewritten files call.
func (e *evaluator) addGuards(names starlark.StringDict) {
	add := func(name string, guard func(thread *starlark.Thread, args starlark.Tuple) (starlark.Value, error)) {
		names[name] = starlark.NewBuiltin(name, func(thread *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
			return guard(thread, args)
		})
	}
	for _, op := range binaryOperators {
		add(guardBinary(op), func(thread *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
			return e.binary(thread, op, args[0], args[1])
		})
	}
	for _, op := range inPlaceOperators {
		add(guardInPlace(op), func(thread *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
			return e.inPlace(thread, op, args[0], args[1])
		})
	}
	for _, op := range unaryOperators {
		add(guardUnary(op), func(thread *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
			if e.Unary != nil {
				if v, ok, err := e.Unary(thread, op, args[0]); ok || err != nil {
					return v, err
				}
			}
			return starlark.Unary(op, args[0])
		})
	}
	add(guardKnown, func(_ *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		return args[0], e.known(args[0])
	})
	add(guardKey, func(thread *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		return args[0], e.weighKeys(thread, args[0])
	})
	add(guardSpread, func(thread *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		_, err := e.size(thread, args[0], 2)
		return args[0], err
	})
	add(guardDict, func(thread *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		return args[0], e.charge(thread, dictCost)
	})
	add(guardAttr, func(thread *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		return e.attr(thread, args[0], string(args[1].(starlark.String)))
	})
	add(guardIndex, func(thread *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		return e.index(thread, args[0], args[1])
	})
	add(guardSlice, func(thread *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		return e.slice(thread, args[0], args[1], args[2], args[3])
	})
	add(guardSetIndex, e.setIndex)
}

// dictCost is what an empty dict costs beside the steps that make it.
const dictCost = 40

// known returns an error for a condition that cannot be decided now.
func (e *evaluator) known(v starlark.Value) error {
	if e.Truth == nil {
		return nil
	}
	return e.Truth(v)
}

func (e *evaluator) binary(thread *starlark.Thread, op syntax.Token, x, y starlark.Value) (starlark.Value, error) {
	if e.Binary != nil {
		if v, ok, err := e.Binary(thread, op, x, y); ok || err != nil {
			return v, err
		}
	}
	if err := e.chargeBinary(thread, op, x, y); err != nil {
		return nil, err
	}
	switch op {
	case syntax.EQL, syntax.NEQ, syntax.LT, syntax.GT, syntax.LE, syntax.GE:
		ok, err := starlark.Compare(op, x, y)
		return starlark.Bool(ok), err
	}
	z, err := starlark.Binary(op, x, y)
	if err == nil {
		err = checkInt(z)
	}
	return z, err
}

// chargeBinary charges for x op y before it is computed.
func (e *evaluator) chargeBinary(thread *starlark.Thread, op syntax.Token, x, y starlark.Value) error {
	if isNumber(x) && isNumber(y) {
		return nil
	}
	switch op {
	case syntax.EQL, syntax.NEQ, syntax.LT, syntax.GT, syntax.LE, syntax.GE:
		if x.Type() != y.Type() {
			return nil
		}
		return e.weighKeys(thread, x, y)
	case syntax.IN, syntax.NOT_IN:
		if _, ok := y.(starlark.Mapping); ok {
			return e.weighKeys(thread, x)
		}
		return e.weighKeys(thread, x, y)
	case syntax.STAR:
		for _, pair := range [][2]starlark.Value{{x, y}, {y, x}} {
			if count, ok := pair[1].(starlark.Int); ok {
				n, ok := count.Uint64()
				if most := (e.MaxSteps + 1) * bytesPerStep; !ok && count.Sign() > 0 || n > most {
					n = most
				}
				_, err := e.size(thread, pair[0], max(1, n))
				return err
			}
		}
		return nil
	case syntax.PERCENT:
		if format, ok := x.(starlark.String); ok {
			return e.chargeFormat(thread, string(format), '%', y)
		}
	}
	for _, v := range []starlark.Value{x, y} {
		if _, err := e.size(thread, v, elementCost(v)); err != nil {
			return err
		}
		if _, ok := v.(*starlark.Set); ok {
			if err := e.weighKeys(thread, v); err != nil {
				return err
			}
		}
	}
	return nil
}

// elementCost is what a copy of an element of v costs.
func elementCost(v starlark.Value) uint64 {
	switch v.(type) {
	case *starlark.Dict, *starlark.Set:
		return 4
	}
	return 1
}

func isNumber(v starlark.Value) bool {
	switch v.(type) {
	case starlark.Int, starlark.Float, starlark.Bool:
		return true
	}
	return false
}

// inPlace computes x op= y, which extends a list or dict where it is.
func (e *evaluator) inPlace(thread *starlark.Thread, op syntax.Token, x, y starlark.Value) (starlark.Value, error) {
	var extend string
	switch x.(type) {
	case *starlark.List:
		if _, ok := y.(starlark.Iterable); ok && op == syntax.PLUS {
			extend = "extend"
		}
	case *starlark.Dict:
		if _, ok := y.(*starlark.Dict); ok && op == syntax.PIPE {
			extend = "update"
		}
	}
	if extend == "" {
		return e.binary(thread, op, x, y)
	}
	method, err := e.attr(thread, x, extend)
	if err != nil {
		return nil, err
	}
	_, err = starlark.Call(thread, method, starlark.Tuple{y}, nil)
	return x, err
}
