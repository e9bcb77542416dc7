package cli

import (
	"encoding/json"
	"io"

	"flowc.dev/flowc"
	"flowc.dev/flowc/ir"
)

// An inspection is what flowc inspect --json prints.
type inspection struct {
	File      string          `json:"file"`
	Name      string          `json:"name"`
	Digest    string          `json:"digest"`
	Family    string          `json:"family"`
	Seed      uint64          `json:"seed"`
	Status    string          `json:"status"`
	Steps     int64           `json:"steps"`
	Position  []standpoint    `json:"position"`
	Registers json.RawMessage `json:"registers"`
	Objects   json.RawMessage `json:"objects"`
	Children  []childReport   `json:"children"`
	Edits     []editReport    `json:"edits"`
}

type childReport struct {
	Handle int64   `json:"handle"`
	ID     ir.ID   `json:"id"`
	Steps  []int64 `json:"steps"`
}

type editReport struct {
	Step   int64  `json:"step"`
	What   string `json:"what"`
	Before string `json:"before"`
}

func writeInspection(w io.Writer, path string, s *flowc.Snapshot) error {
	r := inspection{File: path, Name: s.Program.Name, Digest: ir.Digest(s.Program), Family: s.Family, Seed: s.Seed,
		Status: progressOf(s), Steps: s.Run.Steps, Position: standpoints(s),
		Registers: namedValues(s.Run.Registers), Objects: namedValues(s.Run.Objects),
		Children: []childReport{}, Edits: []editReport{}}
	if r.Position == nil {
		r.Position = []standpoint{}
	}
	for i := range s.Run.Children {
		c := &s.Run.Children[i]
		child := childReport{Handle: c.Handle, ID: c.Node, Steps: []int64{}}
		for j := range c.Copies {
			child.Steps = append(child.Steps, c.Copies[j].Run.Steps)
		}
		r.Children = append(r.Children, child)
	}
	for _, e := range s.Edits {
		r.Edits = append(r.Edits, editReport{e.Step, e.What, e.Before})
	}
	text, err := json.Marshal(r)
	if err != nil {
		return err
	}
	_, err = w.Write(append(text, '\n'))
	return err
}

func namedValues(values map[string]ir.Value) json.RawMessage {
	names := sortedNames(values)
	list := make([]ir.Value, len(names))
	for i, name := range names {
		list[i] = values[name]
	}
	budget := maxShown
	return appendValue(nil, clip(ir.RecordOf(names, list), &budget))
}
