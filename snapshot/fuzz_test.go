package snapshot

import (
	"bytes"
	"testing"
)

// FuzzSnapshot reads files of any bytes. What can be read is written as the
// same bytes.
func FuzzSnapshot(f *testing.F) {
	f.Add(encoded(f, sample(f)))
	f.Add(small(f))
	f.Add(rebuild(textMember(programName, emptyProgram), textMember(stateName, doneState), noTensors))
	f.Fuzz(func(t *testing.T, file []byte) {
		if s, err := decoded(file); err == nil && !bytes.Equal(encoded(t, s), file) {
			// The layout of the program's text is its printer's matter.
			again, err := decoded(encoded(t, s))
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(encoded(t, again), encoded(t, s)) {
				t.Error("what was read is not written as what it was")
			}
		}
	})
}

// FuzzMembers reads files whose checksums are right.
func FuzzMembers(f *testing.F) {
	f.Add(emptyProgram, doneState, noTensors.parts[0].text)
	for _, file := range [][]byte{encoded(f, sample(f)), small(f)} {
		opened, err := openFile(bytes.NewReader(file), int64(len(file)))
		if err != nil {
			f.Fatal(err)
		}
		members := map[string][]byte{}
		for _, s := range opened.sections {
			if members[s.name], err = s.read(bytes.NewReader(file)); err != nil {
				f.Fatal(err)
			}
		}
		f.Add(string(members[programName]), string(members[stateName]), members[tensorsName])
	}
	f.Fuzz(func(t *testing.T, program, run string, tensors []byte) {
		file := rebuild(textMember(programName, program), textMember(stateName, run), newMember(tensorsName, part{text: tensors}))
		s, err := decoded(file)
		if err != nil {
			return
		}
		again, err := decoded(encoded(t, s))
		if err != nil {
			t.Fatal(err)
		}
		if diff := difference(again, s); diff != "" {
			t.Error(diff)
		}
		text, header, _, err := encodeRun(&s.Run)
		if err != nil || string(text) != run || !bytes.HasPrefix(tensors, header) {
			t.Errorf("the state is written as %s, %v", text, err)
		}
	})
}
