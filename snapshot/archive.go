package snapshot

import (
	"maps"
	"slices"
	"strconv"

	"flowc.dev/flowc/ir"
)

// An archive goes through the fields of a document in one order, to write or
// to read them: one function describes a part for both. Fields that are zero
// are left out.
type archive struct {
	mode   mode
	values *valueTable
	out    []byte  // when writing
	in     *reader // when reading
	first  bool    // no field of the current object has been met
	path   string  // of the current object, which names tensors
	depth  int     // of weaves within weaves
	copies int     // of children that may still be met when reading
	err    error
}

type mode uint8

const (
	collecting mode = iota // enter values into the table
	writing
	reading
)

func (a *archive) fail(err error) {
	if a.err == nil {
		a.err = err
	}
}

// field begins a field. When reading, it reports whether the field is there;
// present says so when writing.
func (a *archive) field(name string, present bool) bool {
	if a.err != nil {
		return false
	}
	switch a.mode {
	case writing:
		if !present {
			return false
		}
		if !a.first {
			a.out = append(a.out, ',')
		}
		a.out = append(append(append(a.out, '"'), name...), `":`...)
	case reading:
		if !a.in.key(name, a.first) {
			return false
		}
	default:
		return false
	}
	a.first = false
	return true
}

// object goes through an object's fields.
func (a *archive) object(fields func()) {
	outer := a.first
	a.first = true
	a.byte('{')
	fields()
	a.byte('}')
	a.first = outer
}

// byte writes a punctuation mark, or reads it.
func (a *archive) byte(b byte) {
	switch a.mode {
	case writing:
		a.out = append(a.out, b)
	case reading:
		if a.err == nil {
			a.fail(a.in.expect(b))
		}
	}
}

func (a *archive) integer(name string, x *int64) {
	if !a.field(name, *x != 0) {
		return
	}
	if a.mode == writing {
		a.out = strconv.AppendInt(a.out, *x, 10)
		return
	}
	var err error
	*x, err = a.in.integer()
	a.fail(err)
}

func (a *archive) count(name string, x *int) {
	wide := int64(*x)
	if a.integer(name, &wide); a.mode == reading {
		if *x = int(wide); int64(*x) != wide {
			a.fail(a.in.errorf("the number %d is too large", wide))
		}
	}
}

func (a *archive) unsigned(name string, x *uint64) {
	if !a.field(name, *x != 0) {
		return
	}
	if a.mode == writing {
		a.out = strconv.AppendUint(a.out, *x, 10)
		return
	}
	var err error
	*x, err = a.in.unsigned(64)
	a.fail(err)
}

func (a *archive) id(name string, x *ir.ID) {
	if !a.field(name, *x != 0) {
		return
	}
	if a.mode == writing {
		a.out = strconv.AppendUint(a.out, uint64(*x), 10)
		return
	}
	id, err := a.in.unsigned(32)
	*x = ir.ID(id)
	a.fail(err)
}

func (a *archive) truth(name string, x *bool) {
	if !a.field(name, *x) {
		return
	}
	if a.mode == writing {
		a.out = append(a.out, "true"...)
		return
	}
	*x = true
	a.fail(a.in.word("true"))
}

func text[T ~string](a *archive, name string, x *T) {
	if !a.field(name, *x != "") {
		return
	}
	if a.mode == writing {
		a.out = appendText(a.out, string(*x))
		return
	}
	s, err := a.in.text()
	*x = T(s)
	a.fail(err)
}

// list goes through the items of a list of objects.
func list[T any](a *archive, name string, items *[]T, fields func(*T)) {
	outer := a.path
	defer func() { a.path = outer }()
	visit := func(i int) {
		a.path = childPath(childPath(outer, name), strconv.Itoa(i))
		a.object(func() { fields(&(*items)[i]) })
	}
	if a.mode != reading {
		if a.mode == writing && !a.field(name, len(*items) > 0) {
			return
		}
		a.byte('[')
		for i := range *items {
			if i > 0 {
				a.byte(',')
			}
			visit(i)
		}
		a.byte(']')
		return
	}
	if !a.field(name, false) {
		return
	}
	more := a.in.open('[')
	for more && a.err == nil {
		*items = append(*items, *new(T))
		visit(len(*items) - 1)
		more = a.in.more(']')
	}
	a.fail(a.in.err)
}

// value goes through a field that is a value; null is left out.
func (a *archive) value(name string, v *ir.Value) {
	if a.mode == collecting {
		a.fail(a.values.collect(*v, childPath(a.path, name)))
		return
	}
	if !a.field(name, !v.IsNull()) {
		return
	}
	if a.mode == writing {
		a.out = a.values.append(a.out, *v)
		return
	}
	var err error
	*v, err = a.in.value(a.values)
	a.fail(err)
}

// named goes through a field that is an object of values, in the order of
// their names.
func (a *archive) named(name string, values *map[string]ir.Value) {
	outer := a.path
	defer func() { a.path = outer }()
	a.path = childPath(outer, name)
	if a.mode != reading {
		if a.mode == writing && !a.field(name, len(*values) > 0) {
			return
		}
		a.byte('{')
		for i, key := range slices.Sorted(maps.Keys(*values)) {
			if i > 0 {
				a.byte(',')
			}
			if a.mode == collecting {
				a.fail(a.values.collect((*values)[key], childPath(a.path, key)))
				continue
			}
			a.out = append(appendText(a.out, key), ':')
			a.out = a.values.append(a.out, (*values)[key])
		}
		a.byte('}')
		return
	}
	if !a.field(name, false) {
		return
	}
	*values = map[string]ir.Value{}
	for more := a.in.open('{'); more; more = a.in.more('}') {
		key := a.in.member()
		v, err := a.in.value(a.values)
		if a.fail(err); a.err != nil {
			return
		}
		(*values)[key] = v
	}
	a.fail(a.in.err)
}

// counts goes through a field that is an object of numbers by ID.
func (a *archive) counts(name string, counts *map[ir.ID]int64) {
	if !a.field(name, len(*counts) > 0) {
		return
	}
	if a.mode == writing {
		a.out = append(a.out, '{')
		for i, id := range slices.Sorted(maps.Keys(*counts)) {
			if i > 0 {
				a.out = append(a.out, ',')
			}
			a.out = append(strconv.AppendUint(append(a.out, '"'), uint64(id), 10), `":`...)
			a.out = strconv.AppendInt(a.out, (*counts)[id], 10)
		}
		a.out = append(a.out, '}')
		return
	}
	*counts = map[ir.ID]int64{}
	for more := a.in.open('{'); more; more = a.in.more('}') {
		id, err := strconv.ParseUint(a.in.member(), 10, 32)
		if err != nil {
			a.fail(a.in.errorf("want an ID as a key"))
			return
		}
		count, err := a.in.integer()
		if a.fail(err); a.err != nil {
			return
		}
		(*counts)[ir.ID(id)] = count
	}
	a.fail(a.in.err)
}
