package snapshot

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ir/state"
)

// Version is the version of the file format.
const Version = 1

// The names of members.
const (
	manifestName  = "manifest.json"
	programName   = "program.json"
	positionsName = "positions.json"
	stateName     = "state.json"
	tensorsName   = "tensors.safetensors"
)

// A manifest is what manifest.json says.
type manifest struct {
	version, language int64
	digest            string
	family            string
	seed              uint64
	steps             int64
	edits             []state.Edit
	members           []sum
}

// A sum identifies the contents of a member.
type sum struct {
	name   string
	size   int64
	sha256 string
}

func newManifest(s *state.Snapshot, digest string, members []sum) *manifest {
	return &manifest{version: Version, language: ir.Version, digest: digest, family: s.Family, seed: s.Seed,
		steps: s.Run.Steps, edits: s.Edits, members: members}
}

// fields goes through the manifest; a reader stops behind a version that it
// does not know.
func (m *manifest) fields(a *archive) {
	a.object(func() {
		a.integer("flowsnap", &m.version)
		if a.mode == reading && a.err == nil && m.version != Version {
			a.fail(fmt.Errorf("it has format version %d: this flowc reads version %d", m.version, Version))
			return
		}
		a.integer("flowc", &m.language)
		if a.mode == reading && a.err == nil && m.language != ir.Version {
			a.fail(fmt.Errorf("its program has format version %d: this flowc reads version %d", m.language, ir.Version))
			return
		}
		text(a, "program", &m.digest)
		text(a, "family", &m.family)
		a.unsigned("seed", &m.seed)
		a.integer("steps", &m.steps)
		list(a, "edits", &m.edits, func(e *state.Edit) {
			a.integer("step", &e.Step)
			text(a, "what", &e.What)
			text(a, "before", &e.Before)
		})
		list(a, "members", &m.members, func(s *sum) {
			text(a, "name", &s.name)
			a.integer("size", &s.size)
			text(a, "sha256", &s.sha256)
		})
	})
}

func (m *manifest) append() []byte {
	a := &archive{mode: writing}
	m.fields(a)
	return a.out
}

func readManifest(src []byte) (*manifest, error) {
	m := new(manifest)
	if err := readArchive(src, m.fields); err != nil {
		return nil, fmt.Errorf("%s: %w", manifestName, err)
	}
	return m, nil
}

// readArchive reads a document without values.
func readArchive(src []byte, fields func(*archive)) error {
	a := &archive{mode: reading, in: &reader{src: src}}
	if fields(a); a.err != nil {
		return a.err
	}
	return a.in.end()
}

func hashHex(sum [sha256.Size]byte) string { return hex.EncodeToString(sum[:]) }
