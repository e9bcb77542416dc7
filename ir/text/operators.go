package text

// The levels of precedence, loosest first. They are Python's.
const (
	orLevel = iota + 1
	andLevel
	notLevel
	compareLevel
	sumLevel
	productLevel
	signLevel
	powerLevel
	postfixLevel // calls, indexing, names, literals
)

// An operator is the spelling of an op of one or two operands.
type operator struct {
	op, symbol string
	level      int
}

// binaries are the infix operators. Operators of one level group from the left,
// ** from the right, comparisons not at all.
var binaries = []operator{
	{"logical_or", "or", orLevel},
	{"logical_and", "and", andLevel},
	{"equal", "==", compareLevel},
	{"not_equal", "!=", compareLevel},
	{"less", "<", compareLevel},
	{"less_equal", "<=", compareLevel},
	{"greater", ">", compareLevel},
	{"greater_equal", ">=", compareLevel},
	{"add", "+", sumLevel},
	{"subtract", "-", sumLevel},
	{"multiply", "*", productLevel},
	{"divide", "/", productLevel},
	{"floor_divide", "//", productLevel},
	{"remainder", "%", productLevel},
	{"matmul", "@", productLevel},
	{"power", "**", powerLevel},
}

// unaries are the operators in front of one operand.
var unaries = []operator{
	{"logical_not", "not", notLevel},
	{"negative", "-", signLevel},
}

var (
	binaryBySymbol = bySymbol(binaries)
	unaryBySymbol  = bySymbol(unaries)
	binaryByOp     = byOp(binaries)
	unaryByOp      = byOp(unaries)
)

func bySymbol(operators []operator) map[string]*operator {
	m := map[string]*operator{}
	for i := range operators {
		m[operators[i].symbol] = &operators[i]
	}
	return m
}

func byOp(operators []operator) map[string]*operator {
	m := map[string]*operator{}
	for i := range operators {
		m[operators[i].op] = &operators[i]
	}
	return m
}

// left and right are the levels that the operands need to stand without
// parentheses.
func (o *operator) left() int {
	if o.level == compareLevel || o.level == powerLevel {
		return o.level + 1
	}
	return o.level
}

func (o *operator) right() int {
	if o.level == powerLevel {
		return signLevel // 2 ** -3 ** 2 groups from the right
	}
	return o.level + 1
}
