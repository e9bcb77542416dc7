package snapshot

import (
	"encoding/base64"
	"unicode/utf8"
)

const hexDigits = "0123456789abcdef"

// appendText appends a string as JSON: in quotes if it is UTF-8, else as
// {"bytes": ...} in base 64.
func appendText(b []byte, s string) []byte {
	if !utf8.ValidString(s) {
		b = append(b, `{"bytes":"`...)
		b = base64.StdEncoding.AppendEncode(b, []byte(s))
		return append(b, `"}`...)
	}
	b = append(b, '"')
	start := 0
	for i := range len(s) {
		c := s[i]
		if c >= 0x20 && c != '"' && c != '\\' {
			continue
		}
		b = append(append(b, s[start:i]...), '\\')
		if start = i + 1; c < 0x20 {
			b = append(b, 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		} else {
			b = append(b, c)
		}
	}
	return append(append(b, s[start:]...), '"')
}

// anyBytes reads a string that is not UTF-8.
func (r *reader) anyBytes() (string, error) {
	if err := r.word(`{"bytes":"`); err != nil {
		return "", err
	}
	end := r.pos
	for end < len(r.src) && r.src[end] != '"' {
		end++
	}
	s, err := base64.StdEncoding.Strict().DecodeString(string(r.src[r.pos:end]))
	if err != nil {
		return "", r.errorf("want base 64: %w", err)
	}
	r.pos = end
	return string(s), r.word(`"}`)
}
