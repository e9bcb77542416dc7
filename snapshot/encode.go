package snapshot

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"hash/crc32"
	"io"

	"flowc.dev/flowc/frontend/json"
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ir/state"
)

// maxChildren bounds the nesting of children in children.
const maxChildren = 100

// Encode writes a snapshot file. It fails before it writes anything if s is not
// what a machine gives, see [Check], or has a part that no file can hold:
// lists nested more than 10,000 deep, names in the program that are not UTF-8.
func Encode(w io.Writer, s *state.Snapshot) error {
	parts, err := new(encoder).file(s, 0)
	if err != nil {
		return err
	}
	return writeParts(w, parts)
}

// A part is a run of a file's bytes: a text, or the elements of a tensor.
type part struct {
	text   []byte
	tensor *ir.Tensor
}

func (p *part) size() int64 {
	if p.tensor != nil {
		return int64(tensorSize(p.tensor))
	}
	return int64(len(p.text))
}

func writeParts(w io.Writer, parts []part) error {
	for i := range parts {
		var err error
		if t := parts[i].tensor; t != nil {
			err = t.WriteLittleEndian(w)
		} else {
			_, err = w.Write(parts[i].text)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// A member is a section with what it holds.
type member struct {
	section
	sha256 string
	parts  []part
}

// hash sets what is known of a member from its parts.
func newMember(name string, parts ...part) member {
	m := member{section: section{name: name}, parts: parts}
	for i := range parts {
		m.size += parts[i].size()
	}
	crc, sha := crc32.NewIEEE(), sha256.New()
	writeParts(io.MultiWriter(crc, sha), parts) // hashes do not fail
	m.crc = crc.Sum32()
	m.sha256 = hashHex([sha256.Size]byte(sha.Sum(nil)))
	return m
}

// An encoder lays out files. It keeps the text of the last program, because
// the snapshots of a run have the same one.
type encoder struct {
	program *ir.Program
	digest  string
	text    []member // of the program and its positions
}

// file returns the parts of a snapshot file.
func (e *encoder) file(s *state.Snapshot, depth int) ([]part, error) {
	if depth > maxChildren {
		return nil, fmt.Errorf("children of children nest deeper than %d", maxChildren)
	}
	if err := Check(s); err != nil {
		return nil, err
	}
	if err := e.setProgram(s.Program); err != nil {
		return nil, err
	}
	digest, members := e.digest, append([]member{}, e.text...)
	text, header, tensors, err := encodeRun(&s.Run)
	if err != nil {
		return nil, err
	}
	data := []part{{text: header}}
	for _, t := range tensors {
		data = append(data, part{tensor: t})
	}
	members = append(members, newMember(stateName, part{text: text}), newMember(tensorsName, data...))
	for i := range s.Run.Children {
		for j := range s.Run.Children[i].Copies {
			copied, err := new(encoder).file(&s.Run.Children[i].Copies[j], depth+1)
			if err != nil {
				return nil, fmt.Errorf("child %d: %w", s.Run.Children[i].Handle, err)
			}
			members = append(members, newMember(childName(i, j), copied...))
		}
	}
	sums := make([]sum, len(members))
	for i := range members {
		sums[i] = sum{members[i].name, members[i].size, members[i].sha256}
	}
	first := newMember(manifestName, part{text: newManifest(s, digest, sums).append()})
	return assemble(append([]member{first}, members...)), nil
}

func childName(child, copied int) string {
	return fmt.Sprintf("children/%d/%d.flowsnap", child, copied)
}

// assemble puts members together with what makes an archive of them.
func assemble(members []member) []part {
	var parts []part
	sections := make([]section, len(members))
	offset := int64(0)
	for i := range members {
		m := &members[i]
		m.offset = offset
		sections[i] = m.section
		parts = append(append(parts, part{text: m.localHeader()}), m.parts...)
		offset = m.start() + m.size
	}
	return append(parts, part{text: directory(sections, offset)})
}

func (e *encoder) setProgram(p *ir.Program) error {
	if p == e.program {
		return nil
	}
	text, err := json.PrintOptions{IDs: true}.Print(p)
	if err != nil {
		return err
	}
	digest := ir.Digest(p)
	// A program made by hand may hold what the form does not say. That must
	// show now, not when the run is to go on.
	if again, err := parseProgram(text); err != nil {
		return fmt.Errorf("the program could not be read again: %w", err)
	} else if ir.Digest(again) != digest {
		return errors.New("the program would not be read again as it is: its JSON form says less than its nodes do, such as weak numbers as attributes")
	}
	e.program, e.digest = p, digest
	e.text = []member{newMember(programName, part{text: text})}
	if ps := positionsOf(p); ps != nil {
		e.text = append(e.text, newMember(positionsName, part{text: ps.append()}))
	}
	return nil
}

// encodeRun returns state.json, the part of tensors.safetensors in front of
// the elements, and the tensors in order.
func encodeRun(r *state.Run) (text, header []byte, tensors []*ir.Tensor, err error) {
	table := newValueTable()
	a := &archive{mode: collecting, values: table}
	if a.run(r); a.err != nil {
		return nil, nil, nil, a.err
	}
	a = &archive{mode: writing, values: table}
	a.document(r)
	names := table.sortedTensors()
	for _, name := range names {
		tensors = append(tensors, table.tensors[name])
	}
	return a.out, tensorHeader(table, names), tensors, nil
}
