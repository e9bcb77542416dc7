package snapshot

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"

	"flowc.dev/flowc/ir/state"
)

// A Source tells where a snapshot was loaded from.
type Source struct {
	// File is the file: the one that was asked for, or a previous one.
	File string
	// Refused is why files that come before it were not taken, nil if it is
	// the first.
	Refused error
}

// Load reads the snapshot at path. If it is damaged or missing, the newest
// previous one that is whole is taken instead; the source says so. The error is
// about all of them; it is an [fs.ErrNotExist] if there are none.
func Load(path string) (*state.Snapshot, Source, error) { return load(osFS{}, path) }

// maxPrevious bounds the previous files that are looked for.
const maxPrevious = 1000

func load(files fileSystem, path string) (*state.Snapshot, Source, error) {
	var refused []error
	for i := range maxPrevious {
		name := path
		if i > 0 {
			name = previousPath(path, i)
		}
		s, err := loadFile(files, name)
		if err == nil {
			return s, Source{File: name, Refused: errors.Join(refused...)}, nil
		}
		if isMissing(err) && i > 1 {
			break
		}
		if !isMissing(err) || i == 0 {
			refused = append(refused, err)
		}
	}
	return nil, Source{}, errors.Join(refused...)
}

func loadFile(files fileSystem, name string) (*state.Snapshot, error) {
	if err := files.check(name); err != nil {
		return nil, err
	}
	f, err := files.open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	size, err := f.size()
	if err != nil {
		return nil, err
	}
	s, err := Decode(f, size)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return s, nil
}

func isMissing(err error) bool { return errors.Is(err, fs.ErrNotExist) }

// verify reports damage of a file without taking it apart.
func verify(r io.ReaderAt, size int64) error {
	f, err := openFile(r, size)
	if err != nil {
		return err
	}
	for i := range f.sections {
		s := &f.sections[i]
		if err := f.hash(s, f.manifest.members[i].sha256); err != nil {
			return err
		}
	}
	return nil
}

// hash compares the checksums of a member.
func (f *file) hash(s *section, want string) error {
	crc, sha := crc32.NewIEEE(), sha256.New()
	if _, err := io.Copy(io.MultiWriter(crc, sha), io.NewSectionReader(f.r, s.start(), s.size)); err != nil {
		return err
	}
	if crc.Sum32() != s.crc || hashHex([sha256.Size]byte(sha.Sum(nil))) != want {
		return s.damaged()
	}
	return nil
}
