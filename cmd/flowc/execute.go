package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"syscall"
	"time"

	"golang.org/x/term"

	"flowc.dev/flowc"
	"flowc.dev/flowc/ir"
)

// execute compiles the program in a file and runs or prints it.
func execute(s streams, o options, path string) error {
	family, err := flowc.Options{Level: int(o.level), Backend: o.backend}.Family()
	if err != nil {
		return usageError{err}
	}
	r := &result{Level: int(o.level), Backend: family, Status: statusError, Passes: []passResult{}}
	err = newJob(s, o, r).do(path)
	var usage usageError
	if o.json && !o.emit && !errors.As(err, &usage) {
		r.setError(err)
		if writeErr := r.write(s.out); writeErr != nil {
			return errors.Join(err, writeErr)
		}
	}
	return err
}

// A job is one execution of the command.
type job struct {
	streams
	options
	result   *result
	prints   *bufio.Writer // of what the program prints
	progress *progress
	toScreen bool // prints and progress share a terminal
}

func newJob(s streams, o options, r *result) *job {
	j := &job{streams: s, options: o, result: r}
	out := s.out
	if o.json {
		out = s.err
	}
	j.toScreen = isTerminal(out) && isTerminal(s.err)
	j.prints = bufio.NewWriter(out)
	return j
}

// isTerminal reports whether w is a terminal with room for a bar.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	width, height, err := term.GetSize(int(f.Fd()))
	return err == nil && width > 0 && height > 0
}

func (j *job) do(path string) error {
	p, err := load(j.in, path)
	if err != nil {
		return err
	}
	j.result.Name, j.result.Digest = p.Name, ir.Digest(p)
	values, err := inputs(p, j.set)
	if err != nil {
		return usageError{err}
	}
	compiled, err := j.compile(p)
	if err != nil {
		return err
	}
	if j.emit {
		return j.emitProgram(compiled)
	}
	return j.run(compiled, values)
}

// load reads a program from a file, "-" being standard input.
func load(in io.Reader, path string) (*ir.Program, error) {
	if path == "-" {
		return flowc.Read(in, "standard input")
	}
	p, err := flowc.Load(path)
	var unreadable *fs.PathError
	if errors.As(err, &unreadable) {
		return nil, usageError{fmt.Errorf("cannot read the program: %w", err)}
	}
	return p, err
}

func (j *job) compile(p *ir.Program) (*flowc.Compiled, error) {
	o := flowc.Options{Level: int(j.level), Backend: j.backend, Passes: j.passes, Seed: j.seed, Print: j.printLine, Profile: j.profile}
	if j.printAfterAll {
		o.Trace = tracer(j.err)
	}
	compiled, err := flowc.Compile(p, o)
	if err != nil {
		return nil, err
	}
	j.result.setPasses(&compiled.Report, j.timePasses)
	return compiled, nil
}

func (j *job) emitProgram(c *flowc.Compiled) error {
	text, err := flowc.Print(c.Program)
	if err != nil {
		return err
	}
	if _, err := j.out.Write(text); err != nil {
		return err
	}
	if j.timePasses {
		fmt.Fprint(j.err, describePasses(&c.Report, true))
	}
	return nil
}

// printLine writes a line that the program prints.
func (j *job) printLine(line string) {
	if j.toScreen && j.progress != nil && j.progress.bar != nil {
		fmt.Fprintln(j.progress.bar, line)
		return
	}
	fmt.Fprintln(j.prints, line)
}

func (j *job) run(c *flowc.Compiled, values map[string]ir.Value) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal kills

	start := time.Now()
	m, err := c.Start(values)
	if err == nil {
		j.progress = newProgress(j.err, isTerminal(j.err), j.title(c.Source), j.total(c.Source), time.Now)
		err = j.drive(ctx, m, start)
		j.progress.stop()
	}
	j.result.Seconds = time.Since(start).Seconds()
	if flushErr := j.prints.Flush(); err == nil {
		err = flushErr
	}
	if m != nil {
		j.result.Steps, j.result.outputs = m.Steps(), m.Outputs()
	}
	return j.finish(c, m, err)
}

// title names the program in progress and reports.
func (j *job) title(p *ir.Program) string {
	if p.Name != "" {
		return p.Name
	}
	return "program"
}

// total returns the number of steps that will be done, 0 if that is unknown.
func (j *job) total(p *ir.Program) int64 {
	total, ok := totalSteps(p)
	if j.hasMaxSteps && (!ok || j.maxSteps < total) {
		return j.maxSteps
	}
	if !ok {
		return 0
	}
	return total
}
