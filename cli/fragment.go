package cli

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"flowc.dev/flowc"
	"flowc.dev/flowc/backend"
	"flowc.dev/flowc/process"
)

// newFragmentCommand returns the command that a flowc which runs a program runs
// for each fragment that the program spawns. What a fragment spawns runs one at
// a time.
func newFragmentCommand(s streams) *cobra.Command {
	o := options{level: 2}
	cmd := &cobra.Command{
		Use:    "fragment",
		Short:  "run a spawned fragment for another flowc",
		Hidden: true,
		Args:   noFiles,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
			defer stop()
			return process.Serve(ctx, s.in, s.out, func(ctx context.Context, half *flowc.Snapshot, started func(*backend.FragmentRun)) (backend.FragmentState, error) {
				options := s.compiling(flowc.Options{Level: int(o.level), Passes: o.passes})
				if cmd.Flags().Changed("fuel") {
					options.Fuel = &o.fuel
				}
				o.processes.set(&options)
				return flowc.RunFragment(ctx, half, options, started)
			})
		},
	}
	cmd.Flags().VarP(&o.level, "level", "O", "optimization level")
	cmd.Flags().StringVar(&o.passes, "passes", "", "optional passes")
	cmd.Flags().Int64Var(&o.fuel, "fuel", 0, "rewrites of optional passes")
	o.processes.add(cmd.Flags())
	return cmd
}
