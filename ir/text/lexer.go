package text

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A lexer cuts a source into tokens. It can be copied to look ahead.
type lexer struct {
	src       string
	at        int
	line      int32
	lineStart int
	pattern   bool
	// comment takes the text of each comment; nil while looking ahead.
	comment func(string)
}

const byteOrderMark = "\uFEFF"

func newLexer(src string) lexer {
	l := lexer{src: src, line: 1}
	if strings.HasPrefix(src, byteOrderMark) {
		l.at = len(byteOrderMark)
	}
	return l
}

// next returns the next token.
func (l *lexer) next() token {
	l.space()
	t := token{start: l.at, line: l.line, lineStart: l.lineStart}
	if l.at == len(l.src) {
		return t
	}
	switch c := l.src[l.at]; {
	case c == '\n':
		l.at++
		l.line++
		l.lineStart = l.at
		t.kind = lineEnd
	case c == ';':
		l.at++
		t.kind = lineEnd
	case isLetter(c) || c == '$' && l.pattern:
		l.at++
		l.skip(isWord)
		t.kind = word
	case isDigit(c):
		l.number(&t)
	case c == '"':
		l.quotedText(&t, '"')
	case c == '`':
		l.quotedText(&t, '`')
	default:
		l.symbol(&t)
	}
	t.text = l.src[t.start:l.at]
	return t
}

// space passes over blanks and comments.
func (l *lexer) space() {
	for l.at < len(l.src) {
		switch c := l.src[l.at]; {
		case c == ' ' || c == '\t' || c == '\r' && strings.HasPrefix(l.src[l.at:], "\r\n"):
			l.at++
		case c == '#':
			end := len(l.src)
			if i := strings.IndexByte(l.src[l.at:], '\n'); i >= 0 {
				end = l.at + i
			}
			if l.comment != nil {
				l.comment(commentText(l.src[l.at+1 : end]))
			}
			l.at = end
		default:
			return
		}
	}
}

// commentText returns what a comment says, given what follows the #.
func commentText(s string) string { return strings.TrimPrefix(strings.TrimSuffix(s, "\r"), " ") }

func (l *lexer) skip(in func(byte) bool) {
	for l.at < len(l.src) && in(l.src[l.at]) {
		l.at++
	}
}

func isLetter(c byte) bool { return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }
func isDigit(c byte) bool  { return c >= '0' && c <= '9' }
func isWord(c byte) bool   { return isLetter(c) || isDigit(c) }

// peek returns the byte i places ahead, 0 at the end.
func (l *lexer) peek(i int) byte {
	if l.at+i < len(l.src) {
		return l.src[l.at+i]
	}
	return 0
}

// number reads digits, a fraction and an exponent.
func (l *lexer) number(t *token) {
	t.kind = number
	l.skip(isDigit)
	if l.src[t.start] == '0' && l.at > t.start+1 {
		t.kind, t.value = bad, "found a number with a leading zero: want it without"
	}
	if l.peek(0) == '.' && isDigit(l.peek(1)) {
		l.at++
		l.skip(isDigit)
	}
	if c := l.peek(0); c == 'e' || c == 'E' {
		sign := 1
		if c := l.peek(1); c == '+' || c == '-' {
			sign = 2
		}
		if isDigit(l.peek(sign)) {
			l.at += sign
			l.skip(isDigit)
		}
	}
	if isLetter(l.peek(0)) {
		l.skip(isWord)
		t.kind, t.value = bad, fmt.Sprintf("found %s: want a number, or a name that does not start with a digit", shorten(l.src[t.start:l.at]))
	}
}

// quotedText reads a string or a name in backquotes.
func (l *lexer) quotedText(t *token, quote byte) {
	t.kind = text
	if quote == '`' {
		t.kind = quoted
	}
	escaped := false
	for l.at++; l.at < len(l.src) && l.src[l.at] != quote && l.src[l.at] != '\n'; l.at++ {
		if l.src[l.at] == '\\' && l.peek(1) != '\n' && l.peek(1) != 0 {
			l.at++
			escaped = true
		}
	}
	if l.peek(0) != quote {
		t.kind, t.value = bad, fmt.Sprintf("found no closing %c on the line; a line break is written \\n", quote)
		return
	}
	l.at++
	value, ok := unquote(l.src[t.start+1:l.at-1], quote, escaped)
	if t.value = value; !ok {
		t.kind, t.value = bad, "found a wrong escape or character in a string: want those of Go, such as \\n, \\\", \\\\ or \\u00e9"
	}
}

// unquote returns what the body of a quoted text stands for.
func unquote(s string, quote byte, escaped bool) (string, bool) {
	if !escaped {
		return s, true
	}
	if quote == '"' {
		value, err := strconv.Unquote(`"` + s + `"`)
		return value, err == nil
	}
	var b strings.Builder
	for s != "" {
		c, multibyte, rest, err := strconv.UnquoteChar(s, 0)
		if err != nil {
			return "", false
		}
		if c < utf8.RuneSelf || !multibyte {
			b.WriteByte(byte(c))
		} else {
			b.WriteRune(c)
		}
		s = rest
	}
	return b.String(), true
}

// symbols holds the operators and punctuation of more than one character.
var symbols = []string{"...", "->", "==", "!=", "<=", ">=", "**", "//"}

func (l *lexer) symbol(t *token) {
	t.kind = symbol
	for _, s := range symbols {
		if strings.HasPrefix(l.src[l.at:], s) {
			l.at += len(s)
			return
		}
	}
	c, size := utf8.DecodeRuneInString(l.src[l.at:])
	l.at += size
	switch {
	case c == '$':
		t.kind, t.value = bad, "found $: metavariables stand in patterns only"
	case !strings.ContainsRune("()[]{},:=<>+-*/%@!.", c):
		t.kind, t.value = bad, fmt.Sprintf("found the character %q, which has no meaning here", c)
	}
}
