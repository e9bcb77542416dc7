package json

import (
	"bytes"
	"fmt"
	"math"
	"unicode/utf8"

	"flowc.dev/flowc/ir"
)

// Limits on documents. A level of the program takes at most four levels of
// JSON: a switch, its cases, a case, its body.
const (
	maxDepth      = 4*ir.MaxNesting + 32
	maxContainers = 8 * ir.MaxNodes
	maxSource     = math.MaxInt32
)

// A container is what the decoder must know of a list or object to pass over
// it in constant time.
type container struct {
	end   int32 // offset after its closing bracket
	next  int32 // number of the first container after its end
	count int32 // items or members
}

// A scanner checks that the source is one JSON value (RFC 8259, in UTF-8, no
// lone surrogates) and indexes its containers in the order in which they open.
// It works without recursion and stops at the first error.
type scanner struct {
	src   []byte
	pos   int
	index []container
	stack []openContainer
}

type openContainer struct {
	number   int32
	object   bool
	count    int32
	key      int32 // offset of the current member's key
	keyKnown bool
}

// A syntaxError says what is wrong at an offset.
type syntaxError struct {
	offset  int
	message string
}

func (s *scanner) errorf(offset int, format string, args ...any) *syntaxError {
	return &syntaxError{offset, fmt.Sprintf(format, args...)}
}

var byteOrderMark = []byte("\uFEFF")

// scan reads the whole source.
func (s *scanner) scan() *syntaxError {
	if bytes.HasPrefix(s.src, byteOrderMark) {
		s.pos = len(byteOrderMark)
	}
	for {
		opened, err := s.value()
		if err != nil {
			return err
		}
		if !opened {
			done, err := s.afterValue()
			if done || err != nil {
				return err
			}
		}
	}
}

// value reads a scalar or an empty container, or opens a container and stops
// before its first value.
func (s *scanner) value() (opened bool, err *syntaxError) {
	s.space()
	switch s.peek() {
	case '{', '[':
		if err := s.open(); err != nil {
			return false, err
		}
		top := s.top()
		s.space()
		if c := s.peek(); top.object && c == '}' || !top.object && c == ']' {
			s.close()
			return false, nil
		}
		top.count = 1
		if top.object {
			return true, s.key("a key or }")
		}
		return true, nil
	case '"':
		return false, s.str()
	case 't':
		return false, s.word("true")
	case 'f':
		return false, s.word("false")
	case 'n':
		return false, s.word("null")
	case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
		return false, s.number()
	}
	return false, s.unexpected("a value")
}

// afterValue closes the containers that end here and moves to the next value.
// It reports true at the end of the document.
func (s *scanner) afterValue() (done bool, err *syntaxError) {
	for {
		s.space()
		if len(s.stack) == 0 {
			if s.pos < len(s.src) {
				return false, s.unexpected("the end of the file")
			}
			return true, nil
		}
		top := s.top()
		switch c := s.peek(); {
		case c == ',':
			s.pos++
			s.space()
			top.count++
			if top.object {
				return false, s.key("a key")
			}
			return false, nil
		case top.object && c == '}', !top.object && c == ']':
			s.close()
		case top.object:
			return false, s.unexpected("a comma or }")
		default:
			return false, s.unexpected("a comma or ]")
		}
	}
}

func (s *scanner) top() *openContainer { return &s.stack[len(s.stack)-1] }

func (s *scanner) open() *syntaxError {
	if len(s.stack) >= maxDepth {
		return s.errorf(s.pos, "lists and objects are nested more than %d deep", maxDepth)
	}
	if len(s.index) >= maxContainers {
		return s.errorf(s.pos, "the program has more than %d lists and objects", maxContainers)
	}
	s.stack = append(s.stack, openContainer{number: int32(len(s.index)), object: s.src[s.pos] == '{'})
	s.index = append(s.index, container{})
	s.pos++
	return nil
}

func (s *scanner) close() {
	s.pos++
	top := s.top()
	s.index[top.number] = container{end: int32(s.pos), next: int32(len(s.index)), count: top.count}
	s.stack = s.stack[:len(s.stack)-1]
}

func (s *scanner) key(want string) *syntaxError {
	top := s.top()
	top.key, top.keyKnown = int32(s.pos), false
	if s.peek() != '"' {
		return s.unexpected(want)
	}
	if err := s.str(); err != nil {
		return err
	}
	top.keyKnown = true
	s.space()
	if s.peek() != ':' {
		return s.unexpected("a colon")
	}
	s.pos++
	return nil
}

// path returns where the scanner stands.
func (s *scanner) path() []step {
	var path []step
	for _, c := range s.stack {
		switch {
		case !c.object:
			path = append(path, step{index: max(c.count-1, 0)})
		case c.keyKnown:
			path = append(path, step{key: unquote(s.src, int(c.key)), index: -1})
		}
	}
	return path
}

func (s *scanner) peek() byte {
	if s.pos < len(s.src) {
		return s.src[s.pos]
	}
	return 0
}

func (s *scanner) space() { s.pos = skipSpace(s.src, s.pos) }

func skipSpace(src []byte, pos int) int {
	for pos < len(src) && (src[pos] == ' ' || src[pos] == '\n' || src[pos] == '\t' || src[pos] == '\r') {
		pos++
	}
	return pos
}

func (s *scanner) word(word string) *syntaxError {
	if !bytes.HasPrefix(s.src[s.pos:], []byte(word)) {
		return s.unexpected("a value")
	}
	if end := s.pos + len(word); end < len(s.src) && isWordByte(s.src[end]) {
		return s.unexpected("a value")
	}
	s.pos += len(word)
	return nil
}

func isWordByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_'
}

// unexpected reports what stands at the current offset instead of want.
func (s *scanner) unexpected(want string) *syntaxError {
	rest := s.src[s.pos:]
	if len(rest) == 0 {
		return s.errorf(s.pos, "found the end of the file: want %s", want)
	}
	word := rest[:min(len(rest), 40)]
	for i, c := range word {
		if !isWordByte(c) {
			word = word[:i]
			break
		}
	}
	if len(word) > 0 {
		hint := ""
		switch string(word) {
		case "NaN", "nan", "Infinity", "inf":
			hint = `; in the data of a tensor write "nan", "inf" or "-inf"`
		case "True", "False", "None", "nil", "undefined":
			hint = "; JSON writes true, false and null"
		}
		return s.errorf(s.pos, "found %s: want %s%s", word, want, hint)
	}
	r, _ := utf8.DecodeRune(rest)
	switch {
	case r == utf8.RuneError:
		return s.errorf(s.pos, "found the byte 0x%02X, which is not UTF-8: want %s", rest[0], want)
	case r == '/' || r == '#':
		return s.errorf(s.pos, `found %q: want %s; JSON has no comments, use the key "doc"`, r, want)
	case r == '\'':
		return s.errorf(s.pos, "found a single quote: want %s; JSON quotes strings with \"", want)
	case (r == ']' || r == '}') && s.pos > 0 && s.afterComma():
		return s.errorf(s.pos, "found %q: want %s; JSON allows no comma before it", r, want)
	}
	return s.errorf(s.pos, "found %q: want %s", r, want)
}

func (s *scanner) afterComma() bool {
	before := bytes.TrimRight(s.src[max(0, s.pos-200):s.pos], " \t\r\n")
	return bytes.HasSuffix(before, []byte{','})
}
