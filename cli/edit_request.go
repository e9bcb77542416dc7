package cli

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ir/text"
)

// An editRequest is one --find with the flags after it, or a declaration.
type editRequest struct {
	declare      string // "object layer = ..."
	find         string
	action, with string
	every, when  string
	expect       int // -1: at least one

	program     *ir.Program // of declare
	pattern     []*ir.Node
	replacement []*ir.Node
	options     []ir.EditOption
}

// editRequests are the requests of a command line, in order.
type editRequests struct {
	list []*editRequest
	// err is the first mistake in the order of the flags.
	err error
}

func (l *editRequests) addFlags(flags *pflag.FlagSet) {
	add := func(name, usage string, set func(value string) error) *pflag.Flag {
		return flags.VarPF(setter{set}, name, "", usage)
	}
	add("find", "pattern to look for; begins an edit", func(v string) error {
		l.list = append(l.list, &editRequest{find: v, expect: -1})
		return nil
	})
	for _, a := range []struct{ name, usage string }{
		{"replace", "what takes the place of each match; $0 is the match"},
		{"before", "statements to run before each match, as a hook"},
		{"after", "statements to run after each match, as a hook"},
		{"around", "statements around $0, the match"},
	} {
		add(a.name, a.usage, func(v string) error { return l.act(a.name, v) })
	}
	add("delete", "delete the matches", func(v string) error { return l.act("delete", "") }).NoOptDefVal = "true"
	add("every", `run the hook at every k-th arrival (100), or not more often than a time allows ("10s")`,
		func(v string) error { l.current("every").every = v; return nil })
	add("when", "run the hook only when this condition holds", func(v string) error { l.current("when").when = v; return nil })
	add("expect", "the number of matches that there must be", func(v string) (err error) {
		r := l.current("expect")
		if r.expect, err = strconv.Atoi(v); err != nil || r.expect < 0 {
			return errors.New("want a whole number, 0 or more")
		}
		return nil
	})
	for _, kind := range []string{"object", "register"} {
		add(kind, fmt.Sprintf("declare an %s more, as in a program: 'name = ...'", kind), func(v string) error {
			l.list = append(l.list, &editRequest{declare: kind + " " + v})
			return nil
		})
	}
	flags.Lookup("register").Usage = "declare a register more, as in a program: 'name = 0.5'"
}

// setter is a flag whose values are taken in the order of the command line.
type setter struct{ set func(string) error }

func (setter) String() string       { return "" }
func (setter) Type() string         { return "text" }
func (s setter) Set(v string) error { return s.set(v) }

// current returns the edit that the last --find began. Without one, that is the
// mistake, and what the flag says goes nowhere.
func (l *editRequests) current(flag string) *editRequest {
	if n := len(l.list); n > 0 && l.list[n-1].declare == "" {
		return l.list[n-1]
	}
	l.fail(fmt.Errorf("--%s: want --find and the pattern that it is for in front of it", flag))
	return &editRequest{}
}

func (l *editRequests) fail(err error) {
	if l.err == nil {
		l.err = err
	}
}

func (l *editRequests) act(action, with string) error {
	r := l.current(action)
	if r.action != "" {
		l.fail(fmt.Errorf("--%s: there is --%s already: begin another edit with --find", action, r.action))
	}
	r.action, r.with = action, with
	return nil
}

// parse parses the requests.
func (l *editRequests) parse() ([]*editRequest, error) {
	switch {
	case l.err != nil:
		return nil, l.err
	case len(l.list) == 0:
		return nil, errors.New("want --find and a pattern")
	}
	for _, r := range l.list {
		if err := r.parse(); err != nil {
			return nil, err
		}
	}
	return l.list, nil
}

func (l *editRequests) onlyLists() bool {
	for _, r := range l.list {
		if !r.lists() {
			return false
		}
	}
	return true
}

func (r *editRequest) lists() bool { return r.declare == "" && r.action == "" }

// changes reports whether an edit that had the result m has changed anything.
func (r *editRequest) changes(m *ir.EditMap) bool {
	return r.declare != "" || !r.lists() && len(m.Matches) > 0
}

func (r *editRequest) parse() (err error) {
	if r.declare != "" {
		if r.program, err = text.Parse([]byte(r.declare+"\n"), ""); err != nil {
			return fmt.Errorf("--%s: %w", r.declare, err)
		}
		if len(r.program.Objects)+len(r.program.Registers) != 1 || len(r.program.Body) > 0 {
			return fmt.Errorf("--%s: want one declaration", r.declare)
		}
		return nil
	}
	if strings.TrimSpace(r.find) == "" {
		return fmt.Errorf("--find %q: want a pattern, such as 'loss = $_'; '$s' finds all statements", r.find)
	}
	if r.pattern, err = parsePattern("find", r.find); err != nil {
		return err
	}
	if r.action != "" && r.action != "delete" {
		if r.replacement, err = parsePattern(r.action, r.with); err != nil {
			return err
		}
	}
	if r.lists() && (r.every != "" || r.when != "") {
		return errors.New("--every and --when are for hooks: want --before or --after")
	}
	if r.every != "" {
		every, err := parseEvery(r.every)
		if err != nil {
			return err
		}
		r.options = append(r.options, ir.Every(every))
	}
	if r.when != "" {
		condition, err := parsePattern("when", r.when)
		if err == nil && len(condition) != 1 {
			err = errors.New("--when: want one condition")
		}
		if err != nil {
			return err
		}
		r.options = append(r.options, ir.When(condition[0]))
	}
	if r.expect >= 0 {
		r.options = append(r.options, ir.Expect(r.expect))
	}
	r.options = append(r.options, ir.Describe(r.describe()))
	return nil
}

func parsePattern(flag, src string) ([]*ir.Node, error) {
	nodes, err := text.ParsePattern([]byte(src), "")
	if err != nil {
		return nil, fmt.Errorf("--%s %q: %w", flag, src, err)
	}
	return nodes, nil
}

func parseEvery(s string) (ir.Value, error) {
	if k, err := strconv.ParseInt(s, 10, 64); err == nil && k > 0 {
		return ir.Int(k), nil
	}
	if d, err := time.ParseDuration(s); err == nil && d > 0 {
		return ir.String(s), nil
	}
	return ir.Value{}, fmt.Errorf("--every %s: want a positive whole number, such as 100, or a time, such as 10s", s)
}

// describe returns what the edit does, for reports and the record in a
// snapshot.
func (r *editRequest) describe() string {
	if r.declare != "" {
		return r.declare
	}
	s := r.action + " " + r.find
	switch {
	case r.action == "":
		s = "find " + r.find
	case r.with != "":
		s += ": " + r.with
	}
	if r.every != "" {
		s += ", every " + r.every
	}
	if r.when != "" {
		s += ", when " + r.when
	}
	return s
}

// apply makes the edit of p.
func (r *editRequest) apply(p *ir.Program) (edited *ir.Program, m *ir.EditMap, err error) {
	switch r.action {
	case "replace":
		edited, m, err = ir.Replace(p, r.pattern, r.replacement, r.options...)
	case "before":
		edited, m, err = ir.Before(p, r.pattern, r.replacement, r.options...)
	case "after":
		edited, m, err = ir.After(p, r.pattern, r.replacement, r.options...)
	case "around":
		edited, m, err = ir.Around(p, r.pattern, r.replacement, r.options...)
	case "delete":
		edited, m, err = ir.Delete(p, r.pattern, r.options...)
	default:
		return r.look(p)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", r.describe(), err)
	}
	if len(m.Matches) == 0 && r.expect < 0 {
		return nil, nil, fmt.Errorf("%s: there is no match; flowc edit --find '$s' lists all statements", r.describe())
	}
	return edited, m, nil
}

// look is an edit that changes no statement.
func (r *editRequest) look(p *ir.Program) (*ir.Program, *ir.EditMap, error) {
	if r.declare == "" {
		matches, err := ir.Find(p, r.pattern)
		if err == nil && r.expect >= 0 && len(matches) != r.expect {
			err = &ir.MatchError{File: p.File, Want: r.expect, Matches: matches}
		}
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", r.describe(), err)
		}
		return p, &ir.EditMap{Matches: matches}, nil
	}
	edited := ir.Declare(p, r.program)
	return edited, &ir.EditMap{What: r.describe()}, nil
}
