package json

import (
	"slices"
	"strconv"

	"flowc.dev/flowc/ir"
)

// Schema returns the JSON Schema (draft 2020-12) of the form, made from the
// schemas of package ir. It describes all documents that [Parse] accepts; what
// it cannot say (limits, unique IDs, that data fills its shape, numbers of more
// than 64 bits) only Parse checks.
func Schema() []byte {
	var l layout
	l.put(schemaBox(), 0, 0)
	return append(l.out, '\n')
}

// schemaID names the schema; it is no address.
const schemaID = "urn:flowc:program:"

func schemaBox() *box {
	root := rowsBox()
	root.add("$schema", stringBox("https://json-schema.org/draft/2020-12/schema"))
	root.add("$id", stringBox(schemaID+strconv.Itoa(ir.Version)))
	root.add("title", stringBox("flowc program"))
	root.add("description", stringBox("A learning algorithm as data: statements over named registers."))
	root.add("type", stringBox("object"))
	properties := rowsBox()
	properties.add("flowc", described(member1("const", textBox(strconv.Itoa(ir.Version))), "version of the format"))
	properties.add("name", described(typed("string"), "name of the program"))
	properties.add(docKey, ref("doc"))
	properties.add("import", described(ref("names"), "libraries whose functions the program uses"))
	properties.add("objects", described(mapOf("object"), "stateful things: data sets, generators, learners"))
	properties.add("registers", described(mapOf("register"), "named slots; a register that is stored to needs no declaration"))
	properties.add("inputs", described(ref("names"), "registers that are set from outside"))
	properties.add("functions", described(mapOf("function"), "named functions with registers of their own"))
	properties.add("outputs", described(ref("names"), "registers that are the results"))
	properties.add("body", described(ref("statements"), "statements to run in order"))
	root.add("properties", properties)
	root.add("required", stringsBox([]string{"flowc"}))
	root.add("additionalProperties", textBox("false"))
	root.add("$defs", definitions())
	return root
}

func definitions() *box {
	defs := rowsBox()
	defs.add("doc", described(typed("string"), "a comment"))
	defs.add("id", described(integerBox("1", "4294967295"), "identity of a node, unique in the program"))
	defs.add("name", typed("string"))
	defs.add("names", anyOf(ref("name"), arrayOf(ref("name"))))
	defs.add("statements", arrayOf(ref("statement")))
	defs.add("object", objectDefinition())
	defs.add("register", anyOf(ref("constant"), ref("typedRegister")))
	defs.add("typedRegister", recordDefinition("A register with a fixed type, a first value or a comment.", nil,
		"type", described(typed("string"), "dtype and shape, such as f32[64,10]"),
		"init", described(ref("constant"), "first value"),
		docKey, ref("doc")))
	defs.add("function", recordDefinition("A function: named parameters in, named results out.", nil,
		"params", ref("names"), "returns", ref("names"), "registers", mapOf("register"), docKey, ref("doc"), "body", ref("statements")))
	defs.add("case", recordDefinition("A branch of a switch.", []string{"when", "body"},
		"when", anyOf(typed("integer", "boolean", "string"), ref("literalObject")), "body", ref("statements"), docKey, ref("doc")))
	literalDefinitions(defs)
	tensorDefinitions(defs)
	defs.add("slice", described(member1("pattern", stringBox(`^(-?[0-9]+)?:(-?[0-9]+)?(:(-?[0-9]+)?)?$`)).with("type", stringBox("string")),
		"start:stop or start:stop:step"))
	chooser(defs, "statement", "A statement: an object with exactly one element key.", ir.Statement, nil)
	chooser(defs, "operandObject", "An operand that is an object with exactly one element key.", ir.Expression, nil)
	chooser(defs, "constantObject", "A constant that is an object with exactly one element key.", ir.Expression, constantOps)
	chooser(defs, "hook", "What runs before or after a statement.", ir.HookClause, nil)
	defs.add("operand", anyOf(ref("scalar"), ref("operandObject")))
	defs.add("constant", anyOf(ref("scalar"), ref("constantObject")))
	return defs
}

// chooser defines a place for the elements of a class, and the elements. The
// element key selects the element's definition, so that a validator's work does
// not multiply from level to level.
func chooser(defs *box, name, doc string, class ir.Class, only []string) {
	v := vocabularyFor(class)
	choice, cases, rules := rowsBox(), rowsBox(), listBox()
	choice.add("description", stringBox(doc))
	choice.add("type", stringBox("object"))
	for _, key := range v.keys {
		s := v.elements[key]
		if only != nil && !slices.Contains(only, s.Op) {
			continue
		}
		target := name + "." + s.Op
		defs.add(target, elementDefinition(s, class, only))
		if class == ir.HookClause {
			rules.append(ref(target))
			continue
		}
		spellings := []string{key}
		for alias, of := range aliases {
			if of == key {
				spellings = append(spellings, alias)
			}
		}
		for _, spelling := range spellings {
			cases.add(spelling, ref(target))
			rules.append(member1("required", stringsBox([]string{spelling})))
		}
	}
	choice.add("oneOf", rules)
	if len(cases.items) > 0 {
		choice.add("dependentSchemas", cases)
	}
	defs.add(name, choice)
}

// elementDefinition describes the object of one element.
func elementDefinition(s *ir.Schema, class ir.Class, only []string) *box {
	properties := rowsBox()
	var required []string
	regions := listBox()
	for i := range s.Fields {
		f := &s.Fields[i]
		if !allowed(f, class) || nested(s, f) {
			continue
		}
		content := fieldSchema(s, f, only != nil)
		if f.Doc != "" {
			content = described(content, f.Doc)
		}
		properties.add(f.Name, content)
		for alias, of := range aliases {
			if of == f.Name && i == 0 {
				properties.add(alias, described(ref("operand"), "another name of "+of))
			}
		}
		switch {
		case i == 0 && class != ir.HookClause: // required by the chooser
		case !f.Optional:
			required = append(required, f.Name)
		}
		if f.Kind == ir.RegionField {
			regions.append(member1("required", stringsBox([]string{f.Name})))
		}
	}
	properties.add(idKey, ref("id"))
	properties.add(originsKey, described(arrayOf(ref("id")), "nodes that a compiler-made node stands for"))
	properties.add(docKey, ref("doc"))
	b := rowsBox()
	b.add("description", stringBox(s.Doc))
	b.add("type", stringBox("object"))
	b.add("properties", properties)
	if len(required) > 0 {
		b.add("required", stringsBox(required))
	}
	if class == ir.HookClause {
		b.add("anyOf", regions)
	}
	b.add("additionalProperties", textBox("false"))
	return b
}

// fieldSchema describes the value of one field.
func fieldSchema(s *ir.Schema, f *ir.Field, constant bool) *box {
	operand := ref("operand")
	if constant {
		operand = ref("constant")
	}
	switch f.Kind {
	case ir.NoField:
		if s.Op == tensorOp {
			return ref("tensor")
		}
		return typed("null")
	case ir.AttrField:
		return attrSchema(f)
	case ir.OperandField, ir.NamedField:
		return operand
	case ir.OperandsField:
		if s.Op == indexOp {
			operand = anyOf(ref("slice"), operand)
		}
		return arrayOf(operand).with("minItems", textBox(strconv.Itoa(f.Min)))
	case ir.KeywordsField:
		return typed("object").with("additionalProperties", operand)
	case ir.RegionsField:
		return arrayOf(ref("statements")).with("minItems", textBox(strconv.Itoa(f.Min)))
	case ir.CasesField:
		return arrayOf(ref("case")).with("minItems", textBox(strconv.Itoa(f.Min)))
	case ir.StatementField:
		return arrayOf(ref("hook"))
	}
	return ref("statements")
}

// attrSchema describes the value of an attribute.
func attrSchema(f *ir.Field) *box {
	duration := typed("string").with("pattern", stringBox("^[+]?([0-9]+([.][0-9]*)?|[.][0-9]+)(ns|us|µs|μs|ms|s|m|h)"))
	switch f.Attr {
	case ir.NameAttr:
		return ref("name")
	case ir.NamesAttr:
		return ref("names")
	case ir.IntAttr:
		return typed("integer")
	case ir.IntsAttr:
		return arrayOf(typed("integer"))
	case ir.BoolAttr:
		return typed("boolean")
	case ir.EnumAttr:
		return member1("enum", stringsBox(f.Enum))
	case ir.DurationAttr:
		return duration
	case ir.EveryAttr:
		return anyOf(integerBox("1", ""), duration)
	case ir.LiteralAttr:
		return ref("literal")
	}
	return typed("string")
}
