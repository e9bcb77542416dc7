package passes

import (
	"fmt"
	"strings"
	"time"

	"flowc.dev/flowc/passes/pass"
)

// A Report says what each pass did.
type Report struct {
	Family string       `json:"family"`
	Passes []PassReport `json:"passes"`
	// Verification is what it took to verify what passes made, most of it while
	// the next ones ran.
	Verification time.Duration `json:"-"`
}

// A PassReport says what one pass did.
type PassReport struct {
	Name     string `json:"name"`
	Required bool   `json:"required"`
	// Round counts from 1 in a group that is repeated, and is 0 elsewhere.
	Round   int  `json:"round,omitempty"`
	Changed bool `json:"changed"`
	pass.Stats
	Time time.Duration `json:"-"`
}

// Pipeline returns the names of the passes that ran, separated by commas.
func (r *Report) Pipeline() string {
	names := make([]string, len(r.Passes))
	for i := range r.Passes {
		names[i] = r.Passes[i].Name
	}
	return strings.Join(names, ",")
}

// String returns one line for each pass that changed the program.
func (r *Report) String() string {
	var b strings.Builder
	for i := range r.Passes {
		if p := &r.Passes[i]; p.Changed {
			fmt.Fprintf(&b, "%s: %s\n", p.Name, p.Stats.String())
		}
	}
	return b.String()
}
