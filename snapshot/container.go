package snapshot

import (
	"encoding/binary"
	"math"
)

// The ZIP records that snapshots use; see PKWARE's APPNOTE.TXT 6.3.10, 4.3.
// Members are stored, and their sizes and checksums stand in front of them.
const (
	localSignature     = 0x04034b50
	directorySignature = 0x02014b50
	end64Signature     = 0x06064b50
	locator64Signature = 0x07064b50
	endSignature       = 0x06054b50

	localSize   = 30
	plain       = 20             // version that can read it
	large       = 45             // the same with sizes of 64 bits
	madeBy      = 3<<8 | large   // Unix
	permissions = 0o100644 << 16 // of unpacked files
	noDate      = 1<<5 | 1       // 1980-01-01
	max32       = math.MaxUint32 // marks a size that stands in the extra field
	max16       = math.MaxUint16 // the same of a count
	sizesTag    = 1              // of the extra field with sizes of 64 bits
	maxName     = 100
	wideSize    = 20 // of the extra field of a local header
)

// A section is a stored member.
type section struct {
	name   string
	offset int64 // of its local header
	size   int64
	crc    uint32
}

func (s *section) start() int64 { return s.offset + int64(len(s.localHeader())) }

func (s *section) version() uint16 {
	if s.size >= max32 || s.offset >= max32 {
		return large
	}
	return plain
}

// common appends what local header and directory entry share.
func (s *section) common(b []byte, version uint16, extra int) []byte {
	le := binary.LittleEndian
	b = le.AppendUint16(b, version)
	b = le.AppendUint32(b, 0) // no flags, stored
	b = le.AppendUint16(b, 0)
	b = le.AppendUint16(b, noDate)
	b = le.AppendUint32(b, s.crc)
	size := uint32(min(s.size, max32))
	b = le.AppendUint32(le.AppendUint32(b, size), size)
	b = le.AppendUint16(b, uint16(len(s.name)))
	return le.AppendUint16(b, uint16(extra))
}

func (s *section) localHeader() []byte {
	var extra []byte
	version := uint16(plain)
	if s.size >= max32 {
		extra, version = s.wideFields(false), large
	}
	b := binary.LittleEndian.AppendUint32(nil, localSignature)
	b = s.common(b, version, len(extra))
	return append(append(b, s.name...), extra...)
}

// wideFields returns the extra field with the sizes that do not fit 32 bits.
func (s *section) wideFields(offset bool) []byte {
	var wide []byte
	if s.size >= max32 {
		wide = binary.LittleEndian.AppendUint64(wide, uint64(s.size))
		wide = binary.LittleEndian.AppendUint64(wide, uint64(s.size))
	}
	if offset && s.offset >= max32 {
		wide = binary.LittleEndian.AppendUint64(wide, uint64(s.offset))
	}
	if wide == nil {
		return nil
	}
	b := binary.LittleEndian.AppendUint16(nil, sizesTag)
	b = binary.LittleEndian.AppendUint16(b, uint16(len(wide)))
	return append(b, wide...)
}

// directory returns what follows the last section, which ends at start.
func directory(sections []section, start int64) []byte {
	le := binary.LittleEndian
	var b []byte
	for i := range sections {
		s := &sections[i]
		extra := s.wideFields(true)
		b = le.AppendUint32(b, directorySignature)
		b = le.AppendUint16(b, madeBy)
		b = s.common(b, s.version(), len(extra))
		b = append(b, make([]byte, 6)...) // no comment, disk 0, no attributes
		b = le.AppendUint32(b, permissions)
		b = le.AppendUint32(b, uint32(min(s.offset, max32)))
		b = append(append(b, s.name...), extra...)
	}
	size, count := int64(len(b)), uint64(len(sections))
	if start >= max32 || size >= max32 || count >= max16 {
		end := uint64(start + size)
		b = le.AppendUint32(b, end64Signature)
		b = le.AppendUint64(b, 44)
		b = le.AppendUint16(le.AppendUint16(b, madeBy), large)
		b = le.AppendUint64(b, 0) // disk 0
		b = le.AppendUint64(le.AppendUint64(b, count), count)
		b = le.AppendUint64(le.AppendUint64(b, uint64(size)), uint64(start))
		b = le.AppendUint32(b, locator64Signature)
		b = le.AppendUint32(b, 0)
		b = le.AppendUint64(b, end)
		b = le.AppendUint32(b, 1)
	}
	b = le.AppendUint32(b, endSignature)
	b = le.AppendUint32(b, 0)
	short := uint16(min(count, max16))
	b = le.AppendUint16(le.AppendUint16(b, short), short)
	b = le.AppendUint32(b, uint32(min(size, max32)))
	b = le.AppendUint32(b, uint32(min(start, max32)))
	return le.AppendUint16(b, 0)
}
