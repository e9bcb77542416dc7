package main

import (
	"testing"
	"time"
)

// BenchmarkExamples runs whole programs; compare -O0 with -O2 of a backend.
func BenchmarkExamples(b *testing.B) {
	for _, name := range []string{"descent", "train_pca", "digits_mlp", "pca_rows", "score_rows"} {
		for _, c := range configs {
			b.Run(name+"/"+c.String(), func(b *testing.B) {
				p, err := load("..", name)
				if err != nil {
					b.Fatal(err)
				}
				compiled, err := compile(p, c)
				if err != nil {
					b.Fatal(err)
				}
				for b.Loop() {
					if err := run(compiled); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

func TestRow(t *testing.T) {
	ms := func(times ...int) []time.Duration {
		var all []time.Duration
		for _, n := range times {
			all = append(all, time.Duration(n)*time.Millisecond)
		}
		return all
	}
	got := row("prog", [][]time.Duration{ms(300, 100, 200), ms(40, 60), ms(2000), ms(100, 100, 100)})
	if want := "| prog | 200 ms | 50 ms (0.25) | 2 s (10.00) | 100 ms (0.50) |\n"; got != want {
		t.Errorf("got  %swant %s", got, want)
	}
}
