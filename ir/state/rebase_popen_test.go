package state_test

import (
	"strings"
	"testing"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ir/state"
)

// A process that has been launched ends with its run. What a resumed run does
// about that may be changed, what is launched may not.
func TestRebaseOfALaunchedProcess(t *testing.T) {
	s := halfRun(t, `"body": [{"print": ["a"]}, {"popen": ["true"], "store": ["status", "out"]}]`, 1)
	popen := s.Program.Body[1]
	s.Run.Main.Next, s.Run.Main.Value = state.Poll, ir.ListOf(ir.String("true"))
	edit := func(n *ir.Node) error {
		p := s.Program.Copy()
		p.Body = []*ir.Node{p.Body[0], n}
		_, err := state.Rebase(s, p, &ir.EditMap{Edited: []ir.ID{n.ID}, What: "an edit"})
		return err
	}
	if err := edit(popen.WithAttr("on_restore", ir.String("rerun"))); err != nil {
		t.Error(err)
	}
	other := popen.Copy()
	other.Args = []*ir.Node{ir.Const(ir.String("false"))}
	if err := edit(other); err == nil || !strings.Contains(err.Error(), "whose process has been launched") {
		t.Errorf("another process: %v", err)
	}
}
