package bounded

import (
	"fmt"
	"math/bits"
	"strings"

	"go.starlark.net/starlark"
)

// universe returns Starlark's own functions with guards. There is no bytes:
// programs have no use for it.
func (e *evaluator) universe() starlark.StringDict {
	names := starlark.StringDict{}
	for name, v := range starlark.Universe {
		names[name] = v
	}
	names["bytes"] = starlark.NewBuiltin("bytes", func(*starlark.Thread, *starlark.Builtin, starlark.Tuple, []starlark.Tuple) (starlark.Value, error) {
		return nil, fmt.Errorf("bytes is not available")
	})
	names["getattr"] = starlark.NewBuiltin("getattr", e.getattr)
	names["bool"] = e.guard("bool", func(_ *starlark.Thread, args starlark.Tuple) error {
		for _, arg := range args {
			if err := e.known(arg); err != nil {
				return err
			}
		}
		return nil
	})
	names["int"] = e.guard("int", func(thread *starlark.Thread, args starlark.Tuple) error {
		const maxDigits = 2000
		if len(args) > 0 {
			if s, ok := args[0].(starlark.String); ok && len(s) > maxDigits {
				return fmt.Errorf("a number has %d digits: want at most %d", len(s), maxDigits)
			}
		}
		return e.weigh(thread, args...)
	})
	for _, name := range []string{"str", "repr", "fail", "print", "float", "hash", "ord", "any", "all"} {
		names[name] = e.guard(name, func(thread *starlark.Thread, args starlark.Tuple) error {
			if name == "any" || name == "all" {
				return e.elements(thread, 1, args)
			}
			return e.weigh(thread, args...)
		})
	}
	for name, factor := range map[string]uint64{"list": 1, "tuple": 1, "reversed": 1, "enumerate": 6, "zip": 4} {
		names[name] = e.guard(name, func(thread *starlark.Thread, args starlark.Tuple) error {
			return e.elements(thread, factor, args)
		})
	}
	for _, name := range []string{"set", "dict"} {
		names[name] = e.guard(name, func(thread *starlark.Thread, args starlark.Tuple) error {
			if err := e.elements(thread, 4, args); err != nil {
				return err
			}
			if err := e.charge(thread, dictCost); err != nil {
				return err
			}
			return e.weighKeys(thread, args...)
		})
	}
	for _, name := range []string{"sorted", "min", "max"} {
		names[name] = e.ordering(name)
	}
	return names
}

// guard returns the universal function name with a charge before it.
func (e *evaluator) guard(name string, charge func(thread *starlark.Thread, args starlark.Tuple) error) *starlark.Builtin {
	inner := starlark.Universe[name].(*starlark.Builtin)
	return starlark.NewBuiltin(name, func(thread *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
		all := args
		if len(kwargs) > 0 {
			all = append(starlark.Tuple(nil), args...)
			for _, pair := range kwargs {
				all = append(all, pair[1])
			}
		}
		if err := charge(thread, all); err != nil {
			return nil, err
		}
		return inner.CallInternal(thread, args, kwargs)
	})
}

// ordering returns a function that compares the elements of its arguments, or
// what its keyword argument key gives for them.
func (e *evaluator) ordering(name string) *starlark.Builtin {
	inner := e.guard(name, e.chargeOrder)
	return starlark.NewBuiltin(name, func(thread *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
		guarded := append([]starlark.Tuple(nil), kwargs...)
		for i, pair := range guarded {
			key, ok := pair[1].(starlark.Callable)
			if !ok || pair[0] != starlark.String("key") {
				continue
			}
			const comparisons = 32 // of a key, or a bit more
			guarded[i] = starlark.Tuple{pair[0], starlark.NewBuiltin(key.Name(), func(thread *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
				v, err := starlark.Call(thread, key, args, kwargs)
				if err != nil {
					return nil, err
				}
				w, err := e.weight(thread, v)
				if err != nil {
					return nil, err
				}
				return v, e.charge(thread, w*comparisons)
			})}
		}
		return inner.CallInternal(thread, args, guarded)
	})
}

// elements charges for all elements of the arguments.
func (e *evaluator) elements(thread *starlark.Thread, factor uint64, args starlark.Tuple) error {
	for _, arg := range args {
		if _, err := e.size(thread, arg, factor); err != nil {
			return err
		}
	}
	return nil
}

// chargeOrder charges for comparing the elements of the arguments with each
// other.
func (e *evaluator) chargeOrder(thread *starlark.Thread, args starlark.Tuple) error {
	for _, arg := range args {
		n, err := e.size(thread, arg, 2)
		if err != nil {
			return err
		}
		w, err := e.weight(thread, arg)
		if err != nil {
			return err
		}
		if err := e.charge(thread, w*uint64(bits.Len64(n)+1)); err != nil {
			return err
		}
	}
	return nil
}

// chargeFormat charges for putting values into a format with placeholders that
// begin with mark.
func (e *evaluator) chargeFormat(thread *starlark.Thread, format string, mark byte, values ...starlark.Value) error {
	w, err := e.weight(thread, values...)
	if err != nil {
		return err
	}
	return e.charge(thread, (w+1)*uint64(strings.Count(format, string(mark))+1)+uint64(len(format))/bytesPerStep)
}

func (e *evaluator) getattr(thread *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var object, missing starlark.Value
	var name string
	if err := starlark.UnpackPositionalArgs("getattr", args, kwargs, 2, &object, &name, &missing); err != nil {
		return nil, err
	}
	v, err := e.attr(thread, object, name)
	if err != nil && missing != nil {
		return missing, nil
	}
	return v, err
}
