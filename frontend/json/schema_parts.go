package json

import (
	"strconv"

	"flowc.dev/flowc/ir"
)

// literalDefinitions describes values that need no evaluation.
func literalDefinitions(defs *box) {
	defs.add("scalar", described(typed("null", "boolean", "number", "string"),
		"a literal; a number without point and exponent is a weak i64, else a weak f64"))
	defs.add("literal", anyOf(ref("scalar"), ref("literalObject")))
	forms := rowsBox()
	forms.add("tensor", ref("tensorData"))
	forms.add("list", arrayOf(ref("literal")))
	forms.add("record", typed("object").with("additionalProperties", ref("literal")))
	b := rowsBox()
	b.add("description", stringBox("a tensor with data, a list or a record of literals"))
	b.add("type", stringBox("object"))
	b.add("properties", forms)
	b.add("minProperties", textBox("1"))
	b.add("maxProperties", textBox("1"))
	b.add("additionalProperties", textBox("false"))
	defs.add("literalObject", b)
}

// tensorDefinitions describes the object under "tensor".
func tensorDefinitions(defs *box) {
	s := ir.SchemaOf(tensorOp)
	dtype := described(attrSchema(s.Field("dtype")), "type of the elements")
	shape := described(arrayOf(integerBox("0", "")).with("maxItems", textBox(strconv.Itoa(ir.MaxRank))), "extents")
	special := member1("enum", stringsBox([]string{"nan", "inf", "-inf"}))
	defs.add("element", anyOf(typed("boolean", "number"), special))
	defs.add("data", anyOf(ref("element"), arrayOf(ref("data"))))
	defs.add("tensorData", recordDefinition("A tensor with its elements: flat with a shape, or nested lists.", []string{"dtype", "data"},
		"dtype", dtype, "shape", shape, "data", ref("data"), "weak", described(typed("boolean"), "whether the dtype gives way in promotion"), docKey, ref("doc")))
	defs.add("tensorFill", recordDefinition(s.Doc, []string{"dtype", "shape", "fill"},
		"dtype", dtype, "shape", shape, "fill", described(anyOf(ref("element"), ref("literalObject")), s.Field("fill").Doc),
		"weak", member1("const", textBox("false")), docKey, ref("doc")))
	b := rowsBox()
	b.add("if", member1("required", stringsBox([]string{"fill"})))
	b.add("then", ref("tensorFill"))
	b.add("else", ref("tensorData"))
	defs.add("tensor", b)
}

// objectDefinition describes {"new": class, ...}.
func objectDefinition() *box {
	b := rowsBox()
	b.add("description", stringBox("A constructor call: a class and its arguments by name."))
	b.add("type", stringBox("object"))
	properties := rowsBox()
	properties.add("new", described(typed("string"), "class"))
	properties.add(docKey, ref("doc"))
	b.add("properties", properties)
	b.add("required", stringsBox([]string{"new"}))
	b.add("additionalProperties", ref("constant"))
	return b
}

// recordDefinition describes an object with the given properties, as pairs of
// name (string) and schema (*box).
func recordDefinition(doc string, required []string, pairs ...any) *box {
	properties := rowsBox()
	for i := 0; i < len(pairs); i += 2 {
		properties.add(pairs[i].(string), pairs[i+1].(*box))
	}
	b := rowsBox()
	b.add("description", stringBox(doc))
	b.add("type", stringBox("object"))
	b.add("properties", properties)
	if len(required) > 0 {
		b.add("required", stringsBox(required))
	}
	b.add("additionalProperties", textBox("false"))
	return b
}

func rowsBox() *box {
	b := objectBox()
	b.rows = true
	return b
}

// append adds an item to a list.
func (b *box) append(item *box) {
	b.items = append(b.items, item)
	b.width = min(b.width+item.width+2, manyColumns)
}

// with adds a member to an object and returns it.
func (b *box) with(key string, value *box) *box {
	b.add(key, value)
	return b
}

func member1(key string, value *box) *box { return objectBox().with(key, value) }

func stringBox(s string) *box { return textBox(quoteJSON(s)) }

func stringsBox(names []string) *box {
	b := listBox()
	for _, s := range names {
		b.append(stringBox(s))
	}
	return b
}

func ref(name string) *box { return member1("$ref", stringBox("#/$defs/"+name)) }

func described(b *box, doc string) *box { return b.with("description", stringBox(doc)) }

func anyOf(choices ...*box) *box { return member1("anyOf", listBox(choices...)) }

func arrayOf(items *box) *box { return typed("array").with("items", items) }

func mapOf(definition string) *box {
	return typed("object").with("additionalProperties", ref(definition))
}

func typed(types ...string) *box {
	if len(types) == 1 {
		return member1("type", stringBox(types[0]))
	}
	return member1("type", stringsBox(types))
}

func integerBox(low, high string) *box {
	b := typed("integer")
	if low != "" {
		b.add("minimum", textBox(low))
	}
	if high != "" {
		b.add("maximum", textBox(high))
	}
	return b
}
