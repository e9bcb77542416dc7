package json

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// agrees holds the scanner to encoding/json, which accepts the same language
// but for a mark at the start, bytes that are not UTF-8 and lone surrogates; and
// the document to the strings and counts that encoding/json decodes.
func agrees(t interface{ Fatalf(string, ...any) }, src []byte) {
	s := &scanner{src: src}
	err := s.scan()
	if err == nil {
		if !json.Valid(src) && !strings.HasPrefix(string(src), "\uFEFF") {
			t.Fatalf("the scanner accepts %q", src)
		}
		var want any
		if json.Unmarshal(src, &want) == nil {
			d := &document{src: src, index: s.index, names: map[string]string{}}
			compareValue(t, d, d.root(), want)
		}
		return
	}
	if json.Valid(src) && utf8.Valid(src) && !strings.Contains(err.message, "surrogate") && !strings.Contains(err.message, "nested") {
		t.Fatalf("the scanner refuses %q: %s", src, err.message)
	}
	if err.offset > len(src) {
		t.Fatalf("the error of %q is at offset %d", src, err.offset)
	}
}

func compareValue(t interface{ Fatalf(string, ...any) }, d *document, p place, want any) {
	switch want := want.(type) {
	case map[string]any:
		got := map[string]place{}
		for m := range d.members(p) {
			got[m.key] = m.value // the last one counts in encoding/json
		}
		if len(got) != len(want) {
			t.Fatalf("%q: got %d keys, want %d", d.src, len(got), len(want))
		}
		for key, value := range want {
			at, ok := got[key]
			if !ok {
				t.Fatalf("%q: the key %q is missing", d.src, key)
			}
			compareValue(t, d, at, value)
		}
	case []any:
		if d.kind(p) != '[' || d.count(p) != len(want) {
			t.Fatalf("%q: got %s, want a list of %d", d.src, d.describe(p), len(want))
		}
		for i, item := range d.items(p) {
			compareValue(t, d, item, want[i])
		}
	case string:
		if d.kind(p) != '"' || d.str(int(p.pos)) != want {
			t.Fatalf("%q: got %s, want the string %q", d.src, d.describe(p), want)
		}
	default:
		var got any
		if err := json.Unmarshal(d.scalar(p), &got); err != nil || got != want {
			t.Fatalf("%q: got %s, want %v", d.src, d.describe(p), want)
		}
	}
}

func TestScannerAgreesWithStandardLibrary(t *testing.T) {
	texts := []string{"{", "}", "[", "]", ",", ":", " ", "\n", "null", "true", "false", "0", "-1.5e+3", "1E9", "01", "-", ".5", "1.",
		`"a"`, `"\u00e9\ud83d\ude00\n\""`, `"\ud800"`, `"é"`, "\"\xff\"", `"`, `\`, "nul", `"key": `, `"k":[`, `{}`, `[]`, "\x01", "\"\x1f\"", `"\x"`}
	for _, text := range texts {
		agrees(t, []byte(text))
	}
	pieces := rapid.SampledFrom(texts)
	rapid.Check(t, func(t *rapid.T) {
		agrees(t, []byte(strings.Join(rapid.SliceOfN(pieces, 0, 12).Draw(t, "pieces"), "")))
	})
	value := rapid.Custom(genAny)
	rapid.Check(t, func(t *rapid.T) {
		text, err := json.MarshalIndent(value.Draw(t, "value"), "", " ")
		if err != nil {
			t.Fatal(err)
		}
		agrees(t, text)
		cut := rapid.IntRange(0, len(text)).Draw(t, "cut")
		agrees(t, text[:cut])
	})
	for _, c := range mistakes {
		agrees(t, []byte(c.src))
	}
}

func genAny(t *rapid.T) any {
	switch rapid.IntRange(0, 6).Draw(t, "kind") {
	case 0:
		return rapid.MapOfN(rapid.String(), rapid.Custom(genAny), 0, 3).Draw(t, "object")
	case 1:
		return rapid.SliceOfN(rapid.Custom(genAny), 0, 3).Draw(t, "list")
	case 2:
		return rapid.String().Draw(t, "string")
	case 3:
		return rapid.Float64Range(-1e30, 1e30).Draw(t, "number")
	case 4:
		return rapid.Bool().Draw(t, "bool")
	}
	return nil
}
