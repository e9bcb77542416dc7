// Command bench times the examples at -O0 and -O2 with each backend and prints
// a table of medians and ratios.
//
//	go run ./bench
//
// -examples=pca_rows,score_rows times loops over single rows instead, which are
// in bench/programs.
//
// It is run from the root of the repository. The configurations of an example
// take turns, so that what else the machine does meets all of them alike. The
// time of a run is from the start of the machine to the end of the program;
// loading and optimizing are not in it, compiling graphs is.
package main

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"strings"
)

func main() {
	rounds := flag.Int("rounds", 7, "timed runs of each configuration")
	names := flag.String("examples", "train_pca,digits_logreg,digits_mlp", "examples, or programs of bench/programs, to time, separated by commas")
	flag.Parse()
	if *rounds < 1 || flag.NArg() > 0 {
		fmt.Fprintln(os.Stderr, "bench: want at least 1 round and no arguments; see go run ./bench -help")
		os.Exit(2)
	}
	fmt.Printf("Medians of %d runs, and the time relative to -O0 with the step backend. %s, %s/%s, %d cores.\n\n",
		*rounds, runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU())
	fmt.Print(header())
	for _, name := range strings.Split(*names, ",") {
		times, err := measure(name, *rounds)
		if err != nil {
			fmt.Fprintf(os.Stderr, "bench: %s\n", err)
			os.Exit(1)
		}
		fmt.Print(row(name, times))
	}
}
