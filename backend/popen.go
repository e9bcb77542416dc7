package backend

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"flowc.dev/flowc/ir"
)

// popenLeaf launches a process in one step. The step that follows, once the
// process has ended, stores what it gave.
type popenLeaf struct {
	args    *expr
	timeout time.Duration
	rerun   bool // a resumed run launches the process again
}

func (l *linker) popen(c *scopeCode, st *stmt) error {
	n := st.node
	leaf := &popenLeaf{args: &expr{kind: exprList, node: n}, rerun: n.Text("on_restore") == "rerun"}
	if text := n.Text("timeout"); text != "" {
		var err error
		if leaf.timeout, err = time.ParseDuration(text); err != nil || leaf.timeout <= 0 {
			return l.problem(n, "the timeout %q is no positive duration", text)
		}
	}
	st.exec = leaf
	l.m.outside.waits = true
	return l.operands(c, leaf.args, n.Args, nil)
}

// exec launches the process.
func (l *popenLeaf) exec(m *Machine, s *strand, f *frame, _ *stmt) error {
	if err := m.evalArgs(l.args, f.regs); err != nil {
		return err
	}
	argv := make([]ir.Value, len(l.args.vals))
	for i, v := range l.args.vals {
		text, err := argument(v)
		if err != nil {
			return at(l.args.args[i].node, fmt.Errorf("argument %d of popen is %w", i, err))
		}
		argv[i] = ir.String(text)
	}
	return m.launch(s, l, ir.ListOf(argv...))
}

// argument returns the string that a value is as an argument of a process.
func argument(v ir.Value) (string, error) {
	switch {
	case v.Kind() == ir.Str && strings.ContainsRune(v.Text(), 0):
		return "", errors.New("a string with a zero byte, which no process can be given")
	case v.Kind() == ir.Str:
		return v.Text(), nil
	case v.IsScalar():
		return ir.FormatNumber(v), nil
	}
	return "", fmt.Errorf("%s: want a string or a number of rank 0", v.Type())
}

var errNoPopen = errors.New("popen is denied: the flowc command allows programs with --allow-popen=name, a Go program by setting Programs")

// launch starts the process with the given argument vector for strand s.
func (m *Machine) launch(s *strand, l *popenLeaf, argv ir.Value) error {
	if m.cfg.Programs == nil {
		return errNoPopen
	}
	c := Command{Timeout: l.timeout}
	for _, arg := range argv.List().Items {
		c.Args = append(c.Args, arg.Text())
	}
	p, err := m.cfg.Programs.Start(c, m.outside.signal)
	if err != nil {
		return fmt.Errorf("popen: %w", err)
	}
	argv.Freeze()
	s.process, s.argv = p, argv
	return nil
}

// poll stores what the process of strand s has given. It reports false if the
// process, which a resumed run has to launch again, has only been launched.
func (m *Machine) poll(s *strand) (bool, error) {
	st, f := s.leaf, s.top()
	leaf := st.exec.(*popenLeaf)
	if s.process == nil {
		if !leaf.rerun {
			return false, errors.New("the process that this popen had launched ended with the run that was saved: " +
				"a popen with on_restore rerun, which an edit of the snapshot can set, is launched again")
		}
		return false, m.launch(s, leaf, s.argv)
	}
	result, err := s.process.Result()
	if err != nil {
		return false, fmt.Errorf("popen: %w", err)
	}
	if err := st.finish(f, []ir.Value{ir.Int(result.Status), ir.String(result.Output)}, 0, nil); err != nil {
		return false, err
	}
	s.endProcess()
	return true, nil
}

// endProcess ends what the strand has launched, if anything.
func (s *strand) endProcess() {
	if s.process != nil {
		s.process.Close()
	}
	s.process, s.argv = nil, ir.Value{}
}

// endProcesses is endProcess for s and the strands of the weaves in it.
func (s *strand) endProcesses() {
	if s.process != nil {
		s.process.Close()
	}
	for i := range s.frames {
		if w := s.frames[i].weave; w != nil {
			for _, inner := range w.strands {
				inner.endProcesses()
			}
		}
	}
}

// polls reports whether st can be waiting for a process with the given argument
// vector.
func (st *stmt) polls(argv ir.Value) bool {
	if st == nil || argv.List() == nil || len(argv.List().Items) == 0 {
		return false
	}
	for _, arg := range argv.List().Items {
		if arg.Kind() != ir.Str {
			return false
		}
	}
	_, ok := st.exec.(*popenLeaf)
	return ok
}
