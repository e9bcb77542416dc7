package ops

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops/digits"
)

// rowText names an image by its pixels and label.
func rowText(x, y ir.Value, i int) string {
	return fmt.Sprint(ir.Data[float32](x.Tensor())[i*digits.Pixels:(i+1)*digits.Pixels], ir.Data[int64](y.Tensor())[i])
}

func rowTexts(results []ir.Value) []string {
	var rows []string
	for i := range results[1].Tensor().Size() {
		rows = append(rows, rowText(results[0], results[1], i))
	}
	return rows
}

func TestDigitsPartsAreStratified(t *testing.T) {
	set, err := digits.Load()
	if err != nil {
		t.Fatal(err)
	}
	var total [digits.Classes]float64
	all := map[string]int{}
	for i, label := range set.Labels {
		total[label]++
		pixels := make([]float32, digits.Pixels)
		for j := range pixels {
			pixels[j] = float32(set.Images[i*digits.Pixels+j]) / 16
		}
		all[fmt.Sprint(pixels, label)]++
	}
	class, self := newTestObject(t, lawsEnv, "data.digits", ir.WeakInt(5), ir.WeakFloat(0.2), ir.WeakFloat(0.1))
	for _, part := range []struct {
		method string
		share  float64
	}{{"test", 0.2}, {"validation", 0.1}, {"train", 0.7}} {
		results := callObject(t, class, self, part.method)
		var count [digits.Classes]float64
		for _, label := range ir.Data[int64](results[1].Tensor()) {
			count[label]++
		}
		for digit, n := range count {
			if math.Abs(n-part.share*total[digit]) > 1 {
				t.Errorf("%s has %v of %v images of %d, want a share of %v", part.method, n, total[digit], digit, part.share)
			}
		}
		if slices.IsSorted(ir.Data[int64](results[1].Tensor())) {
			t.Errorf("%s is in the order of its labels", part.method)
		}
		for _, row := range rowTexts(results) {
			all[row]--
		}
	}
	for _, n := range all {
		if n != 0 {
			t.Fatal("the parts are not all images once")
		}
	}
}

func TestDigitsDefaultTestShare(t *testing.T) {
	class, self := newTestObject(t, lawsEnv, "data.digits")
	for method, want := range map[string]int{"test": 359, "train": 1438, "validation": 0} {
		results := callObject(t, class, self, method)
		if x, y := results[0].Shape(), results[1].Shape(); !slices.Equal(x, []int{want, 64}) || !slices.Equal(y, []int{want}) {
			t.Errorf("%s has shapes %v and %v, want [%d 64] and [%d]", method, x, y, want, want)
		}
	}
}

// An epoch has each training row once, in an order of its own; batches and
// single rows go through it alike.
func TestDigitsEpochs(t *testing.T) {
	class, self := newTestObject(t, lawsEnv, "data.digits")
	_, single := newTestObject(t, lawsEnv, "data.digits")
	train := rowTexts(callObject(t, class, self, "train"))
	slices.Sort(train)
	var epochs [2][]string
	for e := range epochs {
		var singles []string
		for range 2 {
			epochs[e] = append(epochs[e], rowTexts(callObject(t, class, self, "next_batch", ir.WeakInt(719)))...)
		}
		for range 1438 {
			row := callObject(t, class, single, "next")
			singles = append(singles, fmt.Sprint(ir.Data[float32](row[0].Tensor()), row[1].Int64()))
		}
		if !slices.Equal(singles, epochs[e]) {
			t.Errorf("epoch %d row by row differs from its batches", e)
		}
		if got := callObject(t, class, self, "epoch")[0]; !ir.SameValue(got, ir.Int(int64(e+1))) {
			t.Errorf("after %d epochs epoch is %s", e+1, ir.FormatShort(got))
		}
		sorted := slices.Sorted(slices.Values(epochs[e]))
		if !slices.Equal(sorted, train) {
			t.Errorf("epoch %d is not each training row once", e)
		}
	}
	if slices.Equal(epochs[0], epochs[1]) {
		t.Error("two epochs have the same order")
	}
}

// Batches are full and of one epoch.
func TestDigitsDropPartialBatches(t *testing.T) {
	class, self := newTestObject(t, lawsEnv, "data.digits")
	_, other := newTestObject(t, lawsEnv, "data.digits")
	n := ir.WeakInt(100)
	if got := callObject(t, class, self, "batches_per_epoch", n)[0]; !ir.SameValue(got, ir.Int(14)) {
		t.Fatalf("batches_per_epoch(100) is %s, want 14", ir.FormatShort(got))
	}
	for i := range 14 {
		if got := callObject(t, class, self, "epoch")[0].Int64(); got != 0 {
			t.Fatalf("after %d batches of 100 rows epoch is %d", i, got)
		}
		callObject(t, class, self, "next_batch", n)
	}
	if got := callObject(t, class, self, "epoch")[0].Int64(); got != 1 {
		t.Fatalf("after 14 batches of 100 rows epoch is %d, want 1", got)
	}
	callObject(t, class, other, "next_batch", ir.WeakInt(1438))
	got, want := callObject(t, class, self, "next_batch", n), callObject(t, class, other, "next_batch", n)
	if !ir.SameValue(got[0], want[0]) || !ir.SameValue(got[1], want[1]) {
		t.Error("the batch after the last full one is not the first of the next epoch")
	}
}

func TestDigitsErrors(t *testing.T) {
	class := Standard().Class("data.digits")
	f32 := ir.String("f32")
	for _, tt := range []struct {
		test, validation, dtype ir.Value
		want                    string
	}{
		{ir.WeakFloat(1), ir.WeakInt(0), f32, "data.digits: test is 1: want a share of the images"},
		{ir.WeakInt(0), ir.WeakFloat(-0.1), f32, "data.digits: validation is -0.1: want a share of the images"},
		{ir.WeakFloat(0.5), ir.WeakFloat(0.5), f32, "data.digits: test is 0.5 and validation is 0.5, which leaves"},
		{ir.WeakFloat(0.5), ir.WeakFloat(0.7), f32, "which leaves 0 images to train on"},
		{ir.WeakInt(0), ir.WeakInt(0), ir.String("u8"), "data.digits: dtype is u8: want f32 or f64"},
	} {
		_, err := class.New(lawsEnv, []ir.Value{ir.WeakInt(0), tt.test, tt.validation, tt.dtype})
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("New gives %v, want an error with %q", err, tt.want)
		}
	}
	_, self := newTestObject(t, lawsEnv, "data.digits")
	const want = "data.digits.next_batch: n is 2000, but there are 1438 training rows: want at most that"
	if o := calling("next_batch", ir.WeakInt(2000)).call(class, self); o.err == nil || o.err.Error() != want {
		t.Errorf("next_batch(2000) gives %v, want %s", o.err, want)
	}
}

// The digests hold the parts and the order of the first epoch for good.
func TestDigitsBitsStayTheSame(t *testing.T) {
	class, self := newTestObject(t, Env{}, "data.digits")
	got := []string{ir.ValueDigest(callObject(t, class, self, "test")[0])[:16], ir.ValueDigest(callObject(t, class, self, "next_batch", ir.WeakInt(64))[0])[:16]}
	want := []string{"af7fdd876bf2ef2d", "9e5b633bfabd9e72"}
	if !slices.Equal(got, want) {
		t.Errorf("digests are %q, want %q", got, want)
	}
}
