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

// addChunkProducts is addProducts for m rows, given column by column: for each
// sum it adds the products row after row.
func addChunkProducts(sums, columns []float64, cols, stride, m int) {
	column := func(j int) []float64 { return columns[j*m : (j+1)*m] }
	for i := range cols {
		for j := i &^ 3; j <= cols; j += 4 {
			addTile(sums[i*stride+j:][:4], column(i), column(j), column(j+1), column(j+2), column(j+3))
		}
	}
}

// addTile adds the products of column a with b, c, d and e to 4 sums. That many
// keep the adders busy and fit the registers.
func addTile(sums, a, b, c, d, e []float64) {
	b, c, d, e = b[:len(a)], c[:len(a)], d[:len(a)], e[:len(a)]
	s0, s1, s2, s3 := sums[0], sums[1], sums[2], sums[3]
	for r, x := range a {
		s0 += float64(x * b[r])
		s1 += float64(x * c[r])
		s2 += float64(x * d[r])
		s3 += float64(x * e[r])
	}
	sums[0], sums[1], sums[2], sums[3] = s0, s1, s2, s3
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
