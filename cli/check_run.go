package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"flowc.dev/flowc/checkrun"
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/passes/pass"
)

// checkRun runs the program before and after each pass and reports what differs.
func (j *job) checkRun(p *ir.Program, values map[string]ir.Value) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal kills, should a pass never return
	defer stop()
	o := checkrun.Options{Options: j.compileOptions(), Inputs: values, MaxSteps: j.maxSteps}
	report, err := checkrun.Run(ctx, p, o)
	switch {
	case ctx.Err() != nil:
		return exitError(exitInterrupted)
	case err != nil:
		return err
	}
	if err := j.writeCheck(p, report); err != nil {
		return err
	}
	if !report.OK() {
		return exitError(exitProgram)
	}
	return nil
}

func (j *job) writeCheck(p *ir.Program, report *checkrun.Report) error {
	if !j.json {
		_, err := fmt.Fprintf(j.out, "%s, -O%d, %s: %s", j.title(p), j.result.Level, j.result.Backend, report.Text(p.File))
		return err
	}
	text, err := json.Marshal(j.checkResult(report))
	if err != nil {
		return err
	}
	_, err = j.out.Write(append(text, '\n'))
	return err
}

// A checkResult is what --check=run --json prints.
type checkResult struct {
	Name    string `json:"name"`
	Digest  string `json:"digest"`
	Level   int    `json:"level"`
	Backend string `json:"backend"`
	OK      bool   `json:"ok"`
	Steps   int64  `json:"steps"`
	Ended   bool   `json:"ended"`
	// Points is the number of sync points compared.
	Points   int                `json:"points"`
	Passes   []checkedPass      `json:"passes"`
	Unstable *checkedDifference `json:"unstable,omitempty"`
	Faults   []checkedFault     `json:"faults"`
}

type checkedPass struct {
	Name   string       `json:"name"`
	Counts []pass.Count `json:"counts"`
	// Verdict is equal, different or not compared; Reason says why the latter.
	Verdict    string             `json:"verdict"`
	Reason     string             `json:"reason,omitempty"`
	Difference *checkedDifference `json:"difference,omitempty"`
}

type checkedDifference struct {
	Step      int64             `json:"step"`
	Split     string            `json:"split"`
	What      string            `json:"what"`
	Before    string            `json:"before"`
	After     string            `json:"after"`
	Statement *checkedStatement `json:"statement,omitempty"`
}

type checkedFault struct {
	Who  string `json:"who"`
	What string `json:"what"`
	// Step is left out of what was seen before the first one.
	Step      *int64            `json:"step,omitempty"`
	Statement *checkedStatement `json:"statement,omitempty"`
}

type checkedStatement struct {
	ID       ir.ID  `json:"id"`
	Line     int32  `json:"line,omitempty"`
	Column   int32  `json:"column,omitempty"`
	Headline string `json:"headline"`
}

func (j *job) checkResult(r *checkrun.Report) *checkResult {
	c := &checkResult{Name: j.result.Name, Digest: j.result.Digest, Level: j.result.Level, Backend: j.result.Backend, OK: r.OK(),
		Steps: r.Steps, Ended: r.Ended, Points: r.Points, Passes: []checkedPass{}, Unstable: differenceOf(r.Unstable), Faults: []checkedFault{}}
	for i := range r.Passes {
		p := &r.Passes[i]
		one := checkedPass{Name: p.Name, Counts: p.Rewrites, Verdict: "equal", Reason: p.Skipped, Difference: differenceOf(p.Difference)}
		switch {
		case p.Difference != nil:
			one.Verdict = "different"
		case p.Skipped != "":
			one.Verdict = "not compared"
		}
		c.Passes = append(c.Passes, one)
	}
	for i := range r.Faults {
		f := &r.Faults[i]
		one := checkedFault{Who: f.Who, What: f.What, Statement: statementOf(f.Statement)}
		if f.Step >= 0 {
			one.Step = &f.Step
		}
		c.Faults = append(c.Faults, one)
	}
	return c
}

func differenceOf(d *checkrun.Difference) *checkedDifference {
	if d == nil {
		return nil
	}
	return &checkedDifference{d.Step, d.Split, d.What, d.Before, d.After, statementOf(d.Statement)}
}

func statementOf(n *ir.Node) *checkedStatement {
	if n == nil {
		return nil
	}
	return &checkedStatement{n.ID, n.Pos.Line, n.Pos.Column, n.Headline()}
}
