package flowc_test

import (
	"fmt"

	"flowc.dev/flowc"
	"flowc.dev/flowc/ir"
)

// stateOf describes the registers of a machine, its objects' states and its
// steps.
func stateOf(m *flowc.Machine) map[string]string {
	s := map[string]string{"steps": fmt.Sprint(m.Steps())}
	p := m.Program()
	names := ir.StoresIn(p.Body)
	for i := range p.Registers {
		names[p.Registers[i].Name] = true
	}
	for name := range names {
		if v, err := m.Register(name); err == nil {
			s["register "+name] = v.Type().String() + " " + ir.FormatShort(v) + " " + ir.ValueDigest(v)[:16]
		}
	}
	return s
}
