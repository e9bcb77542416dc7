package text

import (
	"strconv"
	"strings"

	"flowc.dev/flowc/ir"
)

// keywords are the words that names cannot be: those that begin an element or
// an operand. Words that only follow something are none.
var keywords = keywordSet()

func keywordSet() map[string]bool {
	set := map[string]bool{hookWord: true, "if": true, "else": true, "and": true, "or": true, "not": true,
		"true": true, "false": true, "null": true, "nan": true, "inf": true, "const": true, "slice": true}
	for _, s := range ir.Schemas() {
		if s.Class == ir.Statement {
			set[s.Op] = true
		}
	}
	for _, d := range ir.DTypes {
		set[d.String()] = true
	}
	return set
}

const hookWord = "hook"

// isPlain reports whether a name is spelled as it is: a path of words whose
// first is no keyword, or % and a word or digits.
func isPlain(name string, pattern bool) bool {
	if local, ok := strings.CutPrefix(name, "%"); ok {
		return ir.IsName(local) || isDigits(local)
	}
	first, rest, dotted := strings.Cut(name, ".")
	if pattern {
		first = strings.TrimPrefix(first, "$")
		if isDigits(first) {
			return !dotted
		}
	}
	if !ir.IsName(first) || keywords[first] {
		return false
	}
	for dotted {
		var segment string
		segment, rest, dotted = strings.Cut(rest, ".")
		if pattern {
			segment = strings.TrimPrefix(segment, "$")
		}
		if !ir.IsName(segment) {
			return false
		}
	}
	return true
}

// isDigits reports whether s is a number without a leading zero.
func isDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == "" && (s[0] != '0' || s == "0")
}

// quoteName returns the spelling of any name.
func quoteName(name string) string {
	if isPlain(name, false) {
		return name
	}
	return backquote(name)
}

func backquote(name string) string {
	s := strconv.Quote(name)
	s = strings.ReplaceAll(s[1:len(s)-1], `\"`, `"`)
	return "`" + strings.ReplaceAll(s, "`", `\x60`) + "`"
}

// quoteKey returns the spelling of a name that a colon or an equals sign
// follows, where keywords do no harm.
func quoteKey(name string) string {
	if ir.IsName(name) {
		return name
	}
	return backquote(name)
}
