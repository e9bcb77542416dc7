package cli

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The bounds of the words in messages: longer ones are cut.
const (
	maxWord = 500
	maxHead = 60 // what is left of a word that is cut
)

// shorten returns text with words that are cut where they are too long to read,
// as names may be that nobody has written by hand.
func shorten(text string) string {
	if len(text) <= maxWord {
		return text
	}
	var b strings.Builder
	for text != "" {
		end := strings.IndexFunc(text, unicode.IsSpace)
		if end < 0 {
			end = len(text)
		}
		if word := text[:end]; len(word) <= maxWord {
			b.WriteString(word)
		} else {
			head := maxHead
			for head > 0 && !utf8.RuneStart(word[head]) {
				head--
			}
			tail := len(strings.TrimRightFunc(word, unicode.IsPunct))
			if tail < len(word)-3 {
				tail = len(word)
			}
			fmt.Fprintf(&b, "%s...(%d bytes)%s", word[:head], len(word), word[tail:])
		}
		blanks := len(text) - len(strings.TrimLeftFunc(text[end:], unicode.IsSpace))
		b.WriteString(text[end:blanks])
		text = text[blanks:]
	}
	return b.String()
}
