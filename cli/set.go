package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"flowc.dev/flowc"
	"flowc.dev/flowc/ir"
)

// inputs returns the values that --set gives to the program's inputs.
func inputs(p *ir.Program, settings []string) (map[string]ir.Value, error) {
	values := map[string]ir.Value{}
	for _, setting := range settings {
		name, text, ok := strings.Cut(setting, "=")
		if !ok {
			return nil, fmt.Errorf("--set %s: want register=value, such as lr=0.1 or x=@file.npy", setting)
		}
		if !slices.Contains(p.Inputs, name) {
			return nil, fmt.Errorf("--set %s: the program has no input %q: %s", setting, name, listInputs(p))
		}
		if _, ok := values[name]; ok {
			return nil, fmt.Errorf("--set %s: %q is set twice", setting, name)
		}
		v, err := inputValue(text)
		if err != nil {
			return nil, fmt.Errorf("--set %s: %w", name, err)
		}
		values[name] = v
	}
	return values, nil
}

func listInputs(p *ir.Program) string {
	if len(p.Inputs) == 0 {
		return `it has none; list the registers that may be set under "inputs"`
	}
	return "its inputs are " + strings.Join(p.Inputs, ", ")
}

// parseSetting reads register=value.
func parseSetting(setting string) (name string, v ir.Value, err error) {
	name, text, ok := strings.Cut(setting, "=")
	if !ok {
		return "", ir.Value{}, errors.New("want register=value, such as lr=0.1 or x=@file.npy")
	}
	v, err = inputValue(text)
	return name, v, err
}

func inputValue(text string) (ir.Value, error) {
	if path, ok := strings.CutPrefix(text, "@"); ok {
		return readNpy(path)
	}
	return literal(text)
}

// literal returns the value of a JSON literal, read as in a program: numbers are
// weak, {"tensor": ...} and {"record": ...} are what they are there. Only lists
// may be written more simply: [1, 2].
func literal(text string) (ir.Value, error) {
	if !json.Valid([]byte(text)) {
		return ir.Value{}, fmt.Errorf("%q is not JSON: want a number, true, false, null, a list, or a text in quotes, such as --set name='\"text\"'", text)
	}
	if strings.HasPrefix(strings.TrimSpace(text), "[") {
		return listLiteral(text)
	}
	p, err := flowc.Parse([]byte(`{"flowc": 1, "body": [{"print": [`+text+`]}]}`), "")
	if err != nil {
		var problems ir.Problems
		if errors.As(err, &problems) {
			err = errors.New(problems[0].Message)
		}
		return ir.Value{}, err
	}
	v, err := ir.Literal(p.Body[0].Args[0])
	if err != nil {
		return ir.Value{}, fmt.Errorf("%w: want a literal", err)
	}
	return v, nil
}

func listLiteral(text string) (ir.Value, error) {
	var parts []json.RawMessage
	if err := json.Unmarshal([]byte(text), &parts); err != nil {
		return ir.Value{}, err
	}
	items := make([]ir.Value, len(parts))
	for i, part := range parts {
		v, err := literal(string(part))
		if err != nil {
			return ir.Value{}, err
		}
		items[i] = v
	}
	return ir.ListOf(items...), nil
}
