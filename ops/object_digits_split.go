package ops

import (
	"fmt"
	"math"
	"sync"

	"flowc.dev/flowc/ops/digits"
	"flowc.dev/flowc/ops/philox"
)

// A digitsSplit divides the images into parts with the same proportions of
// digits.
type digitsSplit struct {
	training, validation, test []int32 // indices of images
	orders                     philox.Generator
}

// splitDigits puts all images in a random order and deals them out in it: of
// each digit, the given shares, rounded, go to test and validation and the rest
// to training.
func splitDigits(g philox.Generator, test, validation float64) (digitsSplit, error) {
	set, err := digits.Load()
	if err != nil {
		return digitsSplit{}, err
	}
	images := make([]int32, digits.Count)
	var count [digits.Classes]int
	for i, label := range set.Labels {
		images[i] = int32(i)
		count[label]++
	}
	philox.Shuffle(g, images, 0)
	var testLeft, validationLeft [digits.Classes]int
	for digit, n := range count {
		testLeft[digit] = share(test, n)
		validationLeft[digit] = min(share(validation, n), n-testLeft[digit])
	}
	s := digitsSplit{orders: g}
	s.orders.Domain = domainDigitsOrder
	for _, i := range images {
		switch digit := set.Labels[i]; {
		case testLeft[digit] > 0:
			testLeft[digit]--
			s.test = append(s.test, i)
		case validationLeft[digit] > 0:
			validationLeft[digit]--
			s.validation = append(s.validation, i)
		default:
			s.training = append(s.training, i)
		}
	}
	if len(s.training) < digits.Classes {
		return digitsSplit{}, fmt.Errorf("test is %v and validation is %v, which leaves %d images to train on: make them smaller",
			test, validation, len(s.training))
	}
	return s, nil
}

// share returns the given share of n, rounded half up.
func share(fraction float64, n int) int {
	return int(math.Floor(float64(fraction*float64(n)) + 0.5))
}

// shuffle sets rows to the training rows in the order of an epoch.
func (s *digitsSplit) shuffle(rows []int32, epoch int64) {
	copy(rows, s.training)
	philox.Shuffle(s.orders, rows, uint64(epoch)*orderDraws)
}

// All pixels as fractions of the darkest.
var (
	digitPixels32 = sync.OnceValue(scaleDigits[float32])
	digitPixels64 = sync.OnceValue(scaleDigits[float64])
)

func scaleDigits[T float]() []T {
	set, err := digits.Load()
	if err != nil {
		return nil // the caller has loaded the set before
	}
	pixels := make([]T, len(set.Images))
	for i, p := range set.Images {
		pixels[i] = T(p) / digits.MaxPixel
	}
	return pixels
}
