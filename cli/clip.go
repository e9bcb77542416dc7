package cli

import (
	"fmt"
	"strings"

	"flowc.dev/flowc/ir"
)

// maxShown bounds the values that are shown of a snapshot: lists that share
// parts with each other are small in memory, but not when they are written out.
const maxShown = 100_000

// clip returns v with "..." in place of what comes after budget values.
func clip(v ir.Value, budget *int) ir.Value {
	if *budget--; *budget < 0 {
		return ir.String("...")
	}
	switch v.Kind() {
	case ir.ListKind:
		return ir.ListOf(clipAll(v.List().Items, budget)...)
	case ir.RecordKind:
		r := v.Record()
		values := clipAll(r.Values, budget)
		return ir.RecordOf(r.Names[:len(values)], values)
	}
	return v
}

func clipAll(values []ir.Value, budget *int) []ir.Value {
	var clipped []ir.Value
	for _, v := range values {
		clipped = append(clipped, clip(v, budget))
		if *budget < 0 {
			break
		}
	}
	return clipped
}

// describeType returns the type of v, without the types of parts of parts.
func describeType(v ir.Value) string {
	switch v.Kind() {
	case ir.ListKind:
		return fmt.Sprintf("list of %d", len(v.List().Items))
	case ir.RecordKind:
		r := v.Record()
		fields := make([]string, 0, len(r.Names))
		for i, name := range r.Names {
			if i == maxFields {
				fields = append(fields, "...")
				break
			}
			field := r.Values[i].Kind().String()
			if r.Values[i].IsNumber() {
				field = r.Values[i].Type().String()
			}
			fields = append(fields, name+": "+field)
		}
		return "record{" + strings.Join(fields, ", ") + "}"
	}
	return v.Type().String()
}

const maxFields = 6
