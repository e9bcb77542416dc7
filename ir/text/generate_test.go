package text

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"flowc.dev/flowc/ir"
	"pgregory.net/rapid"
)

// genProgram draws a program that is well formed by the schemas of package ir,
// with every element in it possible.
func genProgram(t *rapid.T) *ir.Program {
	p := &ir.Program{
		Name:    genText(t),
		Doc:     genText(t),
		Imports: genNames(t),
		Inputs:  genNames(t),
		Outputs: genNames(t),
	}
	for _, name := range uniqueNames(t) {
		o := ir.Object{Name: name, Class: genName(t), Doc: genText(t)}
		for _, arg := range uniqueNames(t) {
			o.Args = append(o.Args, ir.Kwarg{Name: arg, Node: genConstant(t, 2)})
		}
		p.Objects = append(p.Objects, o)
	}
	p.Registers = genRegisters(t)
	for _, name := range uniqueNames(t) {
		p.Functions = append(p.Functions, &ir.Function{
			Name: name, Params: genNames(t), Returns: genNames(t), Registers: genRegisters(t), Body: genBody(t, 2), Doc: genText(t)})
	}
	p.Body = genBody(t, 4)
	return p
}

func genRegisters(t *rapid.T) []ir.Register {
	var registers []ir.Register
	for _, name := range uniqueNames(t) {
		r := ir.Register{Name: name, Doc: genText(t)}
		if rapid.Bool().Draw(t, "init") {
			r.Init = genConstant(t, 2)
		}
		if rapid.Bool().Draw(t, "fixed") {
			r.Fixed = true
			r.Type = ir.NumberType(rapid.SampledFrom(ir.DTypes).Draw(t, "dtype"), genShape(t)...)
		}
		registers = append(registers, r)
	}
	return registers
}

func genBody(t *rapid.T, depth int) []*ir.Node {
	n := 0
	if depth > 0 {
		n = rapid.IntRange(0, 3).Draw(t, "statements")
	}
	body := make([]*ir.Node, n)
	for i := range body {
		body[i] = genNode(t, ir.Statement, depth-1)
	}
	return body
}

func genNode(t *rapid.T, class ir.Class, depth int) *ir.Node {
	var choices []*ir.Schema
	for _, s := range ir.Schemas() {
		if s.Class&class != 0 {
			choices = append(choices, s)
		}
	}
	s := rapid.SampledFrom(choices).Draw(t, "element")
	if depth <= 0 && class == ir.Expression {
		s = ir.SchemaOf(rapid.SampledFrom([]string{"reg", "const"}).Draw(t, "leaf"))
	}
	n := &ir.Node{Op: s.Op, Doc: genText(t)}
	if rapid.IntRange(0, 9).Draw(t, "has origins") == 0 {
		n.Origins = []ir.ID{1, math.MaxUint32}
	}
	switch s.Op {
	case "const":
		if v := genValue(t, 2); !v.IsNull() {
			n.Attrs = []ir.Attr{{Name: "value", Value: v}}
		}
		return n
	case "tensor":
		dtype := rapid.SampledFrom(ir.DTypes).Draw(t, "dtype")
		n.Attrs = []ir.Attr{{Name: "dtype", Value: ir.String(dtype.String())}, {Name: "fill", Value: genFill(t, dtype)}, {Name: "shape", Value: genInts(genShape(t))}}
		return n
	}
	for i := range s.Fields {
		f := &s.Fields[i]
		hookRegion := class == ir.HookClause && f.Name == "before" // a hook has at least one region
		if class == ir.Expression && (f.Name == storeField || f.Kind == ir.StatementField) || f.Optional && !hookRegion && rapid.Bool().Draw(t, "omit") {
			continue
		}
		genField(t, n, f, depth)
	}
	slices.SortFunc(n.Attrs, func(a, b ir.Attr) int { return strings.Compare(a.Name, b.Name) })
	slices.SortFunc(n.Kwargs, func(a, b ir.Kwarg) int { return strings.Compare(a.Name, b.Name) })
	return n
}

func genField(t *rapid.T, n *ir.Node, f *ir.Field, depth int) {
	switch f.Kind {
	case ir.AttrField:
		n.Attrs = append(n.Attrs, ir.Attr{Name: f.Name, Value: genAttr(t, f)})
	case ir.OperandField:
		n.Args = []*ir.Node{genNode(t, ir.Expression, depth-1)}
	case ir.OperandsField:
		for range rapid.IntRange(f.Min, f.Min+2).Draw(t, "operands") {
			n.Args = append(n.Args, genNode(t, ir.Expression, depth-1))
		}
	case ir.NamedField:
		n.Kwargs = append(n.Kwargs, ir.Kwarg{Name: f.Name, Node: genNode(t, ir.Expression, depth-1)})
	case ir.KeywordsField:
		for _, name := range uniqueNames(t) {
			n.Kwargs = append(n.Kwargs, ir.Kwarg{Name: name, Node: genNode(t, ir.Expression, depth-1)})
		}
	case ir.RegionField:
		n.Regions = append(n.Regions, ir.Region{Field: f.Name, Body: genBody(t, depth-1)})
	case ir.StatementField:
		r := ir.Region{Field: f.Name}
		for range rapid.IntRange(0, 2).Draw(t, "hooks") {
			r.Body = append(r.Body, genNode(t, ir.HookClause, min(depth-1, 1)))
		}
		n.Regions = append(n.Regions, r)
	case ir.RegionsField, ir.CasesField:
		for range rapid.IntRange(f.Min, f.Min+2).Draw(t, "regions") {
			r := ir.Region{Field: f.Name, Body: genBody(t, depth-1)}
			if f.Kind == ir.CasesField {
				r.Doc = genText(t)
				r.When = rapid.SampledFrom([]ir.Value{ir.WeakInt(-3), ir.Int(4), ir.BoolValue(true), ir.String("a:b")}).Draw(t, "when")
			}
			n.Regions = append(n.Regions, r)
		}
	}
}

func genAttr(t *rapid.T, f *ir.Field) ir.Value {
	switch f.Attr {
	case ir.NamesAttr:
		return ir.Strings(genNames(t)...)
	case ir.IntAttr:
		return ir.Int(rapid.Int64().Draw(t, "int"))
	case ir.IntsAttr:
		return genInts(rapid.SliceOfN(rapid.Int(), 0, 4).Draw(t, "ints"))
	case ir.BoolAttr:
		return ir.BoolValue(rapid.Bool().Draw(t, "bool"))
	case ir.EnumAttr:
		return ir.String(rapid.SampledFrom(f.Enum).Draw(t, "enum"))
	case ir.DurationAttr:
		return ir.String(rapid.SampledFrom([]string{"10s", "1h30m", "+2.5ms", ".5us"}).Draw(t, "duration"))
	case ir.EveryAttr:
		return rapid.SampledFrom([]ir.Value{ir.Int(1), ir.Int(math.MaxInt64), ir.String("10s")}).Draw(t, "every")
	case ir.LiteralAttr:
		return genValue(t, 2)
	}
	return ir.String(genName(t))
}

func genInts(ints []int) ir.Value {
	items := make([]ir.Value, len(ints))
	for i, x := range ints {
		items[i] = ir.Int(int64(x))
	}
	return ir.ListOf(items...)
}

func genConstant(t *rapid.T, depth int) *ir.Node {
	op := rapid.SampledFrom([]string{"const", "list", "record", "tensor"}).Draw(t, "constant")
	if depth == 0 && (op == "list" || op == "record") {
		op = "const"
	}
	n := &ir.Node{Op: op, Doc: genText(t)}
	switch op {
	case "list":
		for range rapid.IntRange(0, 2).Draw(t, "items") {
			n.Args = append(n.Args, genConstant(t, depth-1))
		}
	case "record":
		for _, name := range uniqueNames(t) {
			n.Kwargs = append(n.Kwargs, ir.Kwarg{Name: name, Node: genConstant(t, depth-1)})
		}
	case "tensor":
		n.Attrs = []ir.Attr{{Name: "dtype", Value: ir.String("f32")}, {Name: "fill", Value: genFill(t, ir.F32)}, {Name: "shape", Value: genInts(genShape(t))}}
	default:
		if v := genValue(t, 1); !v.IsNull() {
			n.Attrs = []ir.Attr{{Name: "value", Value: v}}
		}
	}
	return n
}

func genFill(t *rapid.T, dtype ir.DType) ir.Value {
	if dtype == ir.Bool {
		return ir.BoolValue(rapid.Bool().Draw(t, "fill"))
	}
	fills := []ir.Value{ir.WeakInt(0), ir.WeakInt(7), ir.Int(2), ir.WeakFloat(3)}
	if dtype.IsFloat() {
		fills = append(fills, ir.WeakFloat(math.NaN()), ir.WeakFloat(math.Inf(-1)), ir.WeakFloat(0.1),
			ir.WeakFloat(math.Copysign(0, -1)), ir.Float32(0.1), ir.Float(math.Inf(1)))
	}
	return rapid.SampledFrom(fills).Draw(t, "fill")
}

func genValue(t *rapid.T, depth int) ir.Value {
	kinds := 4
	if depth > 0 {
		kinds = 6
	}
	switch rapid.IntRange(0, kinds-1).Draw(t, "kind") {
	case 0:
		return ir.Value{}
	case 1:
		return ir.String(genText(t))
	case 2:
		return genScalar(t, rapid.SampledFrom(ir.DTypes).Draw(t, "dtype")).AsWeak(rapid.Bool().Draw(t, "weak"))
	case 3:
		tensor, err := ir.NewTensor(rapid.SampledFrom(ir.DTypes).Draw(t, "dtype"), genShape(t)...)
		if err != nil {
			t.Fatal(err)
		}
		for i := range tensor.Size() {
			tensor.SetAt(i, genScalar(t, tensor.DType()))
		}
		return ir.TensorValue(tensor).AsWeak(rapid.Bool().Draw(t, "weak"))
	case 4:
		items := make([]ir.Value, rapid.IntRange(0, 3).Draw(t, "items"))
		for i := range items {
			items[i] = genValue(t, depth-1)
		}
		return ir.ListOf(items...)
	default:
		names := rapid.SliceOfNDistinct(rapid.StringN(0, 5, 20), 0, 3, rapid.ID).Draw(t, "fields")
		values := make([]ir.Value, len(names))
		for i := range values {
			values[i] = genValue(t, depth-1)
		}
		return ir.RecordOf(names, values)
	}
}

// genScalar draws a rank-0 number of any bits, special ones often.
func genScalar(t *rapid.T, dtype ir.DType) ir.Value {
	switch dtype {
	case ir.Bool:
		return ir.BoolValue(rapid.Bool().Draw(t, "bool"))
	case ir.U8:
		return ir.Scalar(ir.U8, uint64(rapid.Byte().Draw(t, "u8")))
	case ir.I32:
		return ir.Scalar(ir.I32, uint64(int64(rapid.Int32().Draw(t, "i32"))))
	case ir.I64:
		return ir.Int(rapid.Int64().Draw(t, "i64"))
	}
	special := []float64{0, math.Copysign(0, -1), 1, 1e6, 1e7, 1e20, 1e21, 0.1, math.Pi, math.NaN(), math.Inf(1), math.Inf(-1), math.SmallestNonzeroFloat32}
	if dtype == ir.F32 {
		if rapid.Bool().Draw(t, "special") {
			return ir.Float32(float32(rapid.SampledFrom(special).Draw(t, "f32")))
		}
		return ir.Float32(math.Float32frombits(rapid.Uint32().Draw(t, "f32")))
	}
	if rapid.Bool().Draw(t, "special") {
		return ir.Float(rapid.SampledFrom(special).Draw(t, "f64"))
	}
	return ir.Float(math.Float64frombits(rapid.Uint64().Draw(t, "f64")))
}

func genShape(t *rapid.T) []int {
	return rapid.SliceOfN(rapid.IntRange(0, 4), 0, 3).Draw(t, "shape")
}

var nastyNames = []string{"x", "p.W", "%1", "%a", "% b", "%01", "_", "doc", "if", "print", "print.x", "x.print", "f32", "weak", "as", "case", "strand", "hook",
	"register", "output", "program", "$x", "a..b", ".a", "a.", "1a", "", "2:5", ":", "`", "\"`\\", "\"\\\n\x00\u2028", "\xff", "日本", "\U0001F600"}

func genName(t *rapid.T) string {
	return rapid.OneOf(rapid.SampledFrom(nastyNames), rapid.String()).Draw(t, "name")
}

func genNames(t *rapid.T) []string {
	return rapid.SliceOfN(rapid.Custom(genName), 0, 3).Draw(t, "names")
}

// uniqueNames draws sorted names without repetition.
func uniqueNames(t *rapid.T) []string {
	names := rapid.SliceOfNDistinct(rapid.Custom(genName), 0, 3, rapid.ID).Draw(t, "unique names")
	slices.Sort(names)
	return names
}

func genText(t *rapid.T) string {
	if rapid.IntRange(0, 3).Draw(t, "has text") > 0 {
		return ""
	}
	return rapid.OneOf(rapid.SampledFrom(nastyNames), rapid.SampledFrom(nastyTexts), rapid.String(), rapid.Just(fmt.Sprintf("%120s", "long"))).Draw(t, "text")
}

var nastyTexts = []string{" ", "\n", "\n\n", " a\n  b \n", "#", "# a", "\t", "a\rb", "a\r\nb", "a\n}"}
