// Package stabilize replaces numerically weak forms within one statement by the
// ops made for them.
package stabilize

import (
	"flowc.dev/flowc/passes/dataflow"
	"flowc.dev/flowc/passes/pass"
)

// Pass is the required lowering to stable forms.
var Pass = &pass.Pass{
	Name:     "stabilize",
	Doc:      "Replaces forms that overflow or lose digits, such as log(softmax(x)), by the ops made for them, within one statement.",
	Exact:    true,
	Required: true,
	Rewrites: dataflow.Rewrites(Rules),
	Run:      dataflow.RewriteStatements(Rules),
}
