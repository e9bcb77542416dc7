package ops

import (
	"fmt"
	"slices"

	"flowc.dev/flowc/ir"
)

// pca finds principal components of rows that it sees once. It keeps sums over
// the rows less the first row, which is near enough to the mean for the
// differences below to keep their digits. Each sum is added to row after row,
// so that blocks of any size give equal bits.
type pca struct {
	components int       // 0 for as many as the rows have columns
	count      int64     // of rows
	shift      []float64 // the first row; has no meaning while count is 0
	products   []float64 // sums of products of the rows less shift, see productStride
	stride     int       // of products

	// Rows less shift that analyze has prepared.
	block     []float64
	blockRows int

	// What the first solved rows gave.
	solved    int64
	variances []float64 // eigenvalues, largest first
	axes      []float64 // [cols, cols], an eigenvector a row
	center    []float64 // mean
}

var (
	pcaEmptyState = []string{"count"}
	pcaState      = []string{"count", "shift", "sum", "products"}
)

func (p *pca) State() ir.Value {
	if p.count == 0 {
		return countState(pcaEmptyState, 0)
	}
	vector := func(x []float64) ir.Value { return ir.TensorValue(ir.MustTensor(x, len(x))) }
	cols := len(p.shift)
	sum := make([]float64, cols)
	for j := range sum {
		sum[j] = p.sum(j)
	}
	products := packTriangle(nil, p.products, cols)
	return ir.RecordOf(slices.Clone(pcaState), []ir.Value{ir.Int(p.count), vector(p.shift), vector(sum), vector(products)})
}

func newPCA(_ Env, args []ir.Value) (Object, error) {
	if args[0].IsNull() {
		return &pca{}, nil
	}
	components, err := countParam("learn.pca", "components", args[0], 1, ir.MaxTensorBytes)
	if err != nil {
		return nil, err
	}
	return &pca{components: components}, nil
}

// kept returns the number of components, once there are rows.
func (p *pca) kept() int {
	if p.components == 0 {
		return len(p.shift)
	}
	return p.components
}

func restorePCA(env Env, args []ir.Value, state ir.Value) (Object, error) {
	const class = "learn.pca"
	object, err := newPCA(env, args)
	if err != nil {
		return nil, err
	}
	r := state.Record()
	if r != nil && slices.Equal(r.Names, pcaEmptyState) {
		_, err := readCounts(class, state, pcaEmptyState, 0)
		return object, err
	}
	if r == nil || !slices.Equal(r.Names, pcaState) {
		return nil, fmt.Errorf("%s: state is %s: want a record of %v or of %v", class, state.Type(), pcaEmptyState, pcaState)
	}
	if !r.Values[0].HasType(ir.NumberType(ir.I64)) || r.Values[0].Int64() < 1 {
		return nil, fmt.Errorf("%s: state has count = %s: want an i64 of at least 1", class, ir.FormatShort(r.Values[0]))
	}
	cols := 0
	if shape := r.Values[1].Shape(); len(shape) == 1 {
		cols = shape[0]
	}
	for i, size := range []int{cols, cols, cols * (cols + 1) / 2} {
		if v := r.Values[1+i]; !v.HasType(ir.NumberType(ir.F64, size)) {
			return nil, fmt.Errorf("%s: state has %s of the wrong type %s", class, pcaState[1+i], v.Type())
		}
	}
	p := object.(*pca)
	if err := p.allocate(cols); err != nil {
		return nil, fmt.Errorf("%s: state: %w", class, err)
	}
	copy(p.shift, ir.Data[float64](r.Values[1].Tensor()))
	for j, sum := range ir.Data[float64](r.Values[2].Tensor()) {
		p.products[j*p.stride+cols] = sum
	}
	unpackTriangle(p.products, ir.Data[float64](r.Values[3].Tensor()), cols)
	p.count = r.Values[0].Int64()
	return p, nil
}

// allocate makes room for the first rows. It is harmless while count is 0.
func (p *pca) allocate(cols int) error {
	if cols < 1 {
		return fmt.Errorf("x has no columns: give it rows of at least one number")
	}
	if cols < p.components {
		return fmt.Errorf("components is %d, but x has only %d columns: ask for at most %d components", p.components, cols, cols)
	}
	if _, err := ir.CheckShape(ir.F64, []int{cols + 4, cols + 4}); err != nil {
		return fmt.Errorf("the covariance of %d columns is too large: %w", cols, err)
	}
	if len(p.shift) != cols {
		p.shift = make([]float64, cols)
		p.stride = productStride(cols)
		p.products = make([]float64, p.stride*p.stride)
	}
	return nil
}

// needRows returns an error unless at least n rows have been analyzed.
func (p *pca) needRows(method string, n int64) error {
	if p.count < n {
		return fmt.Errorf("learn.pca.%s: %d rows have been analyzed: call analyze with at least %d rows before", method, p.count, n)
	}
	return nil
}

// sum returns the sum of a column of the rows less shift.
func (p *pca) sum(j int) float64 { return p.products[j*p.stride+len(p.shift)] }

// mean sets dst to the mean of each column.
func (p *pca) mean(dst []float64) {
	for j, s := range p.shift {
		dst[j] = s + p.sum(j)/float64(p.count)
	}
}

// covariance sets dst, [cols, cols], to the unbiased covariance.
func (p *pca) covariance(dst []float64) {
	n, cols := float64(p.count), len(p.shift)
	for i := range cols {
		for j := i; j < cols; j++ {
			c := (p.products[i*p.stride+j] - float64(p.sum(i)*p.sum(j))/n) / (n - 1)
			dst[i*cols+j], dst[j*cols+i] = c, c
		}
	}
}
