package cli

import (
	"encoding/json"
	"errors"
	"io"

	"flowc.dev/flowc/backend"
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/passes"
	"flowc.dev/flowc/passes/graphs"
	"flowc.dev/flowc/passes/history"
	"flowc.dev/flowc/passes/pass"
)

// The statuses of a result.
const (
	statusDone    = "done"
	statusLimit   = "limit"
	statusError   = "error"
	statusStopped = "interrupted"
)

// A result is what --json prints.
type result struct {
	Name     string          `json:"name"`
	Digest   string          `json:"digest"`
	Level    int             `json:"level"`
	Backend  string          `json:"backend"`
	Status   string          `json:"status"`
	Error    string          `json:"error,omitempty"`
	Steps    int64           `json:"steps"`
	Resumed  *int64          `json:"resumed_at,omitempty"`
	Snapshot string          `json:"snapshot,omitempty"`
	Seconds  float64         `json:"seconds"`
	Passes   []passResult    `json:"passes"`
	Outputs  json.RawMessage `json:"outputs"`
	Profile  []profileResult `json:"profile,omitempty"`
	// GraphRules are the rules that were applied to typed graphs.
	GraphRules []graphs.Count `json:"graph_rules,omitempty"`

	outputs []backend.Output
}

type passResult struct {
	Name    string       `json:"name"`
	Changed bool         `json:"changed"`
	Counts  []pass.Count `json:"counts"`
	Seconds *float64     `json:"seconds,omitempty"`
	// Before and After are the sizes of the program.
	Before *history.Size `json:"before,omitempty"`
	After  *history.Size `json:"after,omitempty"`
}

// setPasses takes the passes' report over, with times if they are asked for.
func (r *result) setPasses(report *passes.Report, times bool) {
	for i := range report.Passes {
		p := &report.Passes[i]
		one := passResult{Name: p.Name, Changed: p.Changed, Counts: p.Counts}
		if one.Counts == nil {
			one.Counts = []pass.Count{}
		}
		if times {
			seconds := p.Time.Seconds()
			one.Seconds = &seconds
		}
		r.Passes = append(r.Passes, one)
	}
}

// setError takes the program's error over, if it is one.
func (r *result) setError(err error) {
	var code exitError
	if err != nil && !errors.As(err, &code) {
		r.Error = message(err)
	}
}

// write writes the result as one JSON object on a line.
func (r *result) write(w io.Writer) error {
	r.Outputs = appendOutputs(nil, r.outputs)
	text, err := json.Marshal(r)
	if err != nil {
		return err
	}
	_, err = w.Write(append(text, '\n'))
	return err
}

func appendOutputs(b []byte, outputs []backend.Output) []byte {
	names, values := make([]string, len(outputs)), make([]ir.Value, len(outputs))
	for i, o := range outputs {
		budget := maxShown
		names[i], values[i] = o.Name, clip(o.Value, &budget)
	}
	return appendValue(b, ir.RecordOf(names, values))
}
