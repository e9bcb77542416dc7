package flowc

import (
	"errors"
	"fmt"
	"io"
	"os"

	"flowc.dev/flowc/frontend/json"
	"flowc.dev/flowc/ir"
)

// MaxSource bounds the size in bytes of a program's text.
const MaxSource = 256 << 20

// Load reads a program from a file in any of the [Forms], see [FormOf]. Problems
// with its form are an [ir.Problems], which lists them all with their positions.
func Load(path string) (*ir.Program, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return Read(f, path)
}

// Read is [Load] from a reader; name stands for the file in messages.
func Read(r io.Reader, name string) (*ir.Program, error) {
	src, err := io.ReadAll(io.LimitReader(r, MaxSource+1))
	if err != nil {
		var located *os.PathError // has the name already
		if errors.As(err, &located) {
			return nil, err
		}
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if len(src) > MaxSource {
		return nil, ir.Problems{{File: name, Message: fmt.Sprintf("the program has more than %d bytes: load large tensors as inputs", MaxSource)}}
	}
	return Parse(src, name)
}

// Parse is [Load] from the program's text.
func Parse(src []byte, name string) (*ir.Program, error) { return FormOf(name, src).Parse(src, name) }

// Print returns the text of a program in the JSON form, the one for interchange,
// in the one layout that every program is printed in. Parsing it gives the same
// program. [FormNamed] gives the other forms.
func Print(p *ir.Program) ([]byte, error) { return json.Print(p) }
