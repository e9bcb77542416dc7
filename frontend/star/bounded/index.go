package bounded

import (
	"fmt"

	"go.starlark.net/starlark"
	"go.starlark.net/syntax"
)

// setIndex computes x[key] op= y.
func (e *evaluator) setIndex(thread *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
	x, key, y := args[0], args[1], args[3]
	var op syntax.Token
	for _, candidate := range inPlaceOperators {
		if candidate.String() == string(args[2].(starlark.String)) {
			op = candidate
		}
	}
	old, err := e.index(thread, x, key)
	if err != nil {
		return nil, err
	}
	v, err := e.inPlace(thread, op, old, y)
	if err != nil {
		return nil, err
	}
	switch x := x.(type) {
	case starlark.HasSetKey:
		return starlark.None, x.SetKey(key, v)
	case starlark.HasSetIndex:
		i, err := position(x, key)
		if err != nil {
			return nil, err
		}
		return starlark.None, x.SetIndex(i, v)
	}
	return nil, fmt.Errorf("%s value does not support item assignment", x.Type())
}

// position returns the index key of x, counted from the front.
func position(x starlark.Indexable, key starlark.Value) (int, error) {
	i, err := starlark.AsInt32(key)
	if err != nil {
		return 0, fmt.Errorf("%s index: %s", x.Type(), err)
	}
	n := x.Len()
	at := i
	if at < 0 {
		at += n
	}
	if at < 0 || at >= n {
		return 0, fmt.Errorf("%s index %d is out of range: there are %d elements", x.Type(), i, n)
	}
	return at, nil
}

func (e *evaluator) index(thread *starlark.Thread, x, key starlark.Value) (starlark.Value, error) {
	if e.Index != nil {
		if v, ok, err := e.Index(thread, x, key); ok || err != nil {
			return v, err
		}
	}
	switch x := x.(type) {
	case starlark.Mapping:
		if err := e.weighKeys(thread, key); err != nil {
			return nil, err
		}
		v, found, err := x.Get(key)
		if err == nil && !found {
			err = fmt.Errorf("key %s not in %s", key, x.Type())
		}
		return v, err
	case starlark.Indexable:
		i, err := position(x, key)
		if err != nil {
			return nil, err
		}
		return x.Index(i), nil
	}
	return nil, fmt.Errorf("unhandled index operation %s[%s]", x.Type(), key.Type())
}

// slice computes x[low:high:step].
func (e *evaluator) slice(thread *starlark.Thread, x, low, high, step starlark.Value) (starlark.Value, error) {
	if e.Slice != nil {
		if v, ok, err := e.Slice(thread, x, low, high, step); ok || err != nil {
			return v, err
		}
	}
	sliceable, ok := x.(starlark.Sliceable)
	if !ok {
		return nil, fmt.Errorf("invalid slice operand %s", x.Type())
	}
	n := sliceable.Len()
	if _, err := e.size(thread, x, 1); err != nil {
		return nil, err
	}
	by := 1
	if step != starlark.None {
		var err error
		if by, err = starlark.AsInt32(step); err != nil {
			return nil, fmt.Errorf("invalid slice step: %s", err)
		}
		if by == 0 {
			return nil, fmt.Errorf("zero is not a valid slice step")
		}
	}
	from, to, least, most := 0, n, 0, n
	if by < 0 {
		from, to, least, most = n-1, -1, -1, n-1
	}
	var err error
	if from, err = sliceBound(low, from, n, least, most); err != nil {
		return nil, fmt.Errorf("invalid start index: %s", err)
	}
	if to, err = sliceBound(high, to, n, least, most); err != nil {
		return nil, fmt.Errorf("invalid end index: %s", err)
	}
	if by > 0 && to < from {
		to = from
	}
	if by < 0 && to > from {
		to = from
	}
	return sliceable.Slice(from, to, by), nil
}

func sliceBound(v starlark.Value, missing, n, least, most int) (int, error) {
	if v == starlark.None {
		return missing, nil
	}
	i, err := starlark.AsInt32(v)
	if err != nil {
		return 0, err
	}
	if i < 0 {
		i += n
	}
	return max(least, min(i, most)), nil
}
