package snapshot

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash/crc32"
	"io"

	"flowc.dev/flowc/frontend/json"
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ir/state"
)

// Decode reads a snapshot from a file of size bytes. Its values are frozen.
// What does not come from [Encode] is an error, even if all it differs in is
// its form. That the ops of its program exist, and that its objects can be
// restored, is checked when it is compiled and resumed.
func Decode(r io.ReaderAt, size int64) (*state.Snapshot, error) { return decode(r, size, 0) }

func decode(r io.ReaderAt, size int64, depth int) (*state.Snapshot, error) {
	if depth > maxChildren {
		return nil, fmt.Errorf("children of children nest deeper than %d", maxChildren)
	}
	f, err := openFile(r, size)
	if err != nil {
		return nil, err
	}
	s := &state.Snapshot{Family: f.manifest.family, Seed: f.manifest.seed, Edits: f.manifest.edits}
	if s.Program, err = f.program(); err != nil {
		return nil, err
	}
	if err := f.run(&s.Run); err != nil {
		return nil, err
	}
	for i := range s.Run.Children {
		for j := range s.Run.Children[i].Copies {
			copied, err := f.child(childName(i, j), depth)
			if err != nil {
				return nil, err
			}
			s.Run.Children[i].Copies[j] = *copied
		}
	}
	if err := f.end(s); err != nil {
		return nil, err
	}
	return s, Check(s)
}

// A file is a snapshot that is being read, member by member.
type file struct {
	r        io.ReaderAt
	manifest *manifest
	text     []byte // of the manifest
	digest   string
	sections []section // after the manifest
	next     int
}

// openFile reads the manifest and the places of the members.
func openFile(r io.ReaderAt, size int64) (*file, error) {
	first, ok, err := readSection(r, 0, size)
	if !ok || err != nil || first.name != manifestName {
		if err == nil || errors.Is(err, errCut) && size > 0 && size < localSize {
			err = errors.New("this is no flowc snapshot")
		}
		return nil, err
	}
	f := &file{r: r}
	if f.text, err = first.read(r); err != nil {
		return nil, err
	}
	if f.manifest, err = readManifest(f.text); err != nil {
		return nil, err
	}
	sections := []section{first}
	offset := first.start() + first.size
	for {
		s, ok, err := readSection(r, offset, size)
		if err != nil {
			return nil, err
		}
		if !ok {
			break
		}
		sections = append(sections, s)
		offset = s.start() + s.size
	}
	if err := checkDirectory(r, sections, offset, size); err != nil {
		return nil, err
	}
	f.sections = sections[1:]
	if len(f.sections) != len(f.manifest.members) {
		return nil, fmt.Errorf("it has %d members, its manifest %d", len(f.sections), len(f.manifest.members))
	}
	return f, nil
}

// optional reports whether the next member has a name.
func (f *file) optional(name string) bool {
	return f.next < len(f.sections) && f.sections[f.next].name == name
}

// open returns the next member, which must have a name, and its SHA-256.
func (f *file) open(name string) (*section, string, error) {
	if !f.optional(name) {
		return nil, "", fmt.Errorf("%s is missing, or not in its place", name)
	}
	s, m := &f.sections[f.next], &f.manifest.members[f.next]
	f.next++
	if m.name != name || m.size != s.size {
		return nil, "", fmt.Errorf("%s is not what the manifest says", name)
	}
	return s, m.sha256, nil
}

// read returns what the next member holds.
func (f *file) read(name string) ([]byte, error) {
	s, want, err := f.open(name)
	if err != nil {
		return nil, err
	}
	text, err := s.read(f.r)
	if err == nil && hashHex(sha256.Sum256(text)) != want {
		err = s.damaged()
	}
	return text, err
}

func (f *file) program() (*ir.Program, error) {
	text, err := f.read(programName)
	if err != nil {
		return nil, err
	}
	p, err := parseProgram(text)
	if err != nil {
		return nil, err
	}
	if f.digest = ir.Digest(p); f.digest != f.manifest.digest {
		return nil, fmt.Errorf("%s has the digest %s, the manifest says %.80q", programName, f.digest, f.manifest.digest)
	}
	p.File = ""
	if !f.optional(positionsName) {
		for _, pos := range places(p) {
			*pos = ir.Pos{}
		}
		return p, nil
	}
	if text, err = f.read(positionsName); err != nil {
		return nil, err
	}
	ps := new(positions)
	if err = readArchive(text, ps.fields); err == nil {
		err = ps.restore(p)
	}
	if again := positionsOf(p); err == nil && (again == nil || !bytes.Equal(again.append(), text)) {
		err = errForm
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", positionsName, err)
	}
	return p, nil
}

func parseProgram(text []byte) (*ir.Program, error) { return json.Parse(text, programName) }

var errForm = errors.New("it is not in the form that flowc writes")

// run reads state.json and the tensors that it refers to.
func (f *file) run(r *state.Run) error {
	text, err := f.read(stateName)
	if err != nil {
		return err
	}
	s, want, err := f.open(tensorsName)
	if err != nil {
		return err
	}
	crc, sha := crc32.NewIEEE(), sha256.New()
	body := io.TeeReader(io.NewSectionReader(f.r, s.start(), s.size), io.MultiWriter(crc, sha))
	table := newValueTable()
	var header []byte
	if table.tensors, header, err = readTensors(body, s.size); err != nil {
		return fmt.Errorf("%s: %w", tensorsName, err)
	}
	if crc.Sum32() != s.crc || hashHex([sha256.Size]byte(sha.Sum(nil))) != want {
		return s.damaged()
	}
	a := &archive{mode: reading, values: table, in: &reader{src: text}, copies: len(f.sections) - f.next}
	if a.document(r); a.err == nil {
		a.err = a.in.end()
	}
	if a.err != nil {
		return fmt.Errorf("%s: %w", stateName, a.err)
	}
	return compareRun(r, text, header)
}

// compareRun reports a state that would be written in another form. It freezes
// the values.
func compareRun(r *state.Run, text, header []byte) error {
	wantText, wantHeader, tensors, err := encodeRun(r)
	if err == nil && !bytes.Equal(text, wantText) {
		err = errForm
	}
	if err != nil {
		return fmt.Errorf("%s: %w", stateName, err)
	}
	if !bytes.Equal(header, wantHeader) {
		return fmt.Errorf("%s: %w", tensorsName, errForm)
	}
	for _, t := range tensors {
		t.Freeze()
	}
	return nil
}

func (f *file) child(name string, depth int) (*state.Snapshot, error) {
	s, want, err := f.open(name)
	if err != nil {
		return nil, err
	}
	if err := f.hash(s, want); err != nil {
		return nil, err
	}
	child, err := decode(io.NewSectionReader(f.r, s.start(), s.size), s.size, depth+1)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return child, nil
}

// end checks that nothing is left and that the manifest fits what was read.
func (f *file) end(s *state.Snapshot) error {
	if f.next < len(f.sections) {
		return fmt.Errorf("it has the unknown member %.100q", f.sections[f.next].name)
	}
	if !bytes.Equal(f.text, newManifest(s, f.digest, f.manifest.members).append()) {
		return fmt.Errorf("%s: %w", manifestName, errForm)
	}
	return nil
}
