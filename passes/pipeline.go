package passes

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"flowc.dev/flowc/passes/pass"
)

// A Pipeline is the passes that a program goes through.
type Pipeline []Stage

// A Stage is a pass with values for its parameters, or a group of stages that is
// repeated until nothing changes.
type Stage struct {
	Pass *Pass
	Args pass.Args
	// Fixpoint are the stages of a group, which has no Pass.
	Fixpoint []Stage
	// Max is how often the group is gone through at most.
	Max int
}

// defaultRounds is how often a fixpoint group is gone through at most.
const defaultRounds = 10

// maxRounds bounds what a pipeline may say of it.
const maxRounds = 1000

// Names returns the names of the passes, those of groups once.
func (p Pipeline) Names() []string {
	var names []string
	for i := range p {
		if p[i].Pass == nil {
			names = append(names, Pipeline(p[i].Fixpoint).Names()...)
		} else {
			names = append(names, p[i].Pass.Name)
		}
	}
	return names
}

// String returns the pipeline as [Table.Pipeline] reads it.
func (p Pipeline) String() string {
	parts := make([]string, len(p))
	for i := range p {
		parts[i] = p[i].String()
	}
	return strings.Join(parts, ",")
}

// String returns the stage as pipelines spell it.
func (s *Stage) String() string {
	if s.Pass == nil {
		head := "fixpoint"
		if s.Max != defaultRounds {
			head += fmt.Sprintf("{max=%d}", s.Max)
		}
		return head + "(" + Pipeline(s.Fixpoint).String() + ")"
	}
	var args []string
	for i := range s.Pass.Params {
		name := s.Pass.Params[i].Name
		if v, ok := s.Args[name]; ok {
			text := fmt.Sprint(v)
			if _, isText := v.(string); isText && !isWord(text) {
				text = strconv.Quote(text)
			}
			args = append(args, name+"="+text)
		}
	}
	if len(args) == 0 {
		return s.Pass.Name
	}
	return s.Pass.Name + "{" + strings.Join(args, ",") + "}"
}

// optional returns the stages less the required passes.
func (p Pipeline) optional() Pipeline {
	return slices.DeleteFunc(slices.Clone(p), func(s Stage) bool { return s.Pass != nil && s.Pass.Required })
}

// A PipelineError is what is wrong with the text of a pipeline.
type PipelineError struct {
	// Column is where, in bytes from 1.
	Column int
	Err    error
}

// Error returns the place and what is wrong.
func (e *PipelineError) Error() string { return fmt.Sprintf("column %d: %s", e.Column, e.Err) }

// Unwrap returns the cause.
func (e *PipelineError) Unwrap() error { return e.Err }

// Pipeline returns the passes that a program of the family goes through: the
// required ones, then the optional ones that text names, in its order:
//
//	canonicalize,inline{max=1000},fixpoint(merge,dce),collapse
//
// Names are separated by commas; what is in braces sets parameters of the pass;
// fixpoint(...) goes through its passes until none changes anything, 10 times
// at most or as often as fixpoint{max=100}(...) says. "none" is no optional pass,
// and passes of another family are left out. The error is a [*PipelineError].
func (t *Table) Pipeline(family, text string) (Pipeline, error) {
	var pipeline Pipeline
	for _, p := range t.Passes {
		if p.Required && (p.Family == "" || p.Family == family) {
			pipeline = append(pipeline, Stage{Pass: p})
		}
	}
	stages, err := t.optional(family, text)
	if err != nil {
		return nil, err
	}
	return append(pipeline, stages...), nil
}

// anyFamily keeps the passes of all families in a pipeline.
const anyFamily = "*"

// optional reads the optional passes of a pipeline.
func (t *Table) optional(family, text string) (Pipeline, error) {
	r := &pipelineReader{table: t, family: family, text: text, seen: map[string]bool{}}
	if r.blank(); r.at == len(text) {
		return nil, nil
	}
	stages, err := r.stages(false)
	if err == nil && r.at < len(text) {
		err = r.fail(r.at, "found %q: want a comma or the end", text[r.at:r.at+1])
	}
	if err != nil {
		return nil, err
	}
	return stages, nil
}

// with returns the pipeline with a stage beside a pass, or at the end.
func (p Pipeline) with(stage Stage, at Position) Pipeline {
	placed, ok := p.beside(stage, at)
	if !ok {
		placed = append(slices.Clone(p), stage)
	}
	return placed
}

func (p Pipeline) beside(stage Stage, at Position) (placed Pipeline, ok bool) {
	for i := range p {
		if p[i].Pass == nil {
			if inner, ok := Pipeline(p[i].Fixpoint).beside(stage, at); ok {
				placed = slices.Clone(p)
				placed[i].Fixpoint = inner
				return placed, true
			}
			continue
		}
		if p[i].Pass.Name == at.name {
			if at.after {
				i++
			}
			return slices.Insert(slices.Clone(p), i, stage), true
		}
	}
	return p, false
}

// A pipelineReader reads the text of a pipeline.
type pipelineReader struct {
	table  *Table
	family string
	text   string
	at     int
	seen   map[string]bool
	last   string // the name before, to which nothing came in between
}

func (r *pipelineReader) fail(at int, format string, args ...any) error {
	return &PipelineError{at + 1, fmt.Errorf(format, args...)}
}

func (r *pipelineReader) blank() {
	for r.at < len(r.text) && strings.IndexByte(" \t\r\n", r.text[r.at]) >= 0 {
		r.at++
	}
}

// next passes over c, if it comes next.
func (r *pipelineReader) next(c byte) bool {
	r.blank()
	if r.at == len(r.text) || r.text[r.at] != c {
		return false
	}
	r.at++
	r.blank()
	return true
}

func isWordByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-_.+", c) >= 0
}

func isWord(s string) bool {
	for i := range len(s) {
		if !isWordByte(s[i]) {
			return false
		}
	}
	return s != ""
}

func (r *pipelineReader) word() string {
	r.blank()
	start := r.at
	for r.at < len(r.text) && isWordByte(r.text[r.at]) {
		r.at++
	}
	return r.text[start:r.at]
}

func (r *pipelineReader) stages(inGroup bool) ([]Stage, error) {
	var stages []Stage
	for {
		stage, err := r.stage(inGroup)
		if err != nil {
			return nil, err
		}
		if stage != nil {
			stages = append(stages, *stage)
		}
		if !r.next(',') {
			return stages, nil
		}
	}
}

// stage reads one stage, nil if it is one that does not run.
func (r *pipelineReader) stage(inGroup bool) (*Stage, error) {
	r.blank()
	start := r.at
	name := r.word()
	switch {
	case name == "" && r.at == len(r.text):
		return nil, r.fail(start, "the pipeline ends where a pass is wanted")
	case name == "":
		return nil, r.fail(start, "found %q: want the name of a pass", r.text[r.at:r.at+1])
	case name == "none":
		return nil, nil
	case name == "fixpoint":
		return r.group(start, inGroup)
	}
	i := slices.IndexFunc(r.table.Passes, func(p *Pass) bool { return p.Name == name })
	if i < 0 {
		return nil, &PipelineError{start + 1, unknownPass(name, r.table.Passes)}
	}
	p := r.table.Passes[i]
	args, err := r.args(p.Params, fmt.Sprintf("pass %q", name))
	switch {
	case err != nil:
		return nil, err
	case p.Required && len(args) > 0:
		return nil, r.fail(start, "pass %q is required and runs as it is: it takes no parameters here", name)
	case p.Required:
		return nil, nil // it is there already
	case r.last == name:
		return nil, r.fail(start, "pass %q is named twice in a row: fixpoint(%s) runs it until it changes nothing", name, name)
	}
	for _, c := range r.table.Order {
		if c.Before == name && c.After != name && r.seen[c.After] {
			return nil, &PipelineError{start + 1, c.violated()}
		}
	}
	r.seen[name], r.last = true, name
	if p.Family != "" && p.Family != r.family && r.family != anyFamily {
		return nil, nil
	}
	return &Stage{Pass: p, Args: args}, nil
}

// rounds is the parameter of groups.
var rounds = []pass.Param{{Name: "max", Doc: "how often the passes are gone through at most", Default: int64(defaultRounds)}}

func (r *pipelineReader) group(start int, inGroup bool) (*Stage, error) {
	if inGroup {
		return nil, r.fail(start, "a fixpoint in a fixpoint: name the passes in one")
	}
	args, err := r.args(rounds, "fixpoint")
	if err != nil {
		return nil, err
	}
	stage := &Stage{Max: defaultRounds}
	if k, ok := args["max"].(int64); ok {
		if k < 1 || k > maxRounds {
			return nil, r.fail(start, "fixpoint{max=%d}: want 1 to %d", k, maxRounds)
		}
		stage.Max = int(k)
	}
	if !r.next('(') {
		return nil, r.fail(r.at, "want ( and the passes of the fixpoint")
	}
	r.last = ""
	if stage.Fixpoint, err = r.stages(true); err != nil {
		return nil, err
	}
	if r.blank(); !r.next(')') {
		return nil, r.fail(r.at, "want a comma or the ) of the fixpoint at column %d", start+1)
	}
	r.last = ""
	if len(stage.Fixpoint) == 0 {
		return nil, nil
	}
	return stage, nil
}

// args reads values of parameters in braces, if there are any.
func (r *pipelineReader) args(params []pass.Param, of string) (pass.Args, error) {
	if !r.next('{') {
		return nil, nil
	}
	args := pass.Args{}
	for {
		start := r.at
		name := r.word()
		i := slices.IndexFunc(params, func(p pass.Param) bool { return p.Name == name })
		switch {
		case name == "":
			return nil, r.fail(start, "want the name of a parameter of %s", of)
		case i < 0:
			return nil, r.fail(start, "%s has no parameter %q%s", of, name, listParams(params))
		case args[name] != nil:
			return nil, r.fail(start, "parameter %q is set twice", name)
		case !r.next('='):
			return nil, r.fail(r.at, "want = and the value of %s", name)
		}
		at := r.at
		text, err := r.value()
		if err != nil {
			return nil, err
		}
		if args[name], err = params[i].Parse(text); err != nil {
			return nil, &PipelineError{at + 1, err}
		}
		switch {
		case r.next('}'):
			return args, nil
		case !r.next(','):
			return nil, r.fail(r.at, "want a comma or the } of the parameters")
		}
	}
}

// value reads a word or a text in quotes.
func (r *pipelineReader) value() (string, error) {
	start := r.at
	if r.at < len(r.text) && r.text[r.at] == '"' {
		quoted, err := strconv.QuotedPrefix(r.text[r.at:])
		if err != nil {
			return "", r.fail(start, "a text that does not end")
		}
		r.at += len(quoted)
		return strconv.Unquote(quoted)
	}
	word := r.word()
	if word == "" {
		return "", r.fail(start, "want a value")
	}
	return word, nil
}

func listParams(params []pass.Param) string {
	if len(params) == 0 {
		return ": it has none"
	}
	names := make([]string, len(params))
	for i := range params {
		names[i] = params[i].Name
	}
	return ": it has " + strings.Join(names, ", ")
}
