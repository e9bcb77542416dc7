package cli

import (
	"encoding/csv"
	"errors"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"flowc.dev/flowc"
	"flowc.dev/flowc/process"
)

// processFlags say what processes a program may have. No program can say so
// itself, and no snapshot does.
type processFlags struct {
	allowPopen []string
	jobs       int
}

func (f *processFlags) add(flags *pflag.FlagSet) {
	flags.StringSliceVar(&f.allowPopen, "allow-popen", nil, "programs that popen may run: names or paths, separated by commas (default none)")
	flags.IntVar(&f.jobs, "jobs", 0, "spawned fragments that run at a time (default the number of CPUs)")
}

func (f *processFlags) check(cmd *cobra.Command) error {
	if cmd.Flags().Changed("jobs") && f.jobs < 1 {
		return errors.New("--jobs " + strconv.Itoa(f.jobs) + ": want 1 or more")
	}
	return nil
}

// set sets what runs the processes of a program that is compiled with o.
func (f *processFlags) set(o *flowc.Options) {
	if len(f.allowPopen) > 0 {
		o.Programs = process.NewPrograms(f.allowPopen...)
	}
	path, err := executable()
	if err != nil {
		return // fragments run in this process
	}
	args := []string{os.Args[0], "fragment", "-O" + strconv.Itoa(o.Level), "--jobs=1"}
	if o.Passes != "" {
		args = append(args, "--passes="+o.Passes)
	}
	if o.Fuel != nil {
		args = append(args, "--fuel="+strconv.FormatInt(*o.Fuel, 10))
	}
	if len(f.allowPopen) > 0 {
		args = append(args, "--allow-popen="+list(f.allowPopen))
	}
	o.Fragments = process.NewFragments(f.jobs, path, args...)
}

// list returns names as the flag takes them.
func list(names []string) string {
	var b strings.Builder
	w := csv.NewWriter(&b)
	w.Write(names) // to a string
	w.Flush()
	return strings.TrimSuffix(b.String(), "\n")
}

// executable returns the path of this program. Where the system has a name for
// the running one, that stays the same when the file is replaced.
func executable() (string, error) {
	const running = "/proc/self/exe"
	if _, err := os.Stat(running); err == nil {
		return running, nil
	}
	return os.Executable()
}
