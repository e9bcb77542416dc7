package json

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"flowc.dev/flowc/ir"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

func compiledSchema(t *testing.T) *jsonschema.Schema {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(Schema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	const name = "program.schema.json"
	if err := c.AddResource(name, doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile(name)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func validate(schema *jsonschema.Schema, text []byte) error {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return err
	}
	return schema.Validate(doc)
}

func TestSchemaAcceptsPrograms(t *testing.T) {
	schema := compiledSchema(t)
	for _, file := range programFiles(t) {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := validate(schema, text); err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
	for _, c := range forms {
		if err := validate(schema, []byte(c.program())); err != nil {
			t.Errorf("%s: %v\n%s", c.name, err, c.program())
		}
	}
}

// beyondSchema lists the mistakes of [mistakes] that only Parse can find.
var beyondSchema = []string{"duplicate", "huge", "depth", "ids", "fit", "ragged", "shape", "elements", "range", "type text", "op and alias", "doc twice", "weak", "syntax", "slice", "duration", "as a float"}

func TestSchemaRefusesMistakes(t *testing.T) {
	schema := compiledSchema(t)
	for _, c := range mistakes {
		beyond := false
		for _, word := range beyondSchema {
			beyond = beyond || strings.Contains(c.name, word)
		}
		if !beyond && validate(schema, []byte(c.src)) == nil {
			t.Errorf("%s: the schema accepts %s", c.name, c.src)
		}
	}
}

// TestSchemaIsWhole checks that no element, key or description is left out.
func TestSchemaIsWhole(t *testing.T) {
	var doc struct {
		Defs map[string]struct {
			Description string
			Properties  map[string]any
		} `json:"$defs"`
	}
	if err := json.Unmarshal(Schema(), &doc); err != nil {
		t.Fatal(err)
	}
	for _, s := range ir.Schemas() {
		for class, prefix := range map[ir.Class]string{ir.Statement: "statement.", ir.Expression: "operandObject.", ir.HookClause: "hook."} {
			if s.Class&class == 0 {
				continue
			}
			def, ok := doc.Defs[prefix+s.Op]
			if !ok || def.Description != s.Doc {
				t.Errorf("%s%s: description %q, want %q", prefix, s.Op, def.Description, s.Doc)
			}
			for i := range s.Fields {
				f := &s.Fields[i]
				if _, ok := def.Properties[f.Name]; ok != (allowed(f, class) && !nested(s, f)) {
					t.Errorf("%s%s: property %q is there: %v", prefix, s.Op, f.Name, ok)
				}
			}
		}
	}
}

// TestElementKeysAreNoOtherFields holds what telling elements apart by their
// key relies on.
func TestElementKeysAreNoOtherFields(t *testing.T) {
	for _, s := range ir.Schemas() {
		for _, v := range []*vocabulary{statements, expressions} {
			for i := range s.Fields[1:] {
				f := &s.Fields[1+i]
				if other := v.elements[f.Name]; other != nil && s.Class&other.Class != 0 {
					t.Errorf("field %q of %s is the element key of %s", f.Name, s.Op, other.Op)
				}
			}
		}
	}
	for _, v := range []*vocabulary{statements, expressions} {
		for _, common := range []string{idKey, originsKey, docKey, storeKey} {
			if v.elements[common] != nil {
				t.Errorf("the element key %q is a key that all nodes may have", common)
			}
		}
	}
}
