package cli

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"flowc.dev/flowc/checkrun"
	"flowc.dev/flowc/ir"
)

// checkRun runs the program before and after each pass and reports what differs.
func (j *job) checkRun(p *ir.Program, values map[string]ir.Value) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	o := checkrun.Options{Options: j.compileOptions(), Inputs: values, MaxSteps: j.maxSteps}
	report, err := checkrun.Run(ctx, p, o)
	switch {
	case ctx.Err() != nil:
		return exitError(exitInterrupted)
	case err != nil:
		return err
	}
	if _, err := fmt.Fprintf(j.out, "%s, -O%d, %s: %s", j.title(p), j.result.Level, j.result.Backend, report.Text(p.File)); err != nil {
		return err
	}
	if !report.OK() {
		return exitError(exitProgram)
	}
	return nil
}
