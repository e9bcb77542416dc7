package snapshot

import (
	"bytes"
	"encoding/binary"
	"runtime"
	"strings"
	"testing"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ir/state"
)

// small returns the bytes of a small snapshot that has every member.
func small(t testing.TB) []byte {
	p := sampleProgram(t)
	p.Functions, p.Objects = nil, nil
	p.Body = p.Body[1:]
	s := &state.Snapshot{Program: p, Family: "step", Run: state.Run{
		Registers:  map[string]ir.Value{"W": ir.TensorValue(ir.MustTensor([]float32{1, 2}, 2))},
		Main:       state.Strand{Next: state.Leaf, Frames: []state.Frame{{At: p.Body[0].ID}}},
		NextHandle: 1,
		Children: []state.Child{{Node: p.Body[0].ID, Copies: []state.Snapshot{
			{Program: smallProgram(t), Family: "step", Run: state.Run{Main: state.Strand{Next: state.Done}}}}}},
	}}
	return encoded(t, s)
}

func TestEveryTruncationIsRefused(t *testing.T) {
	file := small(t)
	for n := range file {
		if _, err := decoded(file[:n]); err == nil {
			t.Errorf("the first %d of %d bytes are accepted", n, len(file))
		} else if n > 300 && !strings.Contains(err.Error(), "cut short") {
			t.Errorf("the first %d of %d bytes give the error %q", n, len(file), err)
		}
	}
}

func TestEveryFlippedBitIsRefused(t *testing.T) {
	file := small(t)
	for i := range file {
		for bit := range 8 {
			file[i] ^= 1 << bit
			if _, err := decoded(file); err == nil {
				t.Errorf("bit %d of byte %d may be flipped", bit, i)
			}
			if bit == 0 && verify(bytes.NewReader(file), int64(len(file))) == nil {
				t.Errorf("verify does not see that bit %d of byte %d is flipped", bit, i)
			}
			file[i] ^= 1 << bit
		}
	}
	if _, err := decoded(file); err != nil {
		t.Error(err)
	}
}

func TestEveryMissingOrDoubledByteIsRefused(t *testing.T) {
	file := small(t)
	for i := range file {
		if _, err := decoded(append(append([]byte{}, file[:i]...), file[i+1:]...)); err == nil {
			t.Errorf("byte %d may be missing", i)
		}
		if _, err := decoded(append(append([]byte{}, file[:i+1]...), file[i:]...)); err == nil {
			t.Errorf("byte %d may be doubled", i)
		}
	}
}

// rebuild puts a file together from members whose sums are right.
func rebuild(members ...member) []byte {
	sums := make([]sum, len(members))
	for i := range members {
		sums[i] = sum{members[i].name, members[i].size, members[i].sha256}
	}
	m := manifest{version: Version, language: ir.Version, family: "step", members: sums}
	m.digest = digestOf(members)
	return joined(append([]member{newMember(manifestName, part{text: m.append()})}, members...))
}

func joined(members []member) []byte {
	var b bytes.Buffer
	writeParts(&b, assemble(members))
	return b.Bytes()
}

func digestOf(members []member) string {
	p, err := parseProgram(members[0].parts[0].text)
	if err != nil {
		return ""
	}
	return ir.Digest(p)
}

func textMember(name, text string) member { return newMember(name, part{text: []byte(text)}) }

// tensorFile returns tensors.safetensors with a header of any form.
func tensorFile(header string, data int) member {
	b := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	return newMember(tensorsName, part{text: append(append(b, header...), make([]byte, data)...)})
}

const emptyProgram = `{"flowc": 1, "body": []}`

var noTensors = tensorFile("{}      ", 0)

const doneState = `{"main":{"next":"done"}}`

// Members with right checksums are refused when what they say is wrong.
func TestFalseMembersAreRefused(t *testing.T) {
	good := rebuild(textMember(programName, emptyProgram), textMember(stateName, doneState), noTensors)
	if _, err := decoded(good); err != nil {
		t.Fatal(err)
	}
	repeated := func(s string, n int) string { return strings.Repeat(s, n) }
	for _, c := range []struct {
		name, program, state, header, want string
		data                               int
	}{
		{name: "program", program: `{"flowc": 1, "body": [1]}`, want: "/body/0"},
		{name: "version of the program", program: `{"flowc": 2, "body": []}`, want: "version of the format"},
		{name: "same IDs", program: `{"flowc": 1, "body": [{"seq": [], "id": 1}, {"seq": [], "id": 1}]}`, want: "id"},
		{name: "white space", state: `{"main":{"next":"done"} }`, want: `want '}'`},
		{name: "order", state: `{"next_handle":1,"main":{"next":"done"}}`, want: `want "main"`},
		{name: "unknown field", state: `{"x":1,"main":{"next":"done"}}`, want: `want "main"`},
		{name: "explicit zero", state: `{"steps":0,"main":{"next":"done"}}`, want: "form"},
		{name: "text behind", state: doneState + " ", want: "want the end"},
		{name: "two registers", state: `{"registers":{"a":1,"a":2},"main":{"next":"done"}}`, want: "form"},
		{name: "order of registers", state: `{"registers":{"b":1,"a":2},"main":{"next":"done"}}`, want: "form"},
		{name: "number", state: `{"registers":{"a":01},"main":{"next":"done"}}`, want: "form"},
		{name: "long number", state: `{"registers":{"a":` + repeated("1", 1<<20) + `},"main":{"next":"done"}}`, want: "want a number of dtype i64"},
		{name: "overflow", state: `{"registers":{"a":{"i32":2147483648}},"main":{"next":"done"}}`, want: "want a number of dtype i32"},
		{name: "infinite", state: `{"registers":{"a":1e999},"main":{"next":"done"}}`, want: "want a number of dtype f64"},
		{name: "weak f32", state: `{"registers":{"a":{"f32":1.0,"weak":true}},"main":{"next":"done"}}`, want: "form"},
		{name: "escape", state: `{"registers":{"a":"\u0041"},"main":{"next":"done"}}`, want: "escape"},
		{name: "open text", state: `{"registers":{"a":"x`, want: "does not end"},
		{name: "deep", state: `{"registers":{"a":` + repeated("[", 1<<20), want: "nested more than 10000 deep"},
		{name: "deep frames", state: `{"main":{"next":"turns"` + repeated(`,"frames":[{"weave":{"strands":[{"next":"turns"`, 100000), want: "weaves nest deeper than 1000"},
		{name: "shared", state: `{"shared":[[1,2],{"shared":1}],"main":{"next":"done"}}`, want: "shared value 1, of 1"},
		{name: "shared once", state: `{"shared":[[1,2]],"registers":{"a":{"shared":0}},"main":{"next":"done"}}`, want: "form"},
		{name: "not shared", state: `{"registers":{"a":[1,2],"b":[1,2]},"main":{"next":"done"}}`, want: "form"},
		{name: "missing tensor", state: `{"registers":{"a":{"tensor":"x"}},"main":{"next":"done"}}`, want: `there is no tensor "x"`},
		{name: "unused tensor", header: `{"x":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}`, data: 1, want: "form"},
		{name: "huge shape", header: `{"x":{"dtype":"F32","shape":[1000000000],"data_offsets":[0,4000000000]}}`, want: "takes 4000000000 bytes, 0 are left"},
		{name: "absurd shape", header: `{"x":{"dtype":"F32","shape":[` + repeated("9223372036854775807,", 2) + `2],"data_offsets":[0,0]}}`, want: "exceeds the limit"},
		{name: "rank", header: `{"x":{"dtype":"F32","shape":[` + repeated("1,", 1<<20) + `1],"data_offsets":[0,0]}}`, want: "a rank above 16"},
		{name: "dtype", header: `{"x":{"dtype":"F16","shape":[1],"data_offsets":[0,2]}}`, data: 2, want: "want a dtype"},
		{name: "same tensors", header: `{"x":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"x":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}`, data: 2, want: "two tensors"},
		{name: "loose bytes", header: `{}`, data: 6, want: "6 bytes belong to no tensor"},
		{name: "bool", header: `{"x":{"dtype":"BOOL","shape":[1],"data_offsets":[0,1]}}`, data: 1, want: "form"},
		{name: "many copies", state: `{"main":{"next":"done"},"children":[{"handle":1,"node":1,"copies":1000000000}],"next_handle":2}`, want: "1000000000 copies"},
		{name: "position", state: `{"main":{"next":"leaf","frames":[{"at":1}]}}`, want: "node 1, which the program does not have"},
	} {
		t.Run(c.name, func(t *testing.T) {
			members := []member{textMember(programName, emptyProgram), textMember(stateName, doneState), noTensors}
			if c.program != "" {
				members[0] = textMember(programName, c.program)
			}
			if c.state != "" {
				members[1] = textMember(stateName, c.state)
			}
			if c.header != "" {
				members[2] = tensorFile(c.header, c.data)
			}
			refused(t, rebuild(members...), c.want)
		})
	}
}

// refused checks the error, and that reading has taken little memory.
func refused(t *testing.T, file []byte, want string) {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := decoded(file)
	runtime.ReadMemStats(&after)
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("the error is %.300v: want %q in it", err, want)
	} else if len(err.Error()) > 1000 {
		t.Errorf("the error has %d bytes", len(err.Error()))
	}
	if used, most := after.TotalAlloc-before.TotalAlloc, uint64(100*len(file)+1<<20); used > most {
		t.Errorf("reading %d bytes allocated %d, want at most %d", len(file), used, most)
	}
}

func TestFalseContainersAreRefused(t *testing.T) {
	program, run := textMember(programName, emptyProgram), textMember(stateName, doneState)
	good := rebuild(program, run, noTensors)
	first, _, err := readSection(bytes.NewReader(good), 0, int64(len(good)))
	if err != nil {
		t.Fatal(err)
	}
	manifestText, err := first.read(bytes.NewReader(good))
	if err != nil {
		t.Fatal(err)
	}
	manifestWith := func(old, new string) []byte {
		text := strings.Replace(string(manifestText), old, new, 1)
		return joined([]member{textMember(manifestName, text), program, run, noTensors})
	}
	for _, c := range []struct {
		name string
		file []byte
		want string
	}{
		{"empty", nil, "cut short"},
		{"text", []byte("#!/bin/sh"), "no flowc snapshot"},
		{"another archive", joined([]member{program}), "no flowc snapshot"},
		{"garbage behind", append(bytes.Clone(good), "xyz"...), "3 bytes follow"},
		{"doubled", append(bytes.Clone(good), good...), "bytes follow"},
		{"garbage before", append([]byte("xyz"), good...), "no flowc snapshot"},
		{"two states", rebuild(program, run, run, noTensors), "tensors.safetensors is missing"},
		{"order", rebuild(program, noTensors, run), "state.json is missing"},
		{"no tensors", rebuild(program, run), "tensors.safetensors is missing"},
		{"more", rebuild(program, run, noTensors, textMember("x", "")), `unknown member "x"`},
		{"no members", joined([]member{textMember(manifestName, string(manifestText))}), "has 0 members, its manifest 3"},
		{"newer version", manifestWith(`"flowsnap":1`, `"flowsnap":2,"new":true`), "format version 2: this flowc reads version 1"},
		{"newer program", manifestWith(`"flowc":1`, `"flowc":7`), "program has format version 7"},
		{"other program", manifestWith(`"program":"`, `"program":"00`), "has the digest"},
		{"steps", manifestWith(`"family"`, `"steps":1,"family"`), "manifest.json"},
		{"other sum", manifestWith(program.sha256, run.sha256), "program.json is damaged"},
		{"other size", manifestWith(`"size":24`, `"size":25`), "not what the manifest says"},
		{"compressed", compressed(good), "the header of the member at byte 0 is damaged"},
	} {
		t.Run(c.name, func(t *testing.T) { refused(t, c.file, c.want) })
	}
}

// compressed marks the first member as deflated.
func compressed(file []byte) []byte {
	file = bytes.Clone(file)
	file[8] = 8
	return file
}

func TestNestingOfChildrenIsBounded(t *testing.T) {
	p := sampleProgram(t)
	spawn := find(t, p, "spawn")
	inner := state.Snapshot{Program: p, Family: "step", Run: state.Run{Main: state.Strand{Next: state.Done}}}
	for range maxChildren + 1 {
		s := state.Snapshot{Program: p, Family: "step", Run: state.Run{Main: state.Strand{Next: state.Done}, NextHandle: 1,
			Children: []state.Child{{Node: spawn, Copies: []state.Snapshot{inner}}}}}
		inner = s
	}
	var b bytes.Buffer
	if err := Encode(&b, &inner); err == nil || !strings.Contains(err.Error(), "deeper than 100") {
		t.Errorf("the error is %v", err)
	}
}
