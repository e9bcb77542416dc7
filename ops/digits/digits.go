// Package digits holds the UCI handwritten digits: 1,797 images of 8 by 8
// pixels with their labels.
//
// The data are the test set of "Optical Recognition of Handwritten Digits" by
// E. Alpaydin and C. Kaynak, UCI Machine Learning Repository 1998,
// https://doi.org/10.24432/C50P49, licensed under CC BY 4.0. NOTICE says what
// was changed.
package digits

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"fmt"
	"io"
	"sync"
)

// Extents of the data.
const (
	Count    = 1797
	Pixels   = 64 // of an image, row by row from the top left
	Classes  = 10
	MaxPixel = 16
)

//go:embed digits.bin.gz
var compressed []byte

// A Set is the data set. Its slices are shared and must not be changed.
type Set struct {
	Labels []uint8 // Count labels, 0 to 9
	Images []uint8 // Count times Pixels pixels, 0 (blank) to MaxPixel
}

// Load returns the data set, unpacked once.
var Load = sync.OnceValues(load)

func load() (Set, error) {
	data, err := unpack()
	if err != nil {
		return Set{}, fmt.Errorf("the embedded digits cannot be read, build flowc anew: %w", err)
	}
	return Set{Labels: data[:Count], Images: data[Count:]}, nil
}

// unpack returns the labels followed by the images.
func unpack() ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(compressed))
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	if len(data) != Count*(1+Pixels) {
		return nil, fmt.Errorf("%d bytes instead of %d", len(data), Count*(1+Pixels))
	}
	return data, nil
}
