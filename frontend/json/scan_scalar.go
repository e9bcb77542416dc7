package json

import (
	"encoding/binary"
	"encoding/hex"
	"unicode/utf16"
	"unicode/utf8"
)

// str reads a string, of which only validity matters here.
func (s *scanner) str() *syntaxError {
	start := s.pos
	s.pos++
	for s.pos < len(s.src) {
		switch c := s.src[s.pos]; {
		case c == '"':
			s.pos++
			return nil
		case c == '\\':
			if err := s.escape(); err != nil {
				return err
			}
		case c < 0x20:
			return s.errorf(s.pos, "found the control character 0x%02X in a string: write it as \\u%04x", c, c)
		case c < utf8.RuneSelf:
			s.pos++
		default:
			r, size := utf8.DecodeRune(s.src[s.pos:])
			if r == utf8.RuneError && size == 1 {
				return s.errorf(s.pos, "found the byte 0x%02X in a string, which is not UTF-8", c)
			}
			s.pos += size
		}
	}
	return s.errorf(start, "found the end of the file in the string that starts here")
}

func (s *scanner) escape() *syntaxError {
	start := s.pos
	s.pos++
	switch c := s.peek(); c {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		s.pos++
		return nil
	case 'u':
		unit, ok := hexUnit(s.src, start)
		if !ok {
			return s.errorf(start, "found \\u without four hexadecimal digits")
		}
		s.pos = start + 6
		if utf16.IsSurrogate(unit) {
			low, ok := hexUnit(s.src, s.pos)
			if !ok || utf16.DecodeRune(unit, low) == utf8.RuneError {
				return s.errorf(start, "found half of a surrogate pair: want \\uD800 to \\uDBFF followed by \\uDC00 to \\uDFFF")
			}
			s.pos += 6
		}
		return nil
	}
	return s.errorf(start, "found an unknown escape in a string: JSON has \\\" \\\\ \\/ \\b \\f \\n \\r \\t and \\uXXXX")
}

// hexUnit reads a \uXXXX escape at pos.
func hexUnit(src []byte, pos int) (rune, bool) {
	if len(src) < pos+6 || src[pos] != '\\' || src[pos+1] != 'u' {
		return 0, false
	}
	var unit [2]byte
	if _, err := hex.Decode(unit[:], src[pos+2:pos+6]); err != nil {
		return 0, false
	}
	return rune(binary.BigEndian.Uint16(unit[:])), true
}

func (s *scanner) number() *syntaxError {
	start := s.pos
	if s.peek() == '-' {
		s.pos++
	}
	leading := s.pos
	if s.digits() == 0 {
		if s.pos < len(s.src) && isWordByte(s.src[s.pos]) {
			return s.unexpected("digits after the sign")
		}
		return s.errorf(start, "found a sign without digits: want a number")
	}
	if s.src[leading] == '0' && s.pos > leading+1 {
		return s.errorf(start, "found a number with leading zeros: JSON writes it without")
	}
	if s.peek() == '.' {
		s.pos++
		if s.digits() == 0 {
			return s.errorf(start, "found a number without digits after its point")
		}
	}
	if c := s.peek(); c == 'e' || c == 'E' {
		s.pos++
		if c := s.peek(); c == '+' || c == '-' {
			s.pos++
		}
		if s.digits() == 0 {
			return s.errorf(start, "found a number without digits in its exponent")
		}
	}
	if s.pos < len(s.src) && isWordByte(s.src[s.pos]) {
		return s.unexpected("the end of the number")
	}
	return nil
}

func (s *scanner) digits() int {
	start := s.pos
	for s.pos < len(s.src) && s.src[s.pos] >= '0' && s.src[s.pos] <= '9' {
		s.pos++
	}
	return s.pos - start
}

// unquote returns the string whose opening quote is at pos in a source that
// has passed the scanner.
func unquote(src []byte, pos int) string {
	pos++
	end := pos
	for src[end] != '"' && src[end] != '\\' {
		end++
	}
	if src[end] == '"' {
		return string(src[pos:end])
	}
	b := append([]byte(nil), src[pos:end]...)
	for pos = end; ; {
		switch c := src[pos]; c {
		case '"':
			return string(b)
		case '\\':
			r, size := unescape(src, pos)
			b = utf8.AppendRune(b, r)
			pos += size
		default:
			b = append(b, c)
			pos++
		}
	}
}

func unescape(src []byte, pos int) (r rune, size int) {
	switch c := src[pos+1]; c {
	case 'b':
		return '\b', 2
	case 'f':
		return '\f', 2
	case 'n':
		return '\n', 2
	case 'r':
		return '\r', 2
	case 't':
		return '\t', 2
	case 'u':
		unit, _ := hexUnit(src, pos)
		if utf16.IsSurrogate(unit) {
			low, _ := hexUnit(src, pos+6)
			return utf16.DecodeRune(unit, low), 12
		}
		return unit, 6
	default:
		return rune(c), 2
	}
}

// stringEnd returns the offset after the string whose opening quote is at pos.
func stringEnd(src []byte, pos int) int {
	for pos++; src[pos] != '"'; pos++ {
		if src[pos] == '\\' {
			pos++
		}
	}
	return pos + 1
}
