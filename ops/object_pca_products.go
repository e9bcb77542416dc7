package ops

// chunkRows is the number of rows of which the products are added up in
// registers. A chunk of a few dozen columns stays in the first-level cache.
const chunkRows = 128

// Sums of products are kept in the upper triangle of a square matrix of stride
// rows and columns, a multiple of 4, so that the tiles below fit. Rows get a 1
// as a last number, so that the column after the products has the sums of the
// numbers. What the tiles leave in the rest of the matrix has no meaning.
func productStride(cols int) int { return (cols + 4) &^ 3 }

// addProducts adds the products of each two numbers of a row to the sums.
func addProducts(sums, row []float64, cols, stride int) {
	for i, d := range row[:cols] {
		rest := row[i : cols+1]
		line := sums[i*stride+i:][:len(rest)]
		for j, e := range rest {
			line[j] += float64(d * e)
		}
	}
}

// addChunkProducts is addProducts for m rows of stride numbers: for each sum it
// adds the products row after row.
func addChunkProducts(sums, rows []float64, cols, stride, m int) {
	for i := 0; i < cols; i += 4 {
		for j := i; j <= cols; j += 4 {
			addTile(sums[i*stride+j:], rows[i:], rows[j:], stride, m)
		}
	}
}

// addTileLoop is addTile without the processor's vectors. So many sums keep the
// adders busy and fit the registers.
func addTileLoop(sums, a, b []float64, stride, m int) {
	for i := range 4 {
		line := sums[i*stride:][:4]
		s0, s1, s2, s3 := line[0], line[1], line[2], line[3]
		for r := range m {
			x, y := a[r*stride+i], b[r*stride:][:4]
			s0 += float64(x * y[0])
			s1 += float64(x * y[1])
			s2 += float64(x * y[2])
			s3 += float64(x * y[3])
		}
		line[0], line[1], line[2], line[3] = s0, s1, s2, s3
	}
}

// packTriangle appends the meaningful sums, row by row.
func packTriangle(packed, sums []float64, cols int) []float64 {
	stride := productStride(cols)
	for i := range cols {
		packed = append(packed, sums[i*stride+i:i*stride+cols]...)
	}
	return packed
}

// unpackTriangle is the inverse of packTriangle.
func unpackTriangle(sums, packed []float64, cols int) {
	stride := productStride(cols)
	for i := range cols {
		packed = packed[copy(sums[i*stride+i:i*stride+cols], packed):]
	}
}
