package ir

func init() {
	register(Schema{Op: "const", Class: Expression,
		Doc:    "A literal.",
		Fields: []Field{{Name: "value", Kind: AttrField, Attr: LiteralAttr}}})

	register(Schema{Op: "reg", Class: Expression,
		Doc:    "The value of a register, or of a field of a record in one: p.W.",
		Fields: []Field{{Name: "reg", Kind: AttrField, Attr: NameAttr, Doc: "register, or register.field"}}})

	register(Schema{Op: "index", Class: Expression,
		Doc: "Indexes the first operand with the others: whole numbers drop an axis, slices keep it. " +
			"A list takes one whole number, a record one string.",
		Fields: []Field{{Name: "index", Kind: OperandsField, Min: 2, Doc: "value, then an index for each leading axis"}}})

	register(Schema{Op: "slice", Class: Expression,
		Doc:    "A range start:stop:step inside an index; null takes NumPy's default.",
		Fields: []Field{{Name: "slice", Kind: OperandsField, Min: 1, Doc: "start, stop and step; one alone is the stop"}}})

	register(Schema{Op: "list", Class: Expression,
		Doc:    "A list of its operands.",
		Fields: []Field{{Name: "list", Kind: OperandsField, Doc: "items"}}})

	register(Schema{Op: "record", Class: Expression,
		Doc:    "A record of its named operands.",
		Fields: []Field{{Name: "record", Kind: KeywordsField, Doc: "fields"}}})

	register(Schema{Op: "tensor", Class: Expression,
		Doc: "A tensor with one value everywhere, made when it is needed. Tensors with data are literals.",
		Fields: []Field{
			{Name: "tensor", Kind: NoField},
			{Name: "dtype", Kind: AttrField, Attr: EnumAttr, Enum: []string{"bool", "u8", "i32", "i64", "f32", "f64"}},
			{Name: "shape", Kind: AttrField, Attr: IntsAttr},
			{Name: "fill", Kind: AttrField, Attr: LiteralAttr, Doc: "the value, converted to dtype"}}})
}
