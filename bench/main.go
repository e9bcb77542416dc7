// Command bench times the examples at -O0 and -O2 with each backend and prints
// a table of medians and ratios.
//
//	go run ./bench
//
// -examples=pca_rows,score_rows times loops over single rows instead, which are
// in bench/programs.
//
// -programs compares -O2 with -O0 within each family instead, on all of
// bench/programs and the examples, or on those that -examples names. It prints the
// median of the ratios of pairs of samples that follow each other, with its 95 %
// confidence interval by order statistics, marks what is slower, which is
// what has the whole interval above 1.05, and exits with 1 if anything is.
//
// Programs whose comment has the line "level: 3" are about what -O3 adds, and
// compare -O3 with -O2. Those that are also in bench/programs/apart are about what
// every level does within a statement, and are compared with the version there,
// of one call a statement, both at -O2. optimizations.go says which program is about what.
//
// It is run from the root of the repository. The configurations of an example
// take turns, so that what else the machine does meets all of them alike. The
// time of a run is from the start of the machine to the end of the program;
// loading and optimizing are not in it, compiling graphs is.
package main

import (
	"cmp"
	"flag"
	"fmt"
	"os"
	"runtime"
	"strings"
)

func main() {
	rounds := flag.Int("rounds", 0, "timed runs of each configuration; 0 is 7, or 15 pairs with -programs")
	names := flag.String("examples", "", "examples, or programs of bench/programs, to time, separated by commas; "+
		"empty is train_pca,digits_logreg,digits_mlp, or all with -programs")
	pairs := flag.Bool("programs", false, "compare -O2 with -O0 within each family; a program with the line \"level: 3\" in its comment -O3 with -O2, "+
		"one that is in bench/programs/apart too with the version there")
	flag.Parse()
	if *rounds == 0 {
		*rounds = 7
		if *pairs {
			*rounds = 15
		}
	}
	if *rounds < 1 || flag.NArg() > 0 {
		fmt.Fprintln(os.Stderr, "bench: want at least 1 round and no arguments; see go run ./bench -help")
		os.Exit(2)
	}
	slower, err := 0, error(nil)
	if *pairs {
		slower, err = programTable(*names, *rounds)
	} else {
		err = exampleTable(cmp.Or(*names, "train_pca,digits_logreg,digits_mlp"), *rounds)
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "bench: %s\n", err)
		os.Exit(1)
	}
	if slower > 0 {
		fmt.Fprintf(os.Stderr, "bench: slower than what they are compared with: %d\n", slower)
		os.Exit(1)
	}
}

func exampleTable(names string, rounds int) error {
	fmt.Printf("Medians of %d runs, and the time relative to -O0 with the step backend. %s.\n\n", rounds, machine())
	fmt.Print(header())
	for _, name := range strings.Split(names, ",") {
		times, err := measure(name, rounds)
		if err != nil {
			return err
		}
		fmt.Print(row(name, times))
	}
	return nil
}

func programTable(names string, rounds int) (slower int, err error) {
	list := strings.Split(names, ",")
	if names == "" {
		if list, err = programs("."); err != nil {
			return 0, err
		}
	}
	fmt.Printf("Medians of the ratios of %d pairs and their 95 %% intervals. %s.\n\n", rounds, machine())
	return comparePrograms(os.Stdout, list, rounds)
}

// machine says what it is that is measured on.
func machine() string {
	return fmt.Sprintf("%s, %s/%s, %d cores", runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU())
}
