package json

import (
	"cmp"
	"slices"
	"strconv"

	"flowc.dev/flowc/ir"
)

// programKeys are the keys of a program, in the order in which they print.
var programKeys = []string{"flowc", "name", docKey, "import", "objects", "registers", "inputs", "functions", "outputs", "body"}

// program reads the whole document.
func (d *decoder) program(p place) *ir.Program {
	if d.kind(p) != '{' {
		d.found(p, "a program, an object with \"flowc\": "+strconv.Itoa(ir.Version))
		return nil
	}
	program := &ir.Program{File: d.file}
	members := d.fixedMembers(p)
	if !slices.ContainsFunc(members, func(m member) bool { return m.key == "flowc" }) {
		d.report(int(p.pos), "the program lacks \"flowc\": want \"flowc\": %d, the version of the format", ir.Version)
	}
	for _, m := range members {
		d.enter(m.key)
		d.programMember(program, m)
		d.leave()
	}
	return program
}

func (d *decoder) programMember(program *ir.Program, m member) {
	p := m.value
	switch m.key {
	case "flowc":
		if string(d.scalar(p)) != strconv.Itoa(ir.Version) {
			d.found(p, "the version of the format, "+strconv.Itoa(ir.Version))
		}
	case "name":
		if d.kind(p) != '"' {
			d.found(p, "the program's name, a string")
			return
		}
		program.Name = d.str(int(p.pos))
	case docKey:
		d.doc(&program.Doc, p)
	case "import":
		program.Imports, _ = d.nameList(p, "a list of names of libraries")
	case "objects":
		for m := range d.declarations(p, "an object of named constructor calls") {
			program.Objects = append(program.Objects, d.object(m))
		}
	case "registers":
		program.Registers = d.registers(p)
	case "inputs":
		program.Inputs, _ = d.nameList(p, "a list of names of registers")
	case "functions":
		for m := range d.declarations(p, "an object of named functions") {
			program.Functions = append(program.Functions, d.function(m))
		}
	case "outputs":
		program.Outputs, _ = d.nameList(p, "a list of names of registers")
	case "body":
		program.Body = d.statementList(p)
	default:
		d.report(int(m.keyPos), "unknown key %s in a program%s", quote(m.key), orSuggestion(m.key, programKeys))
	}
}

// declarations yields the members of an object whose keys are declared names.
func (d *decoder) declarations(p place, want string) func(yield func(member) bool) {
	return func(yield func(member) bool) {
		if d.kind(p) != '{' {
			d.found(p, want)
			return
		}
		for m := range d.uniqueMembers(p) {
			if !d.countPart(m.value) || !yield(m) {
				return
			}
		}
	}
}

// object reads {"new": class, argument: constant, ...}.
func (d *decoder) object(m member) ir.Object {
	o := ir.Object{Name: m.key, Pos: d.lines.pos(int(m.keyPos))}
	if d.kind(m.value) != '{' {
		d.found(m.value, "a constructor call, an object with \"new\"")
		return o
	}
	hasNew := false
	d.constant = true
	for arg := range d.uniqueMembers(m.value) {
		switch arg.key {
		case "new":
			hasNew = true
			if d.kind(arg.value) != '"' {
				d.found(arg.value, "the name of a class, a string")
				continue
			}
			o.Class = d.str(int(arg.value.pos))
		case docKey:
			d.doc(&o.Doc, arg.value)
		default:
			o.Args = append(o.Args, ir.Kwarg{Name: arg.key, Node: d.operand(arg.value)})
		}
	}
	d.constant = false
	if !hasNew {
		d.report(int(m.value.pos), "object %s lacks \"new\": want the name of a class", quote(m.key))
	}
	slices.SortFunc(o.Args, func(a, b ir.Kwarg) int { return cmp.Compare(a.Name, b.Name) })
	return o
}

func (d *decoder) registers(p place) []ir.Register {
	var registers []ir.Register
	for m := range d.declarations(p, "an object of named registers") {
		registers = append(registers, d.register(m))
	}
	return registers
}

// register reads null, a constant, or {"type": ..., "init": ...}.
func (d *decoder) register(m member) ir.Register {
	r := ir.Register{Name: m.key, Pos: d.lines.pos(int(m.keyPos))}
	switch {
	case d.kind(m.value) == 'n':
	case d.isTyped(m.value):
		d.typedRegister(&r, m.value)
	default:
		r.Init = d.constantOperand(m.value)
	}
	return r
}

func (d *decoder) constantOperand(p place) *ir.Node {
	d.constant = true
	defer func() { d.constant = false }()
	return d.operand(p)
}

// isTyped tells {"type": ..., "init": ...} from an operand, which has an element
// key.
func (d *decoder) isTyped(p place) bool {
	if d.kind(p) != '{' {
		return false
	}
	for m := range d.members(p) {
		if expressions.elements[m.key] != nil {
			return false
		}
	}
	return true
}

// registerKeys are the keys of a register that is an object: its own ones, or
// the element key of a constant.
func registerKeys() []string {
	keys := []string{"type", "init", docKey}
	for _, op := range constantOps {
		keys = append(keys, ir.SchemaOf(op).Key().Name)
	}
	return keys
}

func (d *decoder) typedRegister(r *ir.Register, p place) {
	members := d.fixedMembers(p)
	defer d.release(members)
	for _, m := range members {
		d.enter(m.key)
		switch m.key {
		case "type":
			r.Type, r.Fixed = d.registerType(m.value)
		case "init":
			if d.kind(m.value) != 'n' {
				r.Init = d.constantOperand(m.value)
			}
		case docKey:
			d.doc(&r.Doc, m.value)
		default:
			d.report(int(m.keyPos), "unknown key %s in a register%s", quote(m.key), orSuggestion(m.key, registerKeys()))
		}
		d.leave()
	}
	if len(members) == 0 && !d.stopped {
		d.report(int(p.pos), "found an empty object: want null, a literal or an object with \"type\", \"init\" or an element key")
	}
}

// maxTypeText bounds a type's text: 16 extents of up to 19 digits fit.
const maxTypeText = 400

func (d *decoder) registerType(p place) (ir.Type, bool) {
	const want = `the type of a number such as "f32[64,10]"`
	if d.kind(p) != '"' {
		d.found(p, want)
		return ir.Type{}, false
	}
	text := d.str(int(p.pos))
	if len(text) > maxTypeText {
		d.found(p, want)
		return ir.Type{}, false
	}
	t, err := ir.ParseType(text)
	if err != nil {
		d.report(int(p.pos), "%s", err)
		return ir.Type{}, false
	}
	return t, true
}

var functionKeys = []string{"params", "returns", "registers", docKey, "body"}

// function reads the declaration of a function.
func (d *decoder) function(m member) *ir.Function {
	f := &ir.Function{Name: m.key, Pos: d.lines.pos(int(m.keyPos))}
	if d.kind(m.value) != '{' {
		d.found(m.value, "a function, an object with \"params\", \"returns\" and \"body\"")
		return f
	}
	members := d.fixedMembers(m.value)
	defer d.release(members)
	for _, m := range members {
		d.enter(m.key)
		switch m.key {
		case "params":
			f.Params, _ = d.nameList(m.value, "a list of names of parameters")
		case "returns":
			f.Returns, _ = d.nameList(m.value, "a list of names of results")
		case "registers":
			f.Registers = d.registers(m.value)
		case docKey:
			d.doc(&f.Doc, m.value)
		case "body":
			f.Body = d.statementList(m.value)
		default:
			d.report(int(m.keyPos), "unknown key %s in a function%s", quote(m.key), orSuggestion(m.key, functionKeys))
		}
		d.leave()
	}
	return f
}
