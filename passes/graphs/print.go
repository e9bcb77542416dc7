package graphs

import (
	"fmt"
	"strings"

	"flowc.dev/flowc/ir"
)

// Format returns a graph as text, one line a value:
//
//	0: f32[3] = x
//	1: weak i64 = 2
//	2: f32[3] = multiply(#0, #1)
//	-> #2
func Format(g *ir.Graph) string {
	var b strings.Builder
	for i, in := range g.Inputs {
		if in.Const != nil {
			fmt.Fprintf(&b, "%d: %s = %s\n", i, g.Types[i], ir.FormatShort(*in.Const))
			continue
		}
		fmt.Fprintf(&b, "%d: %s = %s\n", i, g.Types[i], strings.Join(append([]string{in.Register}, in.Fields...), "."))
	}
	for i := range g.Steps {
		s := &g.Steps[i]
		names, types := make([]string, s.Results), make([]string, s.Results)
		for k := range s.Results {
			names[k], types[k] = fmt.Sprint(s.First+k), g.Types[s.First+k].String()
		}
		args := make([]string, len(s.Args))
		for k, v := range s.Args {
			if args[k] = fmt.Sprint("#", v); v < 0 {
				args[k] = ir.FormatShort(s.Static[k])
			}
		}
		fmt.Fprintf(&b, "%s: %s = %s(%s)\n", strings.Join(names, ", "), strings.Join(types, ", "), s.Op, strings.Join(args, ", "))
	}
	for i := range g.Outputs {
		fmt.Fprintf(&b, "-> %s\n", formatOutput(&g.Outputs[i]))
	}
	return b.String()
}

func formatOutput(o *ir.GraphOutput) string {
	if o.Value >= 0 {
		return fmt.Sprint("#", o.Value)
	}
	parts := make([]string, len(o.Parts))
	for i := range o.Parts {
		parts[i] = formatOutput(&o.Parts[i])
		if o.Kind == ir.RecordKind {
			parts[i] = o.Names[i] + ": " + parts[i]
		}
	}
	return fmt.Sprintf("%s(%s)", o.Kind, strings.Join(parts, ", "))
}
