package gorgonia

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"
)

// Gorgonia's Log2, InverseSqrt and AveragePool2D have wrong gradients, random
// nodes with equal parameters merge and are seeded by the clock, Reshape
// aliases, and so on: nothing of Gorgonia is used but what is listed here.
func TestTrapOnlyKnownParts(t *testing.T) {
	allowed := map[string]bool{
		"ApplyOp": true, "DimSizer": true, "ExprGraph": true, "Mul": true, "NewGraph": true, "NewMatrix": true,
		"NewTapeMachine": true, "NewTensor": true, "Node": true, "StandardEngine": true, "TensorType": true,
		"VM": true, "Value": true, "WithEngine": true, "WithName": true, "WithShape": true, "WithValue": true,
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok {
				if pkg, ok := s.X.(*ast.Ident); ok && pkg.Name == "gg" {
					used[s.Sel.Name] = true
				}
			}
			return true
		})
	}
	for name := range used {
		if !allowed[name] {
			t.Errorf("gorgonia.%s is used: show that it is right and add it here", name)
		}
	}
	if !used["Mul"] {
		t.Error("the list is not about this package")
	}
}
