package backend

// Loop unswitching. A switch whose selector is kept for a loop around takes the
// same branch in each iteration once it has been reached. From the next iteration
// on, the loop runs the statements of that branch in place of the switch, without
// a frame for it. Positions stay those of the source, in which the switch stands
// between the loop and the statement, see sourceTree.between; a machine that is
// resumed begins with the switch again.

// isPlain reports whether iterations of the repeat st may follow each other
// without a look at the body, see strand.advance.
func (st *stmt) isPlain() bool {
	return st.kind == kindRepeat && !st.want && len(st.stores) == 0 && !st.decided
}

// hasDecided reports whether a switch in the body is decided once for a loop.
func hasDecided(body []*stmt) bool {
	for _, st := range body {
		if st.isDecided() {
			return true
		}
	}
	return false
}

// isDecided reports whether st is a switch whose selector is kept and whose value
// nothing uses.
func (st *stmt) isDecided() bool {
	return st.kind == kindSwitch && st.operand.kind == exprKept && !st.want && len(st.stores) == 0 && st.hooks == nil
}

// splice puts the branches of the switches that are known by now in their places
// in the body of a loop's frame, at the beginning of an iteration. It looks for
// them after 0, 1, 2, 4, 8, ... iterations: a switch may be reached late or never.
func (f *frame) splice() {
	if !f.st.decided || f.plain || f.done&(f.done-1) != 0 {
		return
	}
	body, spliced, rest := f.spliced(nil, f.body)
	if spliced {
		f.body = body
	}
	// Nothing is left to be found out.
	f.plain = !rest && f.st.kind == kindRepeat && !f.st.want && len(f.st.stores) == 0
}

// spliced appends the body to list. It reports whether a switch was replaced, and
// whether one is left that is not known yet.
func (f *frame) spliced(list, body []*stmt) (result []*stmt, spliced, rest bool) {
	for _, st := range body {
		if !st.isDecided() {
			list = append(list, st)
			continue
		}
		v := f.regs[st.operand.slot]
		if v.IsUnset() {
			list, rest = append(list, st), true
			continue
		}
		branch, err := st.choose(v)
		if err != nil {
			list = append(list, st) // fails where it stands
			continue
		}
		var more bool
		list, _, more = f.spliced(list, branch)
		spliced, rest = true, rest || more
	}
	return list, spliced, rest
}
