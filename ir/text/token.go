package text

import "flowc.dev/flowc/ir"

// kind is the kind of a token.
type kind uint8

const (
	endOfFile kind = iota
	lineEnd        // a line break or semicolon
	word           // a name or keyword; in patterns also $name
	quoted         // a name in backquotes
	number
	text
	symbol
	bad // the value says what is wrong
)

// A token is a piece of the source.
type token struct {
	kind  kind
	text  string // as in the source
	value string // of a quoted name or text: what it stands for
	start int
	line  int32
	// lineStart is the offset of the token's line.
	lineStart int
}

func (t *token) pos() ir.Pos { return ir.Pos{Line: t.line, Column: int32(t.start-t.lineStart) + 1} }

func (t *token) end() int { return t.start + len(t.text) }

// is reports whether t is the symbol or word s.
func (t *token) is(s string) bool { return (t.kind == symbol || t.kind == word) && t.text == s }

// describe returns what the token is, for messages.
func (t *token) describe() string {
	switch t.kind {
	case endOfFile:
		return "the end of the file"
	case lineEnd:
		if t.text == ";" {
			return "a semicolon"
		}
		return "the end of the line"
	case text:
		return "the string " + shorten(t.text)
	case word:
		if keywords[t.text] {
			return "the keyword " + t.text
		}
	}
	return shorten(t.text)
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
