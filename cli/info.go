package cli

import (
	"fmt"
	"io"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"flowc.dev/flowc/frontend/json"
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
)

func newSchemaCommand(w io.Writer) *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON Schema of programs",
		Args:  noFiles,
		RunE: func(*cobra.Command, []string) error {
			_, err := w.Write(json.Schema())
			return err
		},
	}
}

func newVersionCommand(w io.Writer) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version of flowc and of the program format",
		Args:  noFiles,
		RunE: func(*cobra.Command, []string) error {
			version := "(unknown)"
			if info, ok := debug.ReadBuildInfo(); ok {
				version = info.Main.Version
			}
			_, err := fmt.Fprintf(w, "flowc %s, program format %d\n", version, ir.Version)
			return err
		},
	}
}

func newOpsCommand(s streams) *cobra.Command {
	return &cobra.Command{
		Use:   "ops [name...]",
		Short: "List the ops and the classes of objects, or describe those that are named",
		RunE: func(_ *cobra.Command, names []string) error {
			text, err := describeOps(s.registry(), names)
			if err != nil {
				return usageError{err}
			}
			_, err = io.WriteString(s.out, text)
			return err
		},
	}
}

func describeOps(registry *ops.Registry, names []string) (string, error) {
	var b strings.Builder
	for _, name := range names {
		if op := registry.Lookup(name); op != nil {
			describe(&b, "", &op.Signature, formatParams(op.Params), op.Doc, true)
		} else if c := registry.Class(name); c != nil {
			describeClass(&b, c, true)
		} else {
			return "", fmt.Errorf("no op or class is named %q: flowc ops lists them", name)
		}
	}
	if len(names) > 0 {
		return b.String(), nil
	}
	for _, op := range registry.Ops() {
		describe(&b, "", &op.Signature, formatParams(op.Params), op.Doc, false)
	}
	for _, c := range registry.Classes() {
		b.WriteByte('\n')
		describeClass(&b, c, false)
	}
	return b.String(), nil
}

func describeClass(b *strings.Builder, c *ops.Class, params bool) {
	describe(b, "", &c.Signature, formatNamed(c.Params), c.Doc, params)
	for _, m := range c.Methods {
		describe(b, "  .", &m.Signature, formatParams(m.Params), m.Doc, params)
	}
}

// describe writes a signature, whose parameters are given as text too, the doc
// and, if asked for, what the parameters are.
func describe(b *strings.Builder, prefix string, sig *ir.Signature, listed, doc string, params bool) {
	indent := strings.Repeat(" ", 4+len(prefix))
	fmt.Fprintf(b, "%s%s%s\n%s%s\n", prefix, sig.Name, listed, indent, doc)
	for i := range sig.Params {
		if p := &sig.Params[i]; params && p.Doc != "" {
			fmt.Fprintf(b, "%s%s: %s\n", indent, p.Name, p.Doc)
		}
	}
}

func formatParams(params []ir.Param) string {
	parts := make([]string, len(params))
	for i := range params {
		p := &params[i]
		if p.Variadic {
			parts[i] = "*"
		}
		parts[i] += p.Name
		if p.Default != nil {
			parts[i] += "=" + ir.FormatShort(*p.Default)
		}
	}
	return "(" + strings.Join(parts, ", ") + ")"
}

// formatNamed formats the parameters of a constructor, which takes its arguments
// by their names.
func formatNamed(params []ir.Param) string {
	parts := make([]string, len(params))
	for i := range params {
		parts[i] = params[i].Name + "=..."
		if value := params[i].Default; value != nil {
			parts[i] = params[i].Name + "=" + ir.FormatShort(*value)
		}
	}
	return "(" + strings.Join(parts, ", ") + ")"
}
