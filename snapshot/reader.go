package snapshot

import (
	"bytes"
	"fmt"
	"strconv"
	"unicode/utf8"
)

// A reader reads JSON without white space, as archives write it.
type reader struct {
	src []byte
	pos int
	err error // of a call that returns none
}

func (r *reader) errorf(format string, args ...any) error {
	return fmt.Errorf("byte %d: "+format, append([]any{r.pos}, args...)...)
}

func (r *reader) fail(format string, args ...any) {
	if r.err == nil {
		r.err = r.errorf(format, args...)
	}
}

func (r *reader) skip(text string) bool {
	if !bytes.HasPrefix(r.src[r.pos:], []byte(text)) {
		return false
	}
	r.pos += len(text)
	return true
}

func (r *reader) peek() byte {
	if r.pos < len(r.src) {
		return r.src[r.pos]
	}
	return 0
}

// expect reads one byte.
func (r *reader) expect(b byte) error {
	if r.peek() != b || r.pos == len(r.src) {
		return r.errorf("want %q", b)
	}
	r.pos++
	return nil
}

// word reads a text that must stand here.
func (r *reader) word(text string) error {
	if !r.skip(text) {
		return r.errorf("want %s", text)
	}
	return nil
}

// key reads a key with what comes before and after it, if it is the next.
func (r *reader) key(name string, first bool) bool {
	start := r.pos
	if (first || r.skip(",")) && r.skip(`"`) && r.skip(name) && r.skip(`":`) {
		return true
	}
	r.pos = start
	return false
}

// member reads any key and the colon.
func (r *reader) member() string {
	s, err := r.text()
	if err == nil {
		err = r.expect(':')
	}
	if err != nil && r.err == nil {
		r.err = err
	}
	return s
}

// open reads the bracket that begins a list or object and reports whether an
// item follows. Empty ones are left out, so they are no form of their own.
func (r *reader) open(bracket byte) bool {
	if err := r.expect(bracket); err != nil {
		r.fail("want %q", bracket)
		return false
	}
	return true
}

// more reads what follows an item and reports whether another one comes.
func (r *reader) more(closing byte) bool {
	switch {
	case r.err != nil:
		return false
	case r.skip(","):
		return true
	case r.peek() == closing:
		r.pos++
		return false
	}
	r.fail("want a comma or %q", closing)
	return false
}

// end reports what stands behind the document.
func (r *reader) end() error {
	if r.pos < len(r.src) {
		return r.errorf("want the end")
	}
	return nil
}

// number returns the text of the number that stands here.
func (r *reader) number() string {
	end := r.pos
	for end < len(r.src) && end-r.pos < maxNumber && isNumeric(r.src[end]) {
		end++
	}
	return string(r.src[r.pos:end])
}

const maxNumber = 32 // bytes; the longest f64 has 24

func isNumeric(c byte) bool {
	return c >= '0' && c <= '9' || c == '-' || c == '+' || c == '.' || c == 'e'
}

func (r *reader) integer() (int64, error) {
	s := r.number()
	i, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return 0, r.errorf("want a whole number, found %q", s)
	}
	r.pos += len(s)
	return i, nil
}

func (r *reader) unsigned(bits int) (uint64, error) {
	s := r.number()
	i, err := strconv.ParseUint(s, 10, bits)
	if err != nil {
		return 0, r.errorf("want a number of %d bits, found %q", bits, s)
	}
	r.pos += len(s)
	return i, nil
}

// text reads a string, see [appendText].
func (r *reader) text() (string, error) {
	if r.peek() == '{' {
		return r.anyBytes()
	}
	if err := r.expect('"'); err != nil {
		return "", err
	}
	var out []byte
	for {
		run := bytes.IndexAny(r.src[r.pos:], `"\`)
		if run < 0 {
			return "", r.errorf("a string does not end")
		}
		part := r.src[r.pos : r.pos+run]
		r.pos += run
		if out == nil && r.peek() == '"' {
			out = part
		} else {
			out = append(out[:len(out):len(out)], part...)
		}
		if r.skip(`"`) {
			break
		}
		c, err := r.escape()
		if err != nil {
			return "", err
		}
		out = append(out, c)
	}
	if !utf8.Valid(out) {
		return "", r.errorf("a string is not UTF-8")
	}
	return string(out), nil
}

// escape reads what begins with a backslash.
func (r *reader) escape() (byte, error) {
	if r.pos+2 <= len(r.src) {
		switch c := r.src[r.pos+1]; c {
		case '"', '\\':
			r.pos += 2
			return c, nil
		case 'u':
			if r.pos+6 <= len(r.src) {
				code, err := strconv.ParseUint(string(r.src[r.pos+2:r.pos+6]), 16, 16)
				if err == nil && code < 0x20 {
					r.pos += 6
					return byte(code), nil
				}
			}
		}
	}
	return 0, r.errorf("an escape that is not used here")
}
