package pass

import (
	"fmt"
	"strings"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ir/text"
)

// A Rule replaces what a pattern matches, wherever it stands in the statements
// of a program. A pass that has rules in the place of a Run function is run by
// the manager: it applies the rules, operands before what they stand in, until
// none applies any more. A rule is a rewrite: it needs fuel and is counted.
//
// Patterns and replacements are in the syntax of .flow programs with
// metavariables:
//
//	Pattern: "exp(log($x))",  Replace: "$x"
//	Pattern: "print $x",      Replace: "print f($x)"
//
// $x stands for any operand, or for any name in the place of one; what the same
// $x stands for is equal everywhere; $args... is any number of arguments. What
// [ir.Find] says of patterns holds.
//
// Rules keep the steps of a program. The pattern is an operand, a call or a
// print, and so is what comes in its place: the statement keeps its ID, place,
// doc, registers and hooks. An operand in the place of a whole call is stored as
// x = y is. What would make more or fewer statements is for a Run function.
// Calls of functions, which take steps of their own, are not matched as
// statements. Rules look at all bodies, those of strands included, but not into
// hooks nor into the statements that optimized nodes stand for. In a graph leaf
// they look at the expressions that it computes, as long as no value in it is
// used twice: a pattern of a call with no register matches a tensor statement
// in both numeric families, whether or not it is a leaf already.
type Rule struct {
	// Name says what becomes what, such as "exp(log(x)) -> x".
	Name, Doc string
	// Pattern is what the rule looks for.
	Pattern string
	// Guard, if set, says whether the rule applies to a match.
	Guard func(m *Match) bool
	// Replace is what comes in its place.
	Replace string
	// Build makes what comes in its place, instead of Replace. It may use nodes of
	// the match, and returns nil if the rule does not apply after all.
	Build func(m *Match) *ir.Node
}

// A Match is what a rule's pattern has matched.
type Match struct {
	Context *Context
	Scope   *Scope
	// Node is the statement or operand that the pattern matches.
	Node *ir.Node
	// Statement is the statement that it is or is in, which may be a graph leaf.
	Statement *ir.Node
	// Bindings are what the metavariables stand for, by names without the $.
	Bindings map[string]ir.Binding
}

// Operand returns the operand that $name stands for, nil if it is something
// else.
func (m *Match) Operand(name string) *ir.Node {
	b := m.Bindings[name]
	switch {
	case b.Name != "":
		return ir.Reg(b.Name)
	case b.Rest || len(b.Nodes) != 1:
		return nil
	}
	return b.Nodes[0]
}

// Name returns the name that $name stands for, of a register too, or "".
func (m *Match) Name(name string) string {
	if b := m.Bindings[name]; b.Name != "" {
		return b.Name
	}
	if n := m.Operand(name); n != nil && n.Op == "reg" {
		return n.Text("reg")
	}
	return ""
}

// Literal returns the value of the literal that $name stands for.
func (m *Match) Literal(name string) (v ir.Value, ok bool) {
	n := m.Operand(name)
	if n == nil {
		return ir.Value{}, false
	}
	v, err := ir.Literal(n)
	return v, err == nil
}

// A compiledRule is a rule with its texts read.
type compiledRule struct {
	*Rule
	pattern *ir.NodePattern
	root    ruleRoot
	replace *ir.Node
	// shares says that what the rule makes may have the match and a part of it.
	shares bool
}

// compile reads and checks a rule.
func (r *Rule) compile() (*compiledRule, error) {
	c := &compiledRule{Rule: r}
	fail := func(format string, args ...any) (*compiledRule, error) {
		return nil, fmt.Errorf("rule %q: %w", r.Name, fmt.Errorf(format, args...))
	}
	switch {
	case r.Name == "" || r.Doc == "":
		return fail("a rule has a name and a doc")
	case r.Replace == "" && r.Build == nil || r.Replace != "" && r.Build != nil:
		return fail("a rule has either a replacement or a build function")
	}
	pattern, err := text.ParsePattern([]byte(r.Pattern), "")
	if err != nil {
		return fail("the pattern: %w", err)
	}
	if c.pattern, err = ir.NewNodePattern(pattern); err != nil {
		return fail("%w", err)
	}
	root := c.pattern.Root()
	c.root = ruleRoot{op: root.Op}
	if name := root.Text("call"); root.Op == "call" && !strings.Contains(name, "$") {
		c.root.call = name
	}
	if err := oneStep(root); err != nil {
		return fail("the pattern %w", err)
	}
	c.shares = r.Build != nil
	if r.Build != nil {
		return c, nil
	}
	replacement, err := text.ParsePattern([]byte(r.Replace), "")
	switch {
	case err != nil:
		return fail("the replacement: %w", err)
	case len(replacement) != 1:
		return fail("the replacement has %d statements: a rule keeps the steps of a program, what makes other statements is for a Run function", len(replacement))
	}
	c.replace = replacement[0]
	if err := c.pattern.CheckReplacement(c.replace); err != nil {
		return fail("%w", err)
	}
	if c.replace.Op != ir.Meta {
		if err := oneStep(c.replace); err != nil {
			return fail("the replacement %w", err)
		}
	}
	if holdsWhole(c.replace) {
		return fail("the replacement has $0, the match, to which the rule would apply again")
	}
	if ir.NodeDigest(c.replace) == ir.NodeDigest(root) {
		return fail("the replacement is the pattern: the rule would apply again and again")
	}
	stores := c.replace.Attr("store")
	switch {
	case (root.Op == "print") != (c.replace.Op == "print"):
		return fail("%s becomes %s: only a print takes the place of a print", root.Op, c.replace.Op)
	case !stores.IsNull() && !ir.SameValue(stores, root.Attr("store")):
		return fail("the replacement stores to other registers than the pattern: a statement keeps its registers")
	}
	return c, nil
}

// calls returns the names that the replacement calls, less those of methods and
// those that the match decides.
func (c *compiledRule) calls() []string {
	var names []string
	if c.replace != nil {
		ir.WalkNode(nil, c.replace, func(_ *ir.Path, n *ir.Node) bool {
			if name := n.Text("call"); name != "" && !strings.ContainsAny(name, "$.") {
				names = append(names, name)
			}
			return true
		})
	}
	return names
}

// holdsWhole reports whether $0 stands anywhere in a replacement.
func holdsWhole(replacement *ir.Node) bool {
	found := false
	ir.WalkNode(nil, replacement, func(_ *ir.Path, n *ir.Node) bool {
		name, ok := n.IsMetavariable()
		found = found || ok && name == ir.WholeName
		return !found
	})
	return found
}

// oneStep reports that n is no operand and no statement of one step.
func oneStep(n *ir.Node) error {
	s := ir.SchemaOf(n.Op)
	switch {
	case n.Region("hooks") != nil:
		return fmt.Errorf("has hooks: rules leave hooks alone")
	case s != nil && s.Class&ir.Expression != 0 || n.Op == "print":
		return nil
	}
	return fmt.Errorf("is %s: rules are about operands, calls and prints, whose steps stay the same; other statements are for a Run function", n.Op)
}
