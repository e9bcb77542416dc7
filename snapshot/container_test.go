package snapshot

import (
	"archive/zip"
	"io"
	"strconv"
	"testing"
)

// A sparse is a file of zeros with some other bytes.
type sparse struct {
	size  int64
	texts map[int64][]byte
}

func (s *sparse) put(offset int64, text []byte) {
	s.texts[offset] = text
	s.size = offset + int64(len(text))
}

func (s *sparse) ReadAt(b []byte, offset int64) (int, error) {
	n := int(max(0, min(int64(len(b)), s.size-offset)))
	clear(b[:n])
	for at, text := range s.texts {
		if from, to := max(at, offset), min(at+int64(len(text)), offset+int64(n)); from < to {
			copy(b[from-offset:to-offset], text[from-at:])
		}
	}
	if n < len(b) {
		return n, io.EOF
	}
	return n, nil
}

// Archives beyond the limits of the first ZIP, with members of zeros: in
// number, in size, and in the place of a small member.
func TestLargeArchives(t *testing.T) {
	many := make([]int64, 70_000)
	for name, sizes := range map[string][]int64{
		"small":           {3, 0, 5},
		"large member":    {10, max32 - 1, max32, 5 << 30, 7},
		"far member":      {3 << 30, 3 << 30, 20},
		"many members":    many,
		"far small ones":  {max32 - 200, 1, 1, 1, 1, 1, 1, 1, 1},
		"directory there": {max32 - localSize - 1},
	} {
		t.Run(name, func(t *testing.T) {
			file := &sparse{texts: map[int64][]byte{}}
			var sections []section
			offset := int64(0)
			for i, size := range sizes {
				s := section{name: "member" + strconv.Itoa(i), offset: offset, size: size, crc: uint32(i)}
				if i < 100 { // the others are not looked at
					file.put(offset, s.localHeader())
				}
				offset = s.start() + size
				sections = append(sections, s)
			}
			file.put(offset, directory(sections, offset))
			if err := checkDirectory(file, sections, offset, file.size); err != nil {
				t.Error(err)
			}
			archive, err := zip.NewReader(file, file.size)
			if err != nil {
				t.Fatal(err)
			}
			if len(archive.File) != len(sizes) {
				t.Fatalf("another reader finds %d members, want %d", len(archive.File), len(sizes))
			}
			for i, f := range archive.File[:min(100, len(sizes))] {
				s, ok, err := readSection(file, sections[i].offset, file.size)
				if !ok || err != nil || s != sections[i] {
					t.Errorf("member %d reads back as %+v, %v; want %+v", i, s, err, sections[i])
				}
				start, err := f.DataOffset()
				if err != nil || start != s.start() || f.UncompressedSize64 != uint64(s.size) || f.Name != s.name || f.CRC32 != s.crc {
					t.Errorf("another reader finds %+v at %d, %v; want %+v at %d", f.FileHeader, start, err, s, s.start())
				}
			}
		})
	}
}
