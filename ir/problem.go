package ir

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// A Problem is one defect of a program: where it is, what is wrong and what was
// expected or helps.
type Problem struct {
	File    string
	Pos     Pos
	Pointer string // JSON pointer of the place
	Message string
}

// Error returns file:line:column: pointer: message.
func (p Problem) Error() string {
	var b strings.Builder
	if p.File != "" {
		b.WriteString(p.File)
		b.WriteByte(':')
	}
	if p.Pos.Known() {
		fmt.Fprintf(&b, "%s:", p.Pos)
	}
	if b.Len() > 0 {
		b.WriteByte(' ')
	}
	if p.Pointer != "" {
		b.WriteString(shortPointer(p.Pointer))
		b.WriteString(": ")
	}
	b.WriteString(p.Message)
	return b.String()
}

// shortPointer elides the middle of a long pointer: line and column tell the
// place already.
func shortPointer(pointer string) string {
	const edge = 60
	if len(pointer) <= 2*edge+5 {
		return pointer
	}
	return pointer[:edge] + "..." + pointer[len(pointer)-edge:]
}

// Problems is an error that reports all defects at once, in source order.
type Problems []Problem

// Error returns one problem per line.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.Error()
	}
	return strings.Join(lines, "\n")
}

// Err returns ps sorted by position, or nil if there are none.
func (ps Problems) Err() error {
	if len(ps) == 0 {
		return nil
	}
	slices.SortStableFunc(ps, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Pos.Line, b.Pos.Line), cmp.Compare(a.Pos.Column, b.Pos.Column))
	})
	return ps
}
