package bounded

import (
	"fmt"
	"strings"

	"go.starlark.net/starlark"
)

// attr returns x.name; the methods of Starlark's own types get guards.
func (e *evaluator) attr(thread *starlark.Thread, x starlark.Value, name string) (starlark.Value, error) {
	if e.Attr != nil {
		if v, ok, err := e.Attr(thread, x, name); ok || err != nil {
			return v, err
		}
	}
	object, ok := x.(starlark.HasAttrs)
	if !ok {
		return nil, fmt.Errorf("%s has no .%s field or method", x.Type(), name)
	}
	v, err := object.Attr(name)
	if err != nil {
		return nil, err
	}
	if v == nil {
		return nil, fmt.Errorf("%s has no .%s field or method%s", x.Type(), name, alternatives(object.AttrNames()))
	}
	method, ok := v.(*starlark.Builtin)
	if !ok || method.Receiver() == nil {
		return v, nil
	}
	switch x.(type) {
	case starlark.String, starlark.Bytes, *starlark.List, *starlark.Dict, *starlark.Set:
		return starlark.NewBuiltin(name, e.method(x, method)).BindReceiver(x), nil
	}
	return v, nil
}

// alternatives lists the names that there are if they are few.
func alternatives(names []string) string {
	if len(names) == 0 || len(names) > 40 {
		return ""
	}
	return "; it has " + strings.Join(names, ", ")
}

// method returns a method of x with a charge before the call.
func (e *evaluator) method(x starlark.Value, method *starlark.Builtin) builtin {
	return func(thread *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
		all := append(starlark.Tuple(nil), args...)
		for _, pair := range kwargs {
			all = append(all, pair[1])
		}
		if err := e.chargeMethod(thread, x, method.Name(), all); err != nil {
			return nil, err
		}
		v, err := method.CallInternal(thread, args, kwargs)
		if err != nil {
			return nil, err
		}
		if strings.HasPrefix(method.Name(), "codepoint") { // has no length
			items := starlark.NewList(nil)
			it := v.(starlark.Iterable).Iterate()
			defer it.Done()
			var item starlark.Value
			for it.Next(&item) {
				if err := items.Append(item); err != nil {
					return nil, err
				}
			}
			return items, nil
		}
		return v, nil
	}
}

func (e *evaluator) chargeMethod(thread *starlark.Thread, x starlark.Value, name string, args starlark.Tuple) error {
	switch x := x.(type) {
	case starlark.String:
		return e.chargeString(thread, string(x), name, args)
	case starlark.Bytes:
		return e.charge(thread, uint64(len(x)))
	case *starlark.List:
		switch name {
		case "append":
			return nil
		case "extend":
			return e.elements(thread, 1, args)
		case "index", "remove":
			return e.weigh(thread, append(args, x)...)
		}
		return e.charge(thread, uint64(x.Len())/64+1)
	case *starlark.Dict:
		switch name {
		case "get", "pop", "setdefault":
			return e.weighKeys(thread, args[:min(1, len(args))]...)
		case "update":
			if err := e.elements(thread, 4, args); err != nil {
				return err
			}
			return e.weighKeys(thread, args...)
		}
		return e.charge(thread, 4*uint64(x.Len())+1)
	case *starlark.Set:
		if name == "add" || name == "discard" {
			return e.weighKeys(thread, args...)
		}
		if err := e.elements(thread, 4, args); err != nil {
			return err
		}
		if err := e.weighKeys(thread, args...); err != nil {
			return err
		}
		return e.weighKeys(thread, x)
	}
	return nil
}

func (e *evaluator) chargeString(thread *starlark.Thread, s, name string, args starlark.Tuple) error {
	length := uint64(len(s)) / bytesPerStep
	switch name {
	case "split", "rsplit", "splitlines", "elems", "elem_ords", "codepoints", "codepoint_ords":
		length = 2 * uint64(len(s))
	case "join":
		for _, arg := range args {
			n, err := e.size(thread, arg, 1)
			if err != nil {
				return err
			}
			length *= max(1, n)
		}
	case "format":
		return e.chargeFormat(thread, s, '{', args...)
	case "replace":
		if len(args) >= 2 {
			from, ok1 := args[0].(starlark.String)
			to, ok2 := args[1].(starlark.String)
			if ok1 && ok2 {
				count := uint64(strings.Count(s, string(from)))
				length += count * (uint64(len(to))/bytesPerStep + 1)
			}
		}
	}
	if err := e.charge(thread, length+1); err != nil {
		return err
	}
	return e.weigh(thread, args...)
}
