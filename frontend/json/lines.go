package json

import (
	"bytes"

	"flowc.dev/flowc/ir"
)

// lineBlock is the distance between remembered positions. It bounds what one
// look-up scans, also in a document that is a single line.
const lineBlock = 512

// lines turns byte offsets into positions. Columns count bytes, as Go's do.
type lines struct {
	src    []byte
	blocks []lineStart // state at the start of each block
}

// lineStart is a line's number, from 0, and the offset where it starts.
type lineStart struct{ line, offset int32 }

func newLines(src []byte) lines {
	l := lines{src: src, blocks: make([]lineStart, 0, len(src)/lineBlock+1)}
	var at lineStart
	for offset := 0; offset <= len(src); offset += lineBlock {
		l.blocks = append(l.blocks, at)
		at = l.advance(at, offset, min(offset+lineBlock, len(src)))
	}
	return l
}

// advance returns the state at offset to, given the one at offset from.
func (l lines) advance(at lineStart, from, to int) lineStart {
	chunk := l.src[from:to]
	if n := bytes.Count(chunk, []byte{'\n'}); n > 0 {
		at.line += int32(n)
		at.offset = int32(from + bytes.LastIndexByte(chunk, '\n') + 1)
	}
	return at
}

// pos returns the position of a byte offset.
func (l lines) pos(offset int) ir.Pos {
	block := offset / lineBlock
	at := l.advance(l.blocks[block], block*lineBlock, offset)
	return ir.Pos{Line: at.line + 1, Column: int32(offset) - at.offset + 1}
}
