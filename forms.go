package flowc

import (
	"bytes"
	"fmt"
	"path/filepath"

	"flowc.dev/flowc/frontend/json"
	"flowc.dev/flowc/frontend/star"
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ir/text"
)

// A Form is a way to write programs down. All forms of one program have the
// same [ir.Digest].
type Form struct {
	// Name is what commands call the form.
	Name string
	// Extension is that of its files, with the dot.
	Extension string
	// Parse reads a program; file names the source in messages. The error is an
	// [ir.Problems] if the source is at fault.
	Parse func(src []byte, file string) (*ir.Program, error)
	// Print returns the one text that the form has for a program.
	Print func(p *ir.Program) ([]byte, error)
	// PrintIDs does so with IDs; nil if the form has none.
	PrintIDs func(p *ir.Program) ([]byte, error)
	// Carets says that messages show the line of the source with a caret, as
	// [text.Caret] does.
	Carets bool
	// Remarks returns what the source likely does not mean although it is no
	// error; nil if the form has nothing to say.
	Remarks func(src []byte, file string) ir.Problems
	// Derived says that files of the form are sources that programs are made
	// from, so that printing a program does not give its file back.
	Derived bool
}

var forms = []Form{
	{Name: "flow", Extension: ".flow", Parse: text.Parse, Print: text.Print, PrintIDs: text.PrintOptions{IDs: true}.Print, Carets: true},
	{Name: "json", Extension: ".json", Parse: json.Parse, Print: json.Print, PrintIDs: json.PrintOptions{IDs: true}.Print},
	{Name: "star", Extension: ".star", Parse: star.Parse, Print: star.Print, Remarks: star.Remarks, Derived: true, Carets: true},
}

// Forms returns the forms, the one that people read first.
func Forms() []Form { return append([]Form(nil), forms...) }

// FormNamed returns the form of that name.
func FormNamed(name string) (Form, error) {
	want := ""
	for i, form := range forms {
		if form.Name == name {
			return form, nil
		}
		if want += form.Name; i < len(forms)-1 {
			want += ", "
		}
	}
	return Form{}, fmt.Errorf("there is no form %q: want one of %s", name, want)
}

// FormOf returns the form of a file: by the extension of its name or, where
// that tells nothing, by its source, which is JSON if it begins with a brace
// and .flow otherwise.
func FormOf(name string, src []byte) Form {
	extension := filepath.Ext(name)
	for _, form := range forms {
		if form.Extension == extension {
			return form
		}
	}
	guess := "flow"
	if bytes.HasPrefix(bytes.TrimLeft(bytes.TrimPrefix(src, []byte("\uFEFF")), " \t\r\n"), []byte("{")) {
		guess = "json"
	}
	form, err := FormNamed(guess)
	if err != nil {
		panic("bug: " + err.Error())
	}
	return form
}
