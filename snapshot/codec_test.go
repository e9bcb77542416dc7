package snapshot

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	stdjson "encoding/json"
	"flag"
	"io"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ir/state"
)

func TestSampleReadsBack(t *testing.T) {
	want := sample(t)
	file := encoded(t, want)
	got, err := decoded(file)
	if err != nil {
		t.Fatal(err)
	}
	compare(t, got, want)
	if !bytes.Equal(encoded(t, got), file) {
		t.Error("what was read is written as other bytes")
	}
	if got.Run.Registers["W"].Tensor() != got.Run.Registers["W2"].Tensor() {
		t.Error("a tensor that was shared no longer is")
	}
	if !got.Run.Registers["W"].Tensor().Owned() {
		t.Error("values that were read are not frozen")
	}
}

// A field that is added to a state shows here until the sample has it, and then
// above until it is written.
func TestSampleHasEveryField(t *testing.T) {
	set := map[string]bool{}
	var visit func(v reflect.Value)
	visit = func(v reflect.Value) {
		switch v.Kind() {
		case reflect.Pointer:
			if !v.IsNil() {
				visit(v.Elem())
			}
		case reflect.Slice:
			for i := range v.Len() {
				visit(v.Index(i))
			}
		case reflect.Struct:
			if v.Type().PkgPath() != reflect.TypeFor[state.Run]().PkgPath() {
				return
			}
			for i := range v.NumField() {
				name := v.Type().Name() + "." + v.Type().Field(i).Name
				set[name] = set[name] || !v.Field(i).IsZero()
				visit(v.Field(i))
			}
		}
	}
	visit(reflect.ValueOf(sample(t)))
	for name, ok := range set {
		if !ok {
			t.Errorf("the sample does not set %s", name)
		}
	}
}

// What shares storage in memory depends on how the program ran; the bytes do
// not.
func TestEqualStatesGiveEqualBytes(t *testing.T) {
	a, b := sample(t), sample(t)
	for name, v := range b.Run.Registers {
		b.Run.Registers[name] = deepCopy(v)
	}
	if !bytes.Equal(encoded(t, a), encoded(t, b)) {
		t.Error("the bytes depend on what shares storage")
	}
	b.Run.Registers["i"] = ir.Int(4)
	if bytes.Equal(encoded(t, a), encoded(t, b)) {
		t.Error("another state has the same bytes")
	}
}

func deepCopy(v ir.Value) ir.Value {
	switch {
	case v.Tensor() != nil:
		return ir.TensorValue(v.Tensor().Clone()).AsWeak(v.Weak())
	case v.Kind() == ir.Str:
		return ir.String(strings.Clone(v.Text()))
	case v.List() != nil:
		items := slices.Clone(v.List().Items)
		for i := range items {
			items[i] = deepCopy(items[i])
		}
		return ir.ListOf(items...)
	case v.Record() != nil:
		values := slices.Clone(v.Record().Values)
		for i := range values {
			values[i] = deepCopy(values[i])
		}
		return ir.RecordOf(v.Record().Names, values)
	}
	return v
}

// Lists that share parts over and over take as much room as in memory.
func TestSharedListsAreStoredOnce(t *testing.T) {
	s := sample(t)
	v := ir.ListOf(ir.Int(1))
	for range 200 {
		v = ir.ListOf(v, v)
	}
	s.Run.Registers["tree"] = v
	file := encoded(t, s)
	got, err := decoded(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(encoded(t, got), file) {
		t.Error("what was read is written as other bytes")
	}
	depth := 0
	for v = got.Run.Registers["tree"]; v.List() != nil; v = v.List().Items[len(v.List().Items)-1] {
		depth++
	}
	if depth != 201 {
		t.Errorf("the lists nest %d deep, want 201", depth)
	}
}

func TestDeepListsAreRefused(t *testing.T) {
	s := sample(t)
	v := ir.ListOf(ir.Int(1))
	for range maxDepth {
		v = ir.ListOf(v)
	}
	s.Run.Registers["deep"] = v
	if err := Encode(io.Discard, s); err == nil || !strings.Contains(err.Error(), "nested more than 10000 deep") {
		t.Errorf("the error is %v", err)
	}
}

func TestOtherToolsReadTheFile(t *testing.T) {
	file := encoded(t, sample(t))
	archive, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	members := map[string][]byte{}
	for _, f := range archive.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if members[f.Name], err = io.ReadAll(r); err != nil { // checks the CRC
			t.Fatal(err)
		}
		names = append(names, f.Name)
	}
	want := []string{"manifest.json", "program.json", "positions.json", "state.json", "tensors.safetensors",
		"children/0/0.flowsnap", "children/0/1.flowsnap"}
	if !slices.Equal(names, want) {
		t.Errorf("the members are %v, want %v", names, want)
	}
	for name, text := range members {
		if strings.HasSuffix(name, ".json") && !stdjson.Valid(text) {
			t.Errorf("%s is not JSON: %s", name, text)
		}
	}
	checkTensors(t, members["tensors.safetensors"])
}

// checkTensors reads the file as the safetensors documentation says.
func checkTensors(t *testing.T, file []byte) {
	size := binary.LittleEndian.Uint64(file)
	var header map[string]struct {
		DType   string `json:"dtype"`
		Shape   []int
		Offsets [2]int `json:"data_offsets"`
	}
	if err := stdjson.Unmarshal(file[8:8+size], &header); err != nil {
		t.Fatal(err)
	}
	data := file[8+size:]
	entry, ok := header["registers/W"]
	if !ok || entry.DType != "F32" || !slices.Equal(entry.Shape, []int{2}) {
		t.Fatalf("registers/W is %+v in %s", entry, file[8:8+size])
	}
	if got, want := data[entry.Offsets[0]:entry.Offsets[1]], []byte{0, 0, 0x80, 0x3F, 0, 0, 0xC0, 0x7F}; !bytes.Equal(got, want) {
		t.Errorf("registers/W has the bytes %v, want %v", got, want)
	}
	end := 0
	for name, e := range header {
		width := map[string]int{"BOOL": 1, "U8": 1, "I32": 4, "I64": 8, "F32": 4, "F64": 8}[e.DType]
		if width == 0 || (len(file)-len(data)+e.Offsets[0])%width != 0 {
			t.Errorf("%s is not aligned: %+v", name, e)
		}
		end = max(end, e.Offsets[1])
	}
	if end != len(data) {
		t.Errorf("the tensors end at %d of %d bytes", end, len(data))
	}
}

func TestCheckRefusesWhatIsNoState(t *testing.T) {
	for _, c := range []struct {
		want  string
		spoil func(*state.Snapshot)
	}{
		{"no program", func(s *state.Snapshot) { s.Program = nil }},
		{"has no ID", func(s *state.Snapshot) { s.Program.Body[0].ID = 0 }},
		{"two nodes with the ID", func(s *state.Snapshot) { s.Program.Body[0].ID = s.Program.Body[1].ID }},
		{"-1 steps", func(s *state.Snapshot) { s.Run.Steps = -1 }},
		{"next handle is -1", func(s *state.Snapshot) { s.Run.NextHandle = -1 }},
		{`"a b" is no name of a register`, func(s *state.Snapshot) { s.Run.Registers["a b"] = ir.Int(1) }},
		{`state of object "x"`, func(s *state.Snapshot) { s.Run.Objects["x"] = ir.Int(1) }},
		{`"jump" comes next`, func(s *state.Snapshot) { s.Run.Main.Next = "jump" }},
		{"0 frames", func(s *state.Snapshot) { s.Run.Main.Frames = nil }},
		{"node 99999, which the program does not have", func(s *state.Snapshot) { s.Run.Main.Frames[1].At = 99999 }},
		{`which is no statement but "tensor"`, func(s *state.Snapshot) { s.Run.Main.Frames[1].At = find(t, s.Program, "tensor") }},
		{"frame 1 of the position stands for node 0", func(s *state.Snapshot) { s.Run.Main.Frames[1].Node = 0 }},
		{"-2 iterations", func(s *state.Snapshot) { s.Run.Main.Frames[1].Done = -2 }},
		{"arrivals at node 99999", func(s *state.Snapshot) { s.Run.Firings = map[ir.ID]int64{99999: 1} }},
		{"a weave of 2 strands has started 3", func(s *state.Snapshot) { s.Run.Main.Frames[2].Weave.Started = 3 }},
		{"a child has the handle 7", func(s *state.Snapshot) { s.Run.Children[0].Handle = 7 }},
		{"which is no spawn", func(s *state.Snapshot) { s.Run.Children[0].Node = s.Program.Body[0].ID }},
		{"child 1: the snapshot has no program", func(s *state.Snapshot) { s.Run.Children[0].Copies[0].Program = nil }},
		{"not valid UTF-8", func(s *state.Snapshot) { s.Program.Doc = "\xff" }},
	} {
		s := sample(t)
		c.spoil(s)
		var b bytes.Buffer
		if err := Encode(&b, s); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("the error is %v: want %q in it", err, c.want)
		}
		if b.Len() > 0 {
			t.Errorf("%s: %d bytes were written", c.want, b.Len())
		}
	}
}

var update = flag.Bool("update", false, "rewrite testdata")

// Snapshots of this version of the format stay readable.
func TestVersion1Reads(t *testing.T) {
	const name = "testdata/version1.snapshot"
	want := sample(t)
	if *update {
		if err := os.WriteFile(name, encoded(t, want), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	got, _, err := Load(name)
	if err != nil {
		t.Fatal(err)
	}
	compare(t, got, want)
}
