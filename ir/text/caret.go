package text

import (
	"bytes"
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"

	"flowc.dev/flowc/ir"
)

// caretColumns bounds the part of a line that is shown.
const caretColumns = 120

// Caret returns the text of an error of the program whose source is given: each
// problem, and below it the line of the source with a caret under the place. JSON
// pointers are left out. Errors that are no problems are returned as they print.
func Caret(src []byte, err error) string {
	var problems ir.Problems
	var problem ir.Problem
	switch {
	case errors.As(err, &problems):
	case errors.As(err, &problem):
		problems = ir.Problems{problem}
	default:
		return err.Error()
	}
	lines := newLineFinder(src)
	shown := make([]string, len(problems))
	for i, problem := range problems {
		problem.Pointer = ""
		shown[i] = problem.Error() + lines.caret(problem.Pos)
	}
	return strings.Join(shown, "\n")
}

// Excerpt returns the line of a source that has a place, and a line with a caret
// under it, each after a line break; nothing for a place that is unknown.
func Excerpt(src []byte, pos ir.Pos) string { return newLineFinder(src).caret(pos) }

// A lineFinder finds lines by number, fast in increasing order.
type lineFinder struct {
	src    []byte
	line   int32
	offset int
}

func newLineFinder(src []byte) *lineFinder { return &lineFinder{src: src, line: 1} }

// find returns a line without its end, nil if there is none.
func (f *lineFinder) find(line int32) []byte {
	if line < f.line {
		f.line, f.offset = 1, 0
	}
	for ; f.line < line; f.line++ {
		i := bytes.IndexByte(f.src[f.offset:], '\n')
		if i < 0 {
			return nil
		}
		f.offset += i + 1
	}
	rest := f.src[f.offset:]
	if i := bytes.IndexByte(rest, '\n'); i >= 0 {
		rest = rest[:i]
	}
	return bytes.TrimSuffix(rest, []byte{'\r'})
}

// caret is [Excerpt].
func (f *lineFinder) caret(pos ir.Pos) string {
	if !pos.Known() {
		return ""
	}
	line := f.find(pos.Line)
	column := int(pos.Column) - 1
	if len(line) == 0 || column < 0 || column > len(line) {
		return ""
	}
	before, after := line[:column], line[column:]
	prefix := ""
	if len(before) > caretColumns*2/3 {
		before, prefix = before[len(before)-caretColumns/2:], "..."
		for len(before) > 0 && !utf8.RuneStart(before[0]) {
			before = before[1:]
		}
	}
	suffix := ""
	if room := caretColumns - len(before); len(after) > room {
		for room > 0 && !utf8.RuneStart(after[room]) {
			room--
		}
		after, suffix = after[:room], "..."
	}
	var b strings.Builder
	b.WriteString("\n    " + prefix + shown(before) + shown(after) + suffix + "\n    " + strings.Repeat(" ", len(prefix)))
	for _, c := range string(before) {
		switch {
		case c == '\t':
			b.WriteRune(c)
		case unicode.In(c, unicode.Mn, unicode.Me):
		case unicode.In(c, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul):
			b.WriteString("  ")
		default:
			b.WriteByte(' ')
		}
	}
	b.WriteByte('^')
	return b.String()
}

// shown returns text without what controls a terminal.
func shown(text []byte) string {
	return strings.Map(func(c rune) rune {
		if c != '\t' && !unicode.IsPrint(c) {
			return unicode.ReplacementChar
		}
		return c
	}, string(text))
}
