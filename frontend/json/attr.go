package json

import (
	"slices"
	"strconv"
	"time"

	"flowc.dev/flowc/ir"
)

// attr reads the value of an attribute; null stands for a literal only.
func (d *decoder) attr(f *ir.Field, p place) (ir.Value, bool) {
	kind := d.kind(p)
	switch f.Attr {
	case ir.LiteralAttr:
		return d.literal(p)
	case ir.NameAttr, ir.TextAttr:
		if kind == '"' {
			return ir.String(d.str(int(p.pos))), true
		}
	case ir.NamesAttr:
		names, ok := d.nameList(p, attrForm(f))
		return ir.Strings(names...), ok
	case ir.IntAttr:
		if d.isInteger(p) {
			i, ok := d.integer(p)
			return ir.Int(i), ok
		}
	case ir.IntsAttr:
		if kind == '[' {
			return d.integers(p)
		}
	case ir.BoolAttr:
		if kind == 't' || kind == 'f' {
			return ir.BoolValue(kind == 't'), true
		}
	case ir.EnumAttr:
		if kind == '"' {
			if s := d.str(int(p.pos)); slices.Contains(f.Enum, s) {
				return ir.String(s), true
			}
		}
	case ir.DurationAttr:
		if kind == '"' {
			return d.duration(p, attrForm(f))
		}
	case ir.EveryAttr:
		if kind == '"' {
			return d.duration(p, attrForm(f))
		}
		if d.isInteger(p) {
			i, ok := d.integer(p)
			if ok && i <= 0 {
				break
			}
			return ir.Int(i), ok
		}
	}
	d.found(p, attrForm(f))
	return ir.Value{}, false
}

// attrForm says what the value of an attribute looks like.
func attrForm(f *ir.Field) string {
	switch f.Attr {
	case ir.NameAttr:
		return "a name, as a string"
	case ir.NamesAttr:
		return "a list of names"
	case ir.TextAttr:
		return "a string"
	case ir.IntAttr:
		return "a whole number"
	case ir.IntsAttr:
		return "a list of whole numbers"
	case ir.BoolAttr:
		return "true or false"
	case ir.EnumAttr:
		return alternatives(f.Enum)
	case ir.DurationAttr:
		return "a duration such as \"10s\" or \"1h30m\""
	case ir.EveryAttr:
		return "a positive whole number or a duration such as \"10s\""
	}
	return "a literal"
}

// duration reads a positive Go duration and keeps its spelling.
func (d *decoder) duration(p place, want string) (ir.Value, bool) {
	s := d.str(int(p.pos))
	if t, err := time.ParseDuration(shorten(s)); err != nil || t <= 0 {
		d.found(p, want)
		return ir.Value{}, false
	}
	return ir.String(s), true
}

// nameList reads a list of strings; one string alone is a list of one.
func (d *decoder) nameList(p place, want string) ([]string, bool) {
	switch d.kind(p) {
	case '"':
		return []string{d.str(int(p.pos))}, true
	case '[':
	default:
		d.found(p, want)
		return nil, false
	}
	names := make([]string, 0, min(d.count(p), maxItems))
	ok := true
	for _, item := range d.listItems(p) {
		if !d.countItem(item) {
			return nil, false
		}
		if d.kind(item) != '"' {
			d.found(item, "a name, as a string")
			ok = false
			continue
		}
		names = append(names, d.str(int(item.pos)))
	}
	return names, ok
}

// integers reads a list of whole numbers.
func (d *decoder) integers(list place) (ir.Value, bool) {
	items := make([]ir.Value, 0, min(d.count(list), maxItems))
	ok := true
	for _, item := range d.listItems(list) {
		if !d.countItem(item) {
			return ir.Value{}, false
		}
		if !d.isInteger(item) {
			d.found(item, "a whole number")
			ok = false
			continue
		}
		i, fits := d.integer(item)
		ok = ok && fits
		items = append(items, ir.Int(i))
	}
	return ir.ListOf(items...), ok
}

// integer reads a number without point and exponent.
func (d *decoder) integer(p place) (int64, bool) {
	text := string(d.scalar(p))
	i, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		d.report(int(p.pos), "the whole number %s does not fit 64 bits: want -9223372036854775808 to 9223372036854775807, "+
			"or a float, with a point or an exponent", shorten(text))
		return 0, false
	}
	return i, true
}

// float reads any number as an f64.
func (d *decoder) float(p place) (float64, bool) {
	text := string(d.scalar(p))
	x, err := strconv.ParseFloat(text, 64)
	if err != nil {
		d.report(int(p.pos), "the number %s overflows f64: want less than 1.8e308 in magnitude", shorten(text))
		return 0, false
	}
	return x, true
}
