package flowc_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"flowc.dev/flowc"
)

// A program that never ends by itself.
const endless = `{"flowc": 1, "registers": {"n": 0}, "outputs": ["n"], "body": [
  {"loop": [{"call": "add", "args": [{"reg": "n"}, 1], "store": "n"}]}]}`

// A machine runs in someone else's event loop: it does a slice of its steps when
// nothing else is to be done, and waits for nothing. Here the loop has a timer,
// which writes a file, and a watch of that file, which ends the program.
func Example_eventLoop() {
	program, err := flowc.Parse([]byte(endless), "endless.json")
	if err != nil {
		fmt.Println(err)
		return
	}
	compiled, err := flowc.Compile(program, flowc.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	machine, err := compiled.Start(nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer machine.Close()

	dir, err := os.MkdirTemp("", "eventloop")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "stop")

	var timer <-chan time.Time // set once the program has begun
	watch := time.NewTicker(time.Millisecond)
	defer watch.Stop()
	ready := make(chan struct{})
	close(ready) // there is always something to do for a machine that is ready
	turn := ready
	var stepsAtTimer int64
	for {
		select {
		case <-timer:
			stepsAtTimer = machine.Steps()
			fmt.Println("the timer fires; the program has done steps:", stepsAtTimer > 0)
			if err := os.WriteFile(file, []byte("stop"), 0o600); err != nil {
				fmt.Println(err)
				return
			}
		case <-watch.C:
			if _, err := os.Stat(file); err != nil {
				continue
			}
			fmt.Println("the file is there; the program has gone on:", machine.Steps() >= stepsAtTimer)
			return
		case <-turn:
			status, err := machine.Run(context.Background(), flowc.Budget{Steps: 1000, Time: time.Millisecond})
			if timer == nil {
				timer = time.After(20 * time.Millisecond)
			}
			switch {
			case err != nil || status == flowc.Done:
				fmt.Println("the program ends:", err)
				return
			case status == flowc.Blocked:
				turn = nil // it waits for a process: Wake tells when that has ended
			}
		case <-machine.Wake():
			turn = ready
		}
	}
	// Output:
	// the timer fires; the program has done steps: true
	// the file is there; the program has gone on: true
}
