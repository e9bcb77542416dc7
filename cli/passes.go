package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"flowc.dev/flowc"
	"flowc.dev/flowc/passes"
	"flowc.dev/flowc/passes/pass"
)

// A passInfo is what there is to say of a pass.
type passInfo struct {
	Name     string         `json:"name"`
	Doc      string         `json:"doc"`
	Required bool           `json:"required"`
	Exact    bool           `json:"exact"`
	Family   string         `json:"family,omitempty"`
	Levels   []int          `json:"levels"`
	Params   []paramInfo    `json:"params"`
	Rewrites []rewriteInfo  `json:"rewrites"`
	After    []neighborInfo `json:"after"`
	Before   []neighborInfo `json:"before"`
}

type paramInfo struct {
	Name    string `json:"name"`
	Type    string `json:"type"`
	Default any    `json:"default"`
	// Min and Max are of integers that have bounds.
	Min *int64 `json:"min,omitempty"`
	Max *int64 `json:"max,omitempty"`
	Doc string `json:"doc"`

	of *pass.Param
}

type rewriteInfo struct {
	Name string `json:"name"`
	Doc  string `json:"doc"`
}

// A neighborInfo is a pass that must run before or after another.
type neighborInfo struct {
	Pass   string `json:"pass"`
	Reason string `json:"reason"`
}

func newPassesCommand(s streams) *cobra.Command {
	asJSON := false
	c := &cobra.Command{
		Use:   "passes [name...]",
		Short: "List the passes and the levels' pipelines, or explain those that are named",
		Long: `List the passes and the levels' pipelines, or explain the passes that are named:
what they rewrite, their parameters, and what they must run before or after.

Required passes run at every level, the others where a pipeline names them:
that of the level or that of --passes. A pipeline is passes separated by
commas, such as canonicalize,inline{max=1000},fixpoint(merge,dce): braces set
parameters, and fixpoint(...) goes through passes until none changes anything;
none is no optional pass. The rules of typed graphs, which -O2 applies when a run
comes to a graph, are no passes: -O0 and -O1 go without them, whatever --passes says.
A pass is exact if results, effects and errors stay the same, bit for bit.`,
		Example: `  flowc passes
  flowc passes collapse
  flowc -O2 --passes=canonicalize,collapse prog.flow`,
		RunE: func(_ *cobra.Command, names []string) error {
			infos, err := describeTable(s.table(), names)
			if err != nil {
				return usageError{err}
			}
			if asJSON {
				text, err := json.MarshalIndent(infos, "", "  ")
				if err != nil {
					return err
				}
				_, err = s.out.Write(append(text, '\n'))
				return err
			}
			var b strings.Builder
			for i := range infos {
				if i > 0 && len(names) > 0 {
					b.WriteByte('\n')
				}
				infos[i].write(&b, len(names) > 0)
			}
			if len(names) == 0 {
				b.WriteByte('\n')
				for level, text := range s.table().Levels {
					if text == "" {
						text = "none"
					}
					fmt.Fprintf(&b, "-O%d  %s\n", level, text)
				}
			}
			_, err = io.WriteString(s.out, b.String())
			return err
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON array")
	return c
}

// describeTable describes the named passes, or all.
func describeTable(t *passes.Table, names []string) ([]passInfo, error) {
	var list []*passes.Pass
	for _, name := range names {
		p, err := t.Pass(name)
		if err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	if len(names) == 0 {
		list = t.Passes
	}
	infos := make([]passInfo, len(list))
	for i, p := range list {
		var err error
		if infos[i], err = describePass(t, p); err != nil {
			return nil, err
		}
	}
	return infos, nil
}

func describePass(t *passes.Table, p *passes.Pass) (passInfo, error) {
	info := passInfo{Name: p.Name, Doc: p.Doc, Required: p.Required, Exact: p.Exact, Family: p.Family,
		Levels: []int{}, Params: []paramInfo{}, Rewrites: []rewriteInfo{}, After: []neighborInfo{}, Before: []neighborInfo{}}
	family := p.Family
	if family == "" {
		family = flowc.Step
	}
	for level, text := range t.Levels {
		pipeline, err := t.Pipeline(family, text)
		if err != nil {
			return info, err
		}
		if slices.Contains(pipeline.Names(), p.Name) {
			info.Levels = append(info.Levels, level)
		}
	}
	for i := range p.Params {
		param := &p.Params[i]
		one := paramInfo{Name: param.Name, Type: param.Type(), Default: param.Default, Doc: param.Doc, of: param}
		if param.Range() != "" {
			one.Min, one.Max = &param.Min, &param.Max
		}
		info.Params = append(info.Params, one)
	}
	for _, r := range p.Declared() {
		info.Rewrites = append(info.Rewrites, rewriteInfo(r))
	}
	for _, c := range t.Order {
		switch p.Name {
		case c.After:
			info.After = append(info.After, neighborInfo{c.Before, c.Reason})
		case c.Before:
			info.Before = append(info.Before, neighborInfo{c.After, c.Reason})
		}
	}
	return info, nil
}

// write writes the description, on two lines unless it is to be complete.
func (p *passInfo) write(b *strings.Builder, complete bool) {
	fmt.Fprintf(b, "%s  %s\n    %s\n", p.Name, p.when(), p.Doc)
	if !complete {
		return
	}
	for _, r := range p.Params {
		kind := r.Type
		if bounds := r.of.Range(); bounds != "" {
			kind += ", " + bounds
		}
		fmt.Fprintf(b, "  parameter %s=%v (%s)\n      %s\n", r.Name, r.Default, kind, r.Doc)
	}
	for _, r := range p.Rewrites {
		fmt.Fprintf(b, "  rewrite %s\n      %s\n", r.Name, r.Doc)
	}
	for _, n := range p.After {
		fmt.Fprintf(b, "  after %s: %s\n", n.Pass, n.Reason)
	}
	for _, n := range p.Before {
		fmt.Fprintf(b, "  before %s: %s\n", n.Pass, n.Reason)
	}
}

// when says at what levels the pass runs, for which family and how exactly.
func (p *passInfo) when() string {
	where := "in no level"
	if p.Required {
		where = "required"
	} else if len(p.Levels) > 0 {
		parts := make([]string, len(p.Levels))
		for i, level := range p.Levels {
			parts[i] = fmt.Sprintf("-O%d", level)
		}
		where = strings.Join(parts, " ")
	}
	if p.Family != "" {
		where += ", family " + p.Family
	}
	if p.Exact {
		return where + ", exact"
	}
	return where + ", not exact"
}

// rewriteDoc returns what is said of a rewrite of a pass.
func rewriteDoc(p *pass.Pass, name string) string {
	for _, r := range p.Declared() {
		if r.Name == name {
			return r.Doc
		}
	}
	return ""
}
