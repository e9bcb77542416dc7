package cli

import (
	"fmt"

	"flowc.dev/flowc"
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ir/state"
	"flowc.dev/flowc/snapshot"
)

// snapshot edits a half-run program.
func (e *editing) snapshot(path string, list []*editRequest) error {
	target := path
	if e.output != "" {
		target = e.output
	}
	if !e.requests.onlyLists() {
		if err := checkTarget(target); err != nil {
			return err
		}
	}
	s, err := loadSnapshot(e.err, path)
	if err != nil {
		return err
	}
	changed := false
	for _, r := range list {
		edited, m, err := r.apply(s.Program)
		if err != nil {
			return err
		}
		if r.lists() {
			if err := e.list(s.Program, m.Matches); err != nil {
				return err
			}
			continue
		}
		if r.changes(m) {
			changed = true
			if s, err = state.Rebase(s, edited, m); err != nil {
				return err
			}
		}
		if err := e.said(r, m); err != nil {
			return err
		}
	}
	if !changed && target == path || e.requests.onlyLists() {
		return nil
	}
	if err := ir.Verify(s.Program, e.registry().Library()); err != nil {
		return fmt.Errorf("the edited program: %w", err)
	}
	if n := runningFragments(s); n > 0 && changed {
		fmt.Fprintf(e.err, "flowc: %s: the edit holds for those spawned later\n", keepProgram(n))
	}
	return snapshot.Save(target, s)
}

// runningFragments counts the spawned fragments that have not ended.
func runningFragments(s *flowc.Snapshot) int {
	count := 0
	for _, child := range s.Run.Children {
		for i := range child.Copies {
			if child.Copies[i].Run.Main.Next != state.Done {
				count++
			}
		}
	}
	return count
}

func keepProgram(fragments int) string {
	if fragments == 1 {
		return "1 fragment is running and keeps its program"
	}
	return fmt.Sprintf("%d fragments are running and keep their program", fragments)
}
