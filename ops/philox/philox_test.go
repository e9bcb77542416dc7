package philox

import "testing"

// The vectors are those of Random123's known-answer file for philox4x32 with 10
// rounds.
func TestKnownAnswers(t *testing.T) {
	const ones = 0xFFFFFFFF
	for _, tt := range []struct {
		counter [4]uint32
		key     [2]uint32
		want    [4]uint32
	}{
		{[4]uint32{}, [2]uint32{}, [4]uint32{0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8}},
		{[4]uint32{ones, ones, ones, ones}, [2]uint32{ones, ones}, [4]uint32{0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD}},
		{[4]uint32{0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344}, [2]uint32{0xA4093822, 0x299F31D0},
			[4]uint32{0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1}},
	} {
		if got := Block(tt.counter, tt.key); got != tt.want {
			t.Errorf("Block(%08x, %08x) = %08x, want %08x", tt.counter, tt.key, got, tt.want)
		}
	}
}

func BenchmarkWords(b *testing.B) {
	dst := make([]uint64, 1024)
	for b.Loop() {
		Generator{}.Words(dst, 0)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/1024, "ns/word")
}

func BenchmarkNormals(b *testing.B) {
	dst := make([]float64, 13000)
	for b.Loop() {
		Normals(Generator{}, dst, 0, 0, 1)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(dst)), "ns/draw")
}

func BenchmarkUniforms(b *testing.B) {
	dst := make([]float32, 13000)
	for b.Loop() {
		Uniforms(Generator{}, dst, 0, 0, 1)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(dst)), "ns/draw")
}

func BenchmarkNormals13(b *testing.B) {
	dst := make([]float64, 13)
	for b.Loop() {
		Normals(Generator{}, dst, 0, 0, 1)
	}
}
