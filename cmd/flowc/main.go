// Command flowc compiles and runs flowc programs.
//
//	flowc -O2 prog.json
//
// It exits with 0 when the program is done, 1 when the program could not be
// loaded, compiled, started or run to its end, 2 when the command line is wrong
// or names a file that cannot be read, 3 when --max-steps or --max-time was
// reached, 75 when it was interrupted and has saved a snapshot to go on from, and
// 130 when it was interrupted without.
package main

import "flowc.dev/flowc/cli"

func main() { cli.Main(cli.Options{}) }
