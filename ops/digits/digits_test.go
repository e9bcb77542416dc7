package digits

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"testing"
)

func TestDataAreTheOriginals(t *testing.T) {
	data, err := unpack()
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(data)
	const want = "e1d88a0854e29e01d16358d2cd026aa8fc20dfc4cdb3fce004300857ea82aa70"
	if got := hex.EncodeToString(sum[:]); got != want {
		t.Errorf("SHA-256 of the unpacked data is %s, want %s", got, want)
	}
	if len(compressed) > 70_000 {
		t.Errorf("the embedded file has %d bytes, want at most 70,000", len(compressed))
	}
}

func TestSet(t *testing.T) {
	set, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	if len(set.Labels) != Count || len(set.Images) != Count*Pixels {
		t.Fatalf("%d labels and %d pixels, want %d and %d", len(set.Labels), len(set.Images), Count, Count*Pixels)
	}
	histogram := make([]int, Classes)
	for _, label := range set.Labels {
		histogram[label]++
	}
	if want := []int{178, 182, 177, 183, 181, 182, 181, 179, 174, 180}; !slices.Equal(histogram, want) {
		t.Errorf("labels 0 to 9 occur %v times, want %v", histogram, want)
	}
	if largest := slices.Max(set.Images); largest != MaxPixel {
		t.Errorf("the largest pixel is %d, want %d", largest, MaxPixel)
	}
	first := []uint8{0, 0, 5, 13, 9, 1, 0, 0, 0, 0, 13, 15, 10, 15, 5, 0}
	if got := set.Images[:16]; !slices.Equal(got, first) || set.Labels[0] != 0 {
		t.Errorf("the first image begins with %v and is a %d, want %v and 0", got, set.Labels[0], first)
	}
}
