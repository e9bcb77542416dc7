package process

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"flowc.dev/flowc/backend"
	"flowc.dev/flowc/ir/state"
	"flowc.dev/flowc/snapshot"
)

// The conversation between a process and that of a fragment: the parent sends
// the state to start from and then, any number of times, asks for the present
// one. The child greets, answers, and ends with its last state or an error. When
// the parent's side closes, the child ends.
const (
	greeting = "flowc fragment 1\n"

	frameStart   = 'r' // parent: run this
	frameAsk     = 'a' // parent: what is your state?
	frameState   = 's' // child: the state asked for
	frameEnd     = 'e' // child: the state at the end
	frameFailure = 'x' // child: why it has failed
)

// maxFrame bounds the bytes of a frame.
const maxFrame = 1 << 36

// writeFrame writes a kind, the length as 8 bytes, little-endian, and the bytes.
func writeFrame(w io.Writer, kind byte, payload []byte) error {
	head := binary.LittleEndian.AppendUint64([]byte{kind}, uint64(len(payload)))
	if _, err := w.Write(head); err != nil {
		return err
	}
	_, err := w.Write(payload)
	return err
}

// readFrame reads a frame. Its memory grows with what has come, whatever length
// the frame claims to have.
func readFrame(r *bufio.Reader) (kind byte, payload []byte, err error) {
	var head [9]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return 0, nil, err
	}
	length := binary.LittleEndian.Uint64(head[1:])
	if length > maxFrame {
		return 0, nil, fmt.Errorf("a message of %d bytes: the limit is %d", length, int64(maxFrame))
	}
	var b bytes.Buffer
	if length < 1<<20 {
		b.Grow(int(length))
	}
	if _, err := io.CopyN(&b, r, int64(length)); err != nil {
		return 0, nil, err
	}
	return head[0], b.Bytes(), nil
}

// encodeSnapshot returns the bytes of a snapshot file.
func encodeSnapshot(s *state.Snapshot) ([]byte, error) {
	var b bytes.Buffer
	err := snapshot.Encode(&b, s)
	return b.Bytes(), err
}

func decodeSnapshot(b []byte) (*state.Snapshot, error) {
	return snapshot.Decode(bytes.NewReader(b), int64(len(b)))
}

// encodeState returns the number of printed lines, each line with its length,
// and the snapshot.
func encodeState(s backend.FragmentState) ([]byte, error) {
	var b bytes.Buffer
	b.Write(binary.AppendUvarint(nil, uint64(len(s.Printed))))
	for _, line := range s.Printed {
		b.Write(binary.AppendUvarint(nil, uint64(len(line))))
		b.WriteString(line)
	}
	err := snapshot.Encode(&b, s.Snapshot)
	return b.Bytes(), err
}

var errLines = errors.New("the printed lines of a fragment are damaged")

func decodeState(b []byte) (backend.FragmentState, error) {
	var s backend.FragmentState
	number := func() uint64 {
		x, n := binary.Uvarint(b)
		if n <= 0 {
			return maxFrame
		}
		b = b[n:]
		return x
	}
	for count := number(); count > 0; count-- {
		length := number()
		if length > uint64(len(b)) {
			return s, errLines
		}
		s.Printed = append(s.Printed, string(b[:length]))
		b = b[length:]
	}
	var err error
	s.Snapshot, err = decodeSnapshot(b)
	return s, err
}
