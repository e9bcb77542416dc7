package ir

import (
	"slices"
	"testing"
)

func TestSetView(t *testing.T) {
	base := MustTensor([]float32{0, 1, 2, 3, 4, 5, 6, 7}, 4, 2)
	var view Tensor
	view.SetView(base, 2, 2, 2)
	if got := Data[float32](&view); !slices.Equal(got, []float32{2, 3, 4, 5}) || !slices.Equal(view.Shape(), []int{2, 2}) {
		t.Fatalf("view = %v of shape %v", got, view.Shape())
	}
	Data[float32](&view)[0] = 9
	if Data[float32](base)[2] != 9 {
		t.Error("the view does not share storage")
	}
	same, err := view.Resize(F32, []int{4})
	if err != nil || same != &view {
		t.Error("a view of the same size is not reused as a destination")
	}
	larger, err := view.Resize(F32, []int{6})
	if err != nil || larger == &view {
		t.Error("a view grew into storage that is not its own")
	}
	defer func() {
		if recover() == nil {
			t.Error("a misaligned view is accepted")
		}
	}()
	view.SetView(base, 1, 2)
}

func TestSetAlias(t *testing.T) {
	data := make([]float32, 6)
	var alias Tensor
	if !SetAlias(&alias, data, 2, 3) {
		t.Fatal("an aligned slice is refused")
	}
	Data[float32](&alias)[5] = 1
	if data[5] != 1 {
		t.Error("the alias does not share storage")
	}
	if SetAlias(&alias, data[1:5], 4) {
		t.Error("a misaligned slice is accepted")
	}
	if SetAlias(&alias, data, 5) {
		t.Error("a slice that does not fill the shape is accepted")
	}
}
