package json

import (
	"fmt"
	"iter"
	"strconv"
)

// A document is a source that has passed the scanner. Its values are named by
// places, so that they can be read in any order.
type document struct {
	src   []byte
	index []container
	names map[string]string // short strings that were met before
}

// A place is a value of a document: its first byte and, in case it is a
// container, its number.
type place struct{ pos, number int32 }

// A member is a key of an object and its value.
type member struct {
	key    string
	keyPos int32
	value  place
}

// The limits of remembered strings.
const (
	maxInterned     = 1 << 16
	maxInternedSize = 64
)

// kind returns the first byte of a value: { [ " t f n, or a digit or sign.
func (d *document) kind(p place) byte { return d.src[p.pos] }

// count returns the number of items or members of a container.
func (d *document) count(p place) int { return int(d.index[p.number].count) }

// root returns the document's value.
func (d *document) root() place {
	start := 0
	if len(d.src) > 0 && d.src[0] == byteOrderMark[0] {
		start = len(byteOrderMark)
	}
	return place{pos: int32(skipSpace(d.src, start))}
}

// after returns the place that follows p: the offset after it and the number of
// the first container there.
func (d *document) after(p place) place {
	switch d.kind(p) {
	case '{', '[':
		c := &d.index[p.number]
		return place{c.end, c.next}
	case '"':
		return place{int32(stringEnd(d.src, int(p.pos))), p.number}
	}
	return place{int32(d.scalarEnd(int(p.pos))), p.number}
}

// scalarEnd returns the offset after the number, true, false or null at pos.
func (d *document) scalarEnd(pos int) int {
	for pos < len(d.src) {
		switch d.src[pos] {
		case ',', ']', '}', ' ', '\n', '\t', '\r':
			return pos
		}
		pos++
	}
	return pos
}

// items yields the items of a list.
func (d *document) items(list place) iter.Seq2[int, place] {
	return func(yield func(int, place) bool) {
		at := place{list.pos + 1, list.number + 1}
		for i := range d.count(list) {
			at.pos = int32(skipSpace(d.src, int(at.pos)))
			if !yield(i, at) {
				return
			}
			at = d.after(at)
			at.pos = int32(skipSpace(d.src, int(at.pos))) + 1 // the comma
		}
	}
}

// members yields the members of an object.
func (d *document) members(object place) iter.Seq[member] {
	return func(yield func(member) bool) {
		at := place{object.pos + 1, object.number + 1}
		for range d.count(object) {
			key := skipSpace(d.src, int(at.pos))
			colon := skipSpace(d.src, stringEnd(d.src, key))
			at.pos = int32(skipSpace(d.src, colon+1))
			if !yield(member{d.str(key), int32(key), at}) {
				return
			}
			at = d.after(at)
			at.pos = int32(skipSpace(d.src, int(at.pos))) + 1
		}
	}
}

// str returns the string at an offset.
func (d *document) str(pos int) string {
	end := pos + 1
	for end < len(d.src) && end-pos <= maxInternedSize && d.src[end] != '"' && d.src[end] != '\\' {
		end++
	}
	if d.src[end] != '"' {
		return unquote(d.src, pos)
	}
	raw := d.src[pos+1 : end]
	if s, ok := d.names[string(raw)]; ok {
		return s
	}
	s := string(raw)
	if len(d.names) < maxInterned {
		d.names[s] = s
	}
	return s
}

// scalar returns the source text of a number, true, false or null.
func (d *document) scalar(p place) []byte { return d.src[p.pos:d.scalarEnd(int(p.pos))] }

// isInteger reports whether a value is a number without point and exponent.
func (d *document) isInteger(p place) bool {
	if !isNumber(d.kind(p)) {
		return false
	}
	for _, c := range d.scalar(p) {
		if c == '.' || c == 'e' || c == 'E' {
			return false
		}
	}
	return true
}

func isNumber(kind byte) bool { return kind == '-' || kind >= '0' && kind <= '9' }

// describe returns what stands at p, for messages.
func (d *document) describe(p place) string {
	switch kind := d.kind(p); {
	case kind == '{':
		return "an object"
	case kind == '[' && d.count(p) == 0:
		return "an empty list"
	case kind == '[':
		return "a list of " + strconv.Itoa(d.count(p))
	case kind == '"':
		return "the string " + quote(d.str(int(p.pos)))
	case isNumber(kind):
		return "the number " + shorten(string(d.scalar(p)))
	default:
		return string(d.scalar(p))
	}
}

// maxQuoted is how much of a name or text a message repeats.
const maxQuoted = 60

func shorten(s string) string {
	if len(s) <= maxQuoted {
		return s
	}
	cut := maxQuoted - 3
	for cut > 0 && s[cut]&0xC0 == 0x80 { // not within a character
		cut--
	}
	return s[:cut] + "..."
}

func quote(s string) string { return fmt.Sprintf("%q", shorten(s)) }
