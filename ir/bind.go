package ir

import "fmt"

// Bind returns the arguments of the call n in the order of sig's parameters,
// with defaults as literals. A variadic parameter's arguments come last, one
// after the other. The second result lists what does not fit the signature.
func (sig *Signature) Bind(args []*Node, kwargs []Kwarg) ([]*Node, []string) {
	var problems []string
	bound := make([]*Node, len(sig.Params), max(len(sig.Params), len(args)))
	variadic := len(sig.Params) > 0 && sig.Params[len(sig.Params)-1].Variadic
	for i, arg := range args {
		switch {
		case i < len(sig.Params):
			bound[i] = arg
		case variadic:
			bound = append(bound, arg)
		default:
			return nil, []string{fmt.Sprintf("%s takes %s, got %d arguments", sig.Name, sig.paramList(), len(args))}
		}
	}
	for _, k := range kwargs {
		i := sig.paramIndex(k.Name)
		switch {
		case i < 0:
			problems = append(problems, fmt.Sprintf("%s has no parameter %q: it takes %s", sig.Name, k.Name, sig.paramList()))
		case bound[i] != nil:
			problems = append(problems, fmt.Sprintf("%s gets its parameter %q twice", sig.Name, k.Name))
		default:
			bound[i] = k.Node
		}
	}
	for i := range sig.Params {
		if bound[i] != nil {
			continue
		}
		if sig.Params[i].Default == nil {
			problems = append(problems, fmt.Sprintf("%s lacks its argument %q: it takes %s", sig.Name, sig.Params[i].Name, sig.paramList()))
			continue
		}
		bound[i] = Const(*sig.Params[i].Default)
	}
	return bound, problems
}

// Takes reports whether a call with so many arguments, none of them named, fits.
func (sig *Signature) Takes(args int) bool {
	if k := len(sig.Params); args > k && (k == 0 || !sig.Params[k-1].Variadic) {
		return false
	}
	for i := args; i < len(sig.Params); i++ {
		if sig.Params[i].Default == nil {
			return false
		}
	}
	return true
}

// ParamAt returns the parameter that bound argument i belongs to.
func (sig *Signature) ParamAt(i int) *Param {
	return &sig.Params[min(i, len(sig.Params)-1)]
}

func (sig *Signature) paramIndex(name string) int {
	for i := range sig.Params {
		if sig.Params[i].Name == name {
			return i
		}
	}
	return -1
}

func (sig *Signature) paramList() string {
	s := "("
	for i := range sig.Params {
		if i > 0 {
			s += ", "
		}
		p := &sig.Params[i]
		if p.Variadic {
			s += "*"
		}
		s += p.Name
		if p.Default != nil {
			s += "=" + FormatShort(*p.Default)
		}
	}
	return s + ")"
}
