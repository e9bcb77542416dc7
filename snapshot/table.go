package snapshot

import (
	"encoding/binary"
	"errors"
	"hash/maphash"
	"slices"
	"strconv"
	"unicode/utf8"

	"flowc.dev/flowc/ir"
)

// Limits on values, beyond what the file's size allows.
const (
	maxDepth = 10_000 // of lists and records in each other
	longText = 64     // bytes from which on equal strings are stored once
	maxPath  = 200    // bytes of a tensor's name
)

var errDeep = errors.New("lists and records are nested more than " + strconv.Itoa(maxDepth) + " deep")

// A valueTable has the tensors, lists, records and long strings of a state,
// each once: values with equal contents are one entry, however they share
// storage in memory.
type valueTable struct {
	entries   []entry
	byPointer map[any]int
	byContent map[string]int
	seed      maphash.Seed
	unnamed   int
	depth     int

	tensors map[string]*ir.Tensor // by name
	shared  []ir.Value            // those read so far
}

// An entry is a value, not its weakness.
type entry struct {
	value  ir.Value
	uses   int
	name   string // of a tensor
	digest string // of a tensor that has the same hash as another one
	shared int    // its place in the list of shared values, or -1
}

func newValueTable() *valueTable {
	return &valueTable{byPointer: map[any]int{}, byContent: map[string]int{}, seed: maphash.MakeSeed(), tensors: map[string]*ir.Tensor{}}
}

// pointer returns what identifies the storage of v, nil if v is not entered in
// the table.
func pointer(v ir.Value) any {
	switch v.Kind() {
	case ir.Number:
		if t := v.Tensor(); t != nil {
			return t
		}
	case ir.Str:
		if s := v.Text(); len(s) >= longText {
			return s
		}
	case ir.ListKind:
		if l := v.List(); len(l.Items) > 0 {
			return l
		}
	case ir.RecordKind:
		if r := v.Record(); len(r.Names) > 0 {
			return r
		}
	}
	return nil
}

func (t *valueTable) lookup(v ir.Value) (id int, ok bool) {
	key := pointer(v)
	if key == nil {
		return 0, false
	}
	id, ok = t.byPointer[key]
	return id, ok
}

// collect enters a value that is used at a path.
func (t *valueTable) collect(v ir.Value, path string) error {
	id, err := t.enter(v, path)
	if id >= 0 {
		t.entries[id].uses++
	}
	return err
}

// enter returns the value's entry, -1 for a value that has none.
func (t *valueTable) enter(v ir.Value, path string) (int, error) {
	key := pointer(v)
	if key == nil {
		return -1, nil
	}
	if id, ok := t.byPointer[key]; ok {
		return id, nil
	}
	if t.depth++; t.depth > maxDepth {
		return -1, errDeep
	}
	defer func() { t.depth-- }()
	var content string
	var parts []int
	var err error
	switch tensor := v.Tensor(); {
	case tensor != nil:
		content = t.tensorContent(tensor)
	case v.Kind() == ir.Str:
		// byPointer has strings by their contents
	default:
		content, parts, err = t.partsContent(v, path)
	}
	if err != nil {
		return -1, err
	}
	id, ok := t.byContent[content]
	if !ok {
		id = t.add(v, content, path)
		for _, part := range parts {
			t.entries[part].uses++
		}
	}
	t.byPointer[key] = id
	return id, nil
}

func (t *valueTable) add(v ir.Value, content, path string) int {
	id := len(t.entries)
	e := entry{value: v.AsWeak(false), shared: -1}
	if tensor := v.Tensor(); tensor != nil {
		if e.name = path; path == noPath || t.tensors[path] != nil { // two fields may have one name
			e.name = "value/" + strconv.Itoa(t.unnamed)
			t.unnamed++
		}
		t.tensors[e.name] = tensor
	}
	t.entries = append(t.entries, e)
	if content != "" {
		t.byContent[content] = id
	}
	return id
}

// partsContent returns what tells a list or record from others, and the
// entries among its parts.
func (t *valueTable) partsContent(v ir.Value, path string) (string, []int, error) {
	var content []byte
	var parts []int
	add := func(part ir.Value, name func() string) error {
		id := -1
		if pointer(part) != nil {
			var err error
			if id, err = t.enter(part, childPath(path, name())); err != nil {
				return err
			}
		}
		if id < 0 {
			content = append(t.appendParts(content, part), ',')
			return nil
		}
		parts = append(parts, id)
		content = strconv.AppendInt(append(content, '#'), int64(id), 10)
		content = append(strconv.AppendBool(content, part.Weak()), ',')
		return nil
	}
	if r := v.Record(); r != nil {
		content = append(content, 'r')
		for i, name := range r.Names {
			content = append(appendText(content, name), ':')
			if err := add(r.Values[i], func() string { return name }); err != nil {
				return "", nil, err
			}
		}
		return string(content), parts, nil
	}
	content = append(content, 'l')
	for i, item := range v.List().Items {
		if err := add(item, func() string { return strconv.Itoa(i) }); err != nil {
			return "", nil, err
		}
	}
	return string(content), parts, nil
}

// tensorContent returns dtype, shape and a hash of the elements; in the case of
// equal hashes also a digest of them.
func (t *valueTable) tensorContent(tensor *ir.Tensor) string {
	var h maphash.Hash
	h.SetSeed(t.seed)
	tensor.WriteLittleEndian(&h) // a hash does not fail
	content := append([]byte("t"), tensor.DType().String()...)
	content = append(content, ir.FormatShape(tensor.Shape())...)
	content = binary.LittleEndian.AppendUint64(content, h.Sum64())
	for {
		id, ok := t.byContent[string(content)]
		if !ok {
			return string(content)
		}
		e := &t.entries[id]
		if e.digest == "" {
			e.digest = ir.ValueDigest(e.value)
		}
		if e.digest == ir.ValueDigest(ir.TensorValue(tensor)) {
			return string(content)
		}
		content = append(content, '+')
	}
}

// share gives the values that are used more than once their places in the list
// of shared ones, parts first, and returns them.
func (t *valueTable) share() []ir.Value {
	var shared []ir.Value
	for i := range t.entries {
		e := &t.entries[i]
		if e.uses > 1 && e.value.Tensor() == nil {
			e.shared = len(shared)
			shared = append(shared, e.value)
		}
	}
	return shared
}

// noPath stands for paths that would make no good name.
const noPath = "/"

// childPath returns the path of a part; that of the whole is empty.
func childPath(path, name string) string {
	if path == noPath || len(path)+len(name) > maxPath || !utf8.ValidString(name) {
		return noPath
	}
	if name = ir.EscapePointer(name); path == "" {
		return name
	}
	return path + "/" + name
}

// sortedTensors returns the tensors' names in the order of their data: those
// of large elements first, so that all are aligned, then by name.
func (t *valueTable) sortedTensors() []string {
	names := make([]string, 0, len(t.tensors))
	for name := range t.tensors {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int {
		if order := t.tensors[b].DType().Size() - t.tensors[a].DType().Size(); order != 0 {
			return order
		}
		if a < b {
			return -1
		}
		return 1
	})
	return names
}
