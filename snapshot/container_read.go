package snapshot

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
)

var errCut = errors.New("the file ends too early: it was cut short")

// readAt fills b from an offset.
func readAt(r io.ReaderAt, b []byte, offset int64) error {
	_, err := io.ReadFull(io.NewSectionReader(r, offset, int64(len(b))), b)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errCut
	}
	return err
}

// readSection reads the local header at an offset of a file of some size; ok is
// false if what stands there is none.
func readSection(r io.ReaderAt, offset, size int64) (s section, ok bool, err error) {
	le := binary.LittleEndian
	var fixed [localSize]byte
	if err := readAt(r, fixed[:4], offset); err != nil || le.Uint32(fixed[:]) != localSignature {
		return s, false, err
	}
	if err := readAt(r, fixed[:], offset); err != nil {
		return s, false, err
	}
	damaged := fmt.Errorf("the header of the member at byte %d is damaged", offset)
	s = section{offset: offset, crc: le.Uint32(fixed[14:]), size: int64(le.Uint32(fixed[22:]))}
	names, extra := int(le.Uint16(fixed[26:])), int(le.Uint16(fixed[28:]))
	if names > maxName || extra > wideSize {
		return s, false, damaged
	}
	header := make([]byte, localSize+names+extra)
	if err := readAt(r, header, offset); err != nil {
		return s, false, err
	}
	s.name = string(header[localSize : localSize+names])
	if s.size == max32 && extra == wideSize {
		s.size = int64(le.Uint64(header[localSize+names+4:]))
	}
	if s.size < 0 || !bytes.Equal(header, s.localHeader()) {
		return s, false, damaged
	}
	if s.size > size-s.start() {
		return s, false, errCut
	}
	return s, true, nil
}

// checkDirectory reports what stands behind the sections, which end at start,
// if it is anything but their directory.
func checkDirectory(r io.ReaderAt, sections []section, start, size int64) error {
	want := directory(sections, start)
	rest := size - start
	got := make([]byte, min(rest, int64(len(want))))
	if err := readAt(r, got, start); err != nil {
		return err
	}
	switch {
	case !bytes.Equal(got, want[:len(got)]):
		return errors.New("the directory at the file's end is damaged")
	case rest < int64(len(want)):
		return errCut
	case rest > int64(len(want)):
		return fmt.Errorf("%d bytes follow the end of the snapshot", rest-int64(len(want)))
	}
	return nil
}

// read returns what the section holds.
func (s *section) read(r io.ReaderAt) ([]byte, error) {
	b := make([]byte, s.size)
	if err := readAt(r, b, s.start()); err != nil {
		return nil, fmt.Errorf("%s: %w", s.name, err)
	}
	if crc32.ChecksumIEEE(b) != s.crc {
		return nil, s.damaged()
	}
	return b, nil
}

func (s *section) damaged() error { return fmt.Errorf("%s is damaged: its checksum is wrong", s.name) }
