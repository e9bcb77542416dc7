package pass

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
)

// A Param is a parameter of a pass, which pipelines set as in name{max=4096}.
type Param struct {
	// Name is a lower-case word, or words joined by underscores.
	Name string
	Doc  string
	// Default is the value where the pipeline sets none: an int64, a float64, a
	// bool or a string. Its type is the parameter's.
	Default any
	// Min and Max bound an integer, unless both are 0.
	Min, Max int64
}

// Args are the values of parameters that a pipeline sets, by name.
type Args map[string]any

var paramName = regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+)*$`)

func checkParams(params []Param) error {
	for i := range params {
		p := &params[i]
		switch {
		case !paramName.MatchString(p.Name):
			return fmt.Errorf("parameter %q: a name is lower-case words joined by underscores", p.Name)
		case p.Doc == "":
			return fmt.Errorf("parameter %q has no doc", p.Name)
		case p.Type() == "":
			return fmt.Errorf("parameter %q: the default is of type %T, want an int64, a float64, a bool or a string", p.Name, p.Default)
		case !p.within(p.Default):
			return fmt.Errorf("parameter %q: the default is %v, which is not from %d to %d", p.Name, p.Default, p.Min, p.Max)
		case slices.ContainsFunc(params[:i], func(q Param) bool { return q.Name == p.Name }):
			return fmt.Errorf("two parameters are named %q", p.Name)
		}
	}
	return nil
}

// Type returns the name of the parameter's type, "" if its default is of none
// that parameters have.
func (p *Param) Type() string {
	switch p.Default.(type) {
	case int64:
		return "integer"
	case float64:
		return "number"
	case bool:
		return "true or false"
	case string:
		return "text"
	}
	return ""
}

// Parse reads a value of the parameter.
func (p *Param) Parse(s string) (v any, err error) {
	switch p.Default.(type) {
	case int64:
		v, err = strconv.ParseInt(s, 10, 64)
	case float64:
		v, err = strconv.ParseFloat(s, 64)
	case bool:
		switch s {
		case "true":
			return true, nil
		case "false":
			return false, nil
		}
		err = strconv.ErrSyntax
	default:
		return s, nil
	}
	if err != nil || !p.within(v) {
		return nil, fmt.Errorf("%s=%s: want %s", p.Name, s, p.wanted())
	}
	return v, nil
}

// within reports whether v is in the bounds, if there are any.
func (p *Param) within(v any) bool {
	k, ok := v.(int64)
	return p.Min == 0 && p.Max == 0 || ok && k >= p.Min && k <= p.Max
}

// Range returns what integers the parameter takes, such as "1 to 100", "" if it
// takes any or is of another type.
func (p *Param) Range() string {
	if p.Min == 0 && p.Max == 0 {
		return ""
	}
	return fmt.Sprintf("%d to %d", p.Min, p.Max)
}

func (p *Param) wanted() string {
	if bounds := p.Range(); bounds != "" {
		return article(p.Type()) + " from " + bounds
	}
	return article(p.Type())
}

func article(kind string) string {
	switch kind {
	case "integer":
		return "an integer"
	case "number":
		return "a number"
	}
	return kind
}

// arg returns the value of a parameter of the pass that runs.
func (c *Context) arg(name string) any {
	if v, ok := c.args[name]; ok {
		return v
	}
	if c.pass != nil {
		for i := range c.pass.Params {
			if c.pass.Params[i].Name == name {
				return c.pass.Params[i].Default
			}
		}
	}
	panic(fmt.Sprintf("bug: the pass has no parameter %q", name))
}

// Int returns the value of an integer parameter of the pass that runs.
func (c *Context) Int(name string) int64 { return c.arg(name).(int64) }

// Float returns the value of a number parameter of the pass that runs.
func (c *Context) Float(name string) float64 { return c.arg(name).(float64) }

// Bool returns the value of a parameter that is true or false.
func (c *Context) Bool(name string) bool { return c.arg(name).(bool) }

// Text returns the value of a text parameter of the pass that runs.
func (c *Context) Text(name string) string { return c.arg(name).(string) }
