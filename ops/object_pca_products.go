package ops

// chunkRows is the number of rows of which the products are added up in
// registers. A chunk of a few dozen columns stays in the first-level cache.
const chunkRows = 128

// Sums of products are kept in the upper triangle of a square matrix. The
// number of its rows and columns, stride, is a multiple of 4, so that the tiles
// below fit; what they leave in the rest of the matrix has no meaning.
func productStride(cols int) int { return (cols + 3) &^ 3 }

// addProducts adds the products of each two numbers of a row to the sums.
func addProducts(sums, row []float64, stride int) {
	for i, d := range row {
		rest := row[i:]
		line := sums[i*stride+i:][:len(rest)]
		for j, e := range rest {
			line[j] += float64(d * e)
		}
	}
}

// addChunkProducts is addProducts for m rows, given column by column: for each
// sum it adds the products row after row.
func addChunkProducts(sums, columns []float64, stride, m int) {
	column := func(j int) []float64 { return columns[j*m : (j+1)*m] }
	for i := 0; i < stride; i += 2 {
		for j := i &^ 3; j < stride; j += 4 {
			addTile(sums[i*stride+j:][:4], sums[(i+1)*stride+j:][:4],
				column(i), column(i+1), column(j), column(j+1), column(j+2), column(j+3))
		}
	}
}

// addTile adds the products of columns a and b with c, d, e and f to sumsA and
// sumsB, of 4 sums each.
func addTile(sumsA, sumsB, a, b, c, d, e, f []float64) {
	b, c, d, e, f = b[:len(a)], c[:len(a)], d[:len(a)], e[:len(a)], f[:len(a)]
	a0, a1, a2, a3 := sumsA[0], sumsA[1], sumsA[2], sumsA[3]
	b0, b1, b2, b3 := sumsB[0], sumsB[1], sumsB[2], sumsB[3]
	for r, x := range a {
		y, z := b[r], c[r]
		a0 += float64(x * z)
		b0 += float64(y * z)
		z = d[r]
		a1 += float64(x * z)
		b1 += float64(y * z)
		z = e[r]
		a2 += float64(x * z)
		b2 += float64(y * z)
		z = f[r]
		a3 += float64(x * z)
		b3 += float64(y * z)
	}
	sumsA[0], sumsA[1], sumsA[2], sumsA[3] = a0, a1, a2, a3
	sumsB[0], sumsB[1], sumsB[2], sumsB[3] = b0, b1, b2, b3
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
