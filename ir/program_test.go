package ir

import "testing"

func sample() *Program {
	add := Call("add", Reg("x"), Const(WeakInt(1))).StoringTo("x")
	repeat := &Node{Op: "repeat", Args: []*Node{Const(WeakInt(3))}, Regions: []Region{{Field: "body", Body: []*Node{add}}}}
	return &Program{
		Name:      "sample",
		Registers: []Register{{Name: "x", Init: Const(WeakInt(0))}, {Name: "y", Init: Const(WeakFloat(2))}},
		Outputs:   []string{"x"},
		Body:      []*Node{repeat},
	}
}

func TestDigestLeavesOutWhatDoesNotMatter(t *testing.T) {
	want := Digest(sample())
	p := sample()
	p.AssignIDs()
	p.Doc, p.File = "doc", "file"
	p.Body[0].Doc = "a comment"
	p.Body[0].Pos = Pos{3, 4}
	p.Body[0].Origins = []ID{9}
	p.Registers[0], p.Registers[1] = p.Registers[1], p.Registers[0]
	if got := Digest(p); got != want {
		t.Error("IDs, docs, positions or the order of declarations changed the digest")
	}
}

func TestDigestCoversWhatMatters(t *testing.T) {
	want := Digest(sample())
	for name, change := range map[string]func(*Program){
		"name":    func(p *Program) { p.Name = "other" },
		"literal": func(p *Program) { p.Body[0].Args[0] = Const(WeakInt(4)) },
		"weak":    func(p *Program) { p.Body[0].Args[0] = Const(Int(3)) },
		"op": func(p *Program) {
			p.Body[0].Regions[0].Body[0] = Call("sub", Reg("x"), Const(WeakInt(1))).StoringTo("x")
		},
		"store":   func(p *Program) { p.Body[0].Regions[0].Body[0] = p.Body[0].Regions[0].Body[0].StoringTo("z") },
		"outputs": func(p *Program) { p.Outputs = nil },
		"inputs":  func(p *Program) { p.Inputs = []string{"x"} },
		"init":    func(p *Program) { p.Registers[0].Init = nil },
		"fixed":   func(p *Program) { p.Registers[0].Fixed = true },
		"object":  func(p *Program) { p.Objects = []Object{{Name: "o", Class: "c"}} },
		"body":    func(p *Program) { p.Body = append(p.Body, p.Body[0]) },
	} {
		p := sample()
		change(p)
		if Digest(p) == want {
			t.Errorf("a change of %s left the digest as it was", name)
		}
	}
}

func TestWalkGivesJSONPointers(t *testing.T) {
	p := sample()
	p.Functions = []*Function{{Name: "f", Body: []*Node{{Op: "switch", Args: []*Node{Const(WeakInt(0))}, Regions: []Region{
		{Field: "cases", When: WeakInt(0), Body: []*Node{{Op: "break"}}},
		{Field: "cases", When: WeakInt(1), Body: []*Node{{Op: "weave", Regions: []Region{{Field: "weave", Body: []*Node{{Op: "continue"}}}}}}},
		{Field: "default", Body: []*Node{Call("a/b~c", Reg("q"))}},
	}}}}}
	var got []string
	Walk(p, func(at *Path, n *Node) bool {
		got = append(got, n.Op+" "+at.Pointer())
		return true
	})
	want := []string{
		"const /registers/x", "const /registers/y",
		"switch /functions/f/body/0", "const /functions/f/body/0/switch",
		"break /functions/f/body/0/cases/0/body/0",
		"weave /functions/f/body/0/cases/1/body/0", "continue /functions/f/body/0/cases/1/body/0/weave/0/0",
		"call /functions/f/body/0/default/0", "reg /functions/f/body/0/default/0/args/0",
		"repeat /body/0", "const /body/0/repeat",
		"call /body/0/body/0", "reg /body/0/body/0/args/0", "const /body/0/body/0/args/1",
	}
	if len(got) != len(want) {
		t.Fatalf("visited %d nodes, want %d: %q", len(got), len(want), got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("visit %d is %q, want %q", i, got[i], want[i])
		}
	}
	if got := (*Path)(nil).Child("a/b~c").Pointer(); got != "/a~1b~0c" {
		t.Errorf("pointer %q is not escaped", got)
	}
}

func TestAssignIDsKeepsWhatIsThere(t *testing.T) {
	p := sample()
	p.Body[0].ID = 17
	p.AssignIDs()
	seen := map[ID]bool{}
	Walk(p, func(_ *Path, n *Node) bool {
		if n.ID == 0 || seen[n.ID] {
			t.Errorf("%s has the ID %d, which is none or taken", n.Op, n.ID)
		}
		seen[n.ID] = true
		return true
	})
	if p.Body[0].ID != 17 {
		t.Error("an ID changed")
	}
}

func TestWithAttrDoesNotChangeTheOriginal(t *testing.T) {
	n := Call("add").StoringTo("a")
	m := n.WithAttr("store", Strings("b")).WithAttr("as", String("i"))
	if n.Stores()[0] != "a" || m.Stores()[0] != "b" || m.Text("as") != "i" || m.Text("call") != "add" {
		t.Errorf("n stores %v, m stores %v", n.Stores(), m.Stores())
	}
	for i := 1; i < len(m.Attrs); i++ {
		if m.Attrs[i-1].Name >= m.Attrs[i].Name {
			t.Errorf("attributes are not sorted: %v", m.Attrs)
		}
	}
	if m = m.WithAttr("as", Value{}); m.Text("as") != "" || len(m.Attrs) != 2 {
		t.Errorf("a removed attribute is still there: %v", m.Attrs)
	}
}

func TestSchemasDescribeEveryElement(t *testing.T) {
	keys := map[string]string{}
	for _, s := range Schemas() {
		if s.Doc == "" || len(s.Fields) == 0 {
			t.Errorf("%s has no doc or no fields", s.Op)
		}
		names := map[string]bool{}
		for _, f := range s.Fields {
			if names[f.Name] {
				t.Errorf("%s has two fields %q", s.Op, f.Name)
			}
			names[f.Name] = true
		}
		if other, taken := keys[s.Key().Name]; taken && s.Class&Statement != 0 {
			t.Errorf("%s and %s have the element key %q", s.Op, other, s.Key().Name)
		}
		keys[s.Key().Name] = s.Op
	}
}
