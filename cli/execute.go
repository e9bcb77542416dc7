package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"golang.org/x/term"

	"flowc.dev/flowc"
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/passes/history"
)

// execute does what a command does with a program: compile it, and run or print
// it.
func execute(s streams, o options, do func(*job) error) error {
	family, err := flowc.Options{Level: int(o.level), Backend: o.backend}.Family()
	if err != nil {
		return usageError{err}
	}
	if _, err := s.table().Pipeline(family, o.passes); err != nil {
		return usageError{fmt.Errorf("--passes %s: %w", o.passes, err)}
	}
	r := &result{Level: int(o.level), Backend: family, Status: statusError, Passes: []passResult{}}
	err = do(newJob(s, o, r))
	var usage usageError
	var code exitError
	failed := err != nil && !errors.As(err, &code) // and has said nothing
	if o.json && o.emit.Name == "" && (!o.answers() || o.checks != "" && failed) && !errors.As(err, &usage) {
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
	// checkpoint saves the run, and saveEnd says whether also when it ends by
	// itself; nil saves nothing.
	checkpoint *checkpoint
	saveEnd    bool
	asked      chan os.Signal
	firstStep  int64 // steps that had been done before this run
	// history is what the passes did, if anything asks for it.
	history *history.History
}

func newJob(s streams, o options, r *result) *job {
	j := &job{streams: s, options: o, result: r}
	out := s.out
	if o.json {
		out = s.err
	}
	if o.snapshot != "" {
		j.asked = notifySave() // early: the signal would end the command
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
	p, err := load(j.streams, path)
	if err != nil {
		return err
	}
	if err := j.remarkSource(p); err != nil {
		return err
	}
	j.result.Name, j.result.Digest = p.Name, ir.Digest(p)
	values, err := inputs(p, j.set)
	if err != nil {
		return usageError{err}
	}
	if j.checks != "" {
		return j.checkRun(p, values)
	}
	compiled, err := j.compile(p)
	if err != nil {
		return err
	}
	switch {
	case j.why != 0:
		return j.tellWhy(p)
	case j.explain:
		return j.tellExplanation(p)
	case j.emit.Name != "":
		return j.emitProgram(compiled)
	}
	j.saveEnd = true
	return j.run(compiled, func() (*flowc.Machine, error) { return compiled.Start(values) })
}

func (j *job) compile(p *ir.Program) (*flowc.Compiled, error) {
	o := j.compileOptions()
	if j.watches() {
		j.history = &history.History{}
		o.OnFire, o.Trace = j.history.OnFire, j.history.Trace
	}
	if j.printAfterAll {
		o.Trace = both(o.Trace, tracer(j.err))
	}
	compiled, err := flowc.Compile(p, o)
	if err != nil {
		if j.printAfterAll {
			traceFailure(j.err, err)
		}
		return nil, err
	}
	if err := j.complete(&compiled.Report); err != nil {
		return nil, err
	}
	j.result.Digest = ir.Digest(compiled.Source) // of what is run, with what it imports
	j.result.setPasses(&compiled.Report, j.timePasses)
	j.setSizes()
	return compiled, nil
}

// compileOptions are what the flags say of compiling and running.
func (j *job) compileOptions() flowc.Options {
	o := j.compiling(flowc.Options{Level: int(j.level), Backend: j.backend, Passes: j.passes, Seed: j.seed, Print: j.printLine, Profile: j.profile, Logs: flowc.LogDir(j.metricsDir)})
	if j.hasFuel {
		o.Fuel = &j.fuel
	}
	o.Reproducers = j.reproducers
	j.processes.set(&o)
	return o
}

func (j *job) emitProgram(c *flowc.Compiled) error {
	text, err := j.emit.print(c.Program, j.ids)
	if err != nil {
		return err
	}
	if _, err := j.out.Write(text); err != nil {
		return err
	}
	if j.timePasses {
		fmt.Fprint(j.err, describePasses(&c.Report, true))
	}
	j.writeStats(c)
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

// note writes a remark on the error stream.
func (j *job) note(format string, args ...any) {
	if j.progress != nil && j.progress.bar != nil {
		fmt.Fprintf(j.progress.bar, format+"\n", args...)
		return
	}
	fmt.Fprintf(j.err, format+"\n", args...)
}

// run runs the machine that start makes.
func (j *job) run(c *flowc.Compiled, start func() (*flowc.Machine, error)) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal kills

	begin := time.Now()
	m, err := start()
	if m != nil && j.snapshot != "" {
		j.checkpoint = newCheckpoint(j.snapshot, j.every, m.Steps(), j.asked)
	}
	if err == nil {
		j.progress = newProgress(j.err, isTerminal(j.err), j.title(c.Source), j.total(c.Source), time.Now)
		j.progress.first = j.firstStep
		err = j.drive(ctx, m, begin)
		j.progress.stop()
	}
	j.result.Seconds = time.Since(begin).Seconds()
	if flushErr := j.prints.Flush(); err == nil {
		err = flushErr
	}
	err = j.save(m, err)
	if m != nil {
		j.result.Steps, j.result.outputs = m.Steps(), m.Outputs()
		m.Close()
	} else {
		j.result.Steps = j.firstStep
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
