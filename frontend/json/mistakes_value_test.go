package json

// valueMistakes are documents with wrong literals.
var valueMistakes = []mistake{
	{"integers that do not fit", `{"flowc": 1, "body": [{"repeat": 10000000000000000000, "body": []}, {"print": [-9223372036854775809, 1e999]}, {"weave": [], "require": 9223372036854775808, "weights": [9223372036854775808]}]}`,
		`1:34: /body/0/repeat: the whole number 10000000000000000000 does not fit 64 bits: want -9223372036854775808 to 9223372036854775807, or a float, with a point or an exponent
1:80: /body/1/print/0: the whole number -9223372036854775809 does not fit 64 bits: want -9223372036854775808 to 9223372036854775807, or a float, with a point or an exponent
1:102: /body/1/print/1: the number 1e999 overflows f64: want less than 1.8e308 in magnitude
1:136: /body/2/require: the whole number 9223372036854775808 does not fit 64 bits: want -9223372036854775808 to 9223372036854775807, or a float, with a point or an exponent
1:169: /body/2/weights/0: the whole number 9223372036854775808 does not fit 64 bits: want -9223372036854775808 to 9223372036854775807, or a float, with a point or an exponent`},
	{"slice that does not fit", `{"flowc": 1, "body": [{"print": [{"index": [1, "9223372036854775808:"]}]}]}`,
		`1:48: /body/0/print/0/index/1: the number 9223372036854775808 of the slice does not fit 64 bits`},
	{"literals", `{"flowc": 1, "body": [{"print": [{"value": [1]}, {"value": {"reg": "x"}}, {"value": {"list": 1}}, {"value": {"record": 1}}, {"value": {"tensor": {"dtype": "f32", "shape": [], "fill": 1}}}, {"value": {"tensor": 1}}, {"value": {"list": [], "doc": ""}}]}]}`,
		`1:44: /body/0/print/0/value: found a list: want a literal; a list is written {"list": [...]}, a tensor {"tensor": {"dtype": ..., "data": [...]}}
1:60: /body/0/print/1/value: found an object: want a literal: null, a bool, number or string, or an object with the one key tensor, list or record
1:94: /body/0/print/2/value/list: found the number 1: want a list of literals
1:120: /body/0/print/3/value/record: found the number 1: want an object of named literals
1:184: /body/0/print/4/value/tensor/fill: found "fill" in a literal: want "data"
1:211: /body/0/print/5/value/tensor: found the number 1: want an object with "dtype" and either "data" or "shape" and "fill"
1:226: /body/0/print/6/value: found an object: want a literal: null, a bool, number or string, or an object with the one key tensor, list or record`},
	{"tensor", `{"flowc": 1, "body": [{"print": [{"tensor": 1}, {"tensor": {}}, {"tensor": {"dtype": "f16", "data": []}}, {"tensor": {"dtype": "f32"}}, {"tensor": {"dtype": "f32", "data": 1, "fill": 1}}, {"tensor": {"dtype": "f32", "fill": 1}}, {"tensor": {"dtype": "f32", "data": [], "dta": 1}}, {"tensor": {"dtype": "f32", "data": []}, "dtype": 1}, {"tensor": {"dtype": "f32", "shape": 3, "fill": 1}}]}]}`,
		`1:45: /body/0/print/0/tensor: found the number 1: want an object with "dtype" and either "data" or "shape" and "fill"
1:60: /body/0/print/1/tensor: tensor lacks "dtype": want one of bool, u8, i32, i64, f32 or f64
1:86: /body/0/print/2/tensor/dtype: found the string "f16": want bool, u8, i32, i64, f32 or f64
1:118: /body/0/print/3/tensor: tensor lacks its elements: want "data", or "shape" and "fill"
1:148: /body/0/print/4/tensor: found both "data" and "fill" in a tensor: want one
1:200: /body/0/print/5/tensor: tensor lacks "shape": want a list of whole numbers
1:270: /body/0/print/6/tensor/dta: unknown key "dta" in tensor: did you mean "data"?
1:323: /body/0/print/7/dtype: unknown key "dtype" in tensor: want tensor, id or doc
1:373: /body/0/print/8/tensor/shape: found the number 3: want a list of whole numbers`},
	{"tensor weak", `{"flowc": 1, "body": [{"print": [{"tensor": {"dtype": "f32", "data": 1, "weak": true}}, {"tensor": {"dtype": "f64", "shape": [], "fill": 1, "weak": true}}, {"tensor": {"dtype": "f64", "data": [], "weak": 1}}]}]}`,
		`1:81: /body/0/print/0/tensor/weak: found "weak" on a tensor of f32: only i64 and f64 can be weak
1:149: /body/0/print/1/tensor/weak: found "weak" on a tensor with "fill": only data can be weak
1:205: /body/0/print/2/tensor/weak: found the number 1: want true or false`},
	{"doc twice", `{"flowc": 1, "body": [{"print": [{"doc": "a", "tensor": {"dtype": "f32", "data": 1, "doc": "b"}}]}]}`,
		`1:57: /body/0/print/0/tensor: found a doc in the tensor and one beside it: want one`},
	{"tensor shape", `{"flowc": 1, "body": [{"print": [{"tensor": {"dtype": "f32", "shape": [1000000000, 1000000000], "fill": 0}}, {"tensor": {"dtype": "f32", "shape": [-1], "fill": 0}}, {"tensor": {"dtype": "f32", "shape": [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1], "fill": 0}}, {"tensor": {"dtype": "f32", "shape": [1000000000, 1000000000], "data": []}}, {"tensor": {"dtype": "u8", "data": [[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]}}]}]}`,
		`1:71: /body/0/print/0/tensor/shape: a f32 tensor of shape [1000000000,1000000000] exceeds the limit of 4294967296 bytes
1:147: /body/0/print/1/tensor/shape: shape [-1] has the negative extent -1
1:203: /body/0/print/2/tensor/shape: rank 17 exceeds the limit of 16
1:306: /body/0/print/3/tensor/shape: a f32 tensor of shape [1000000000,1000000000] exceeds the limit of 4294967296 bytes
1:381: /body/0/print/4/tensor/data: data is nested more than 16 deep, the highest rank`},
	{"tensor elements", `{"flowc": 1, "body": [{"print": [{"tensor": {"dtype": "f32", "shape": [2, 3], "data": [1, 2, 3, 4, 5]}}, {"tensor": {"dtype": "f32", "shape": [2], "data": 1}}, {"tensor": {"dtype": "f32", "shape": [3], "data": [[1, 2, 3]]}}, {"tensor": {"dtype": "f32", "shape": [], "data": [1, 2]}}]}]}`,
		`1:87: /body/0/print/0/tensor/data: found 5 elements: want the 6 of shape [2,3]
1:156: /body/0/print/1/tensor/data: found 1 element: want the 2 of shape [2]
1:211: /body/0/print/2/tensor/data: found data of shape [1,3]: want shape [3], or one flat list
1:275: /body/0/print/3/tensor/data: found 2 elements: want the 1 of shape []`},
	{"ragged", `{"flowc": 1, "body": [{"print": [{"tensor": {"dtype": "f32", "data": [[1, 2], [3]]}}, {"tensor": {"dtype": "f32", "data": [1, [2]]}}, {"tensor": {"dtype": "f32", "data": [[1], 2]}}, {"tensor": {"dtype": "f32", "data": [[], [2]]}}]}]}`,
		`1:79: /body/0/print/0/tensor/data/1: ragged data: found a list of 1, the first of its level has 2
1:127: /body/0/print/1/tensor/data/1: ragged data: found a list among elements
1:177: /body/0/print/2/tensor/data/1: ragged data: found the number 2 among lists
1:224: /body/0/print/3/tensor/data/1: ragged data: found a list of 1, the first of its level has 0`},
	{"element range", `{"flowc": 1, "body": [{"print": [{"tensor": {"dtype": "u8", "data": [256, -1, 1.0, true, "nan", null, {}]}}, {"tensor": {"dtype": "i32", "data": [2147483648]}}, {"tensor": {"dtype": "i64", "data": [9223372036854775808]}}, {"tensor": {"dtype": "bool", "data": [1]}}, {"tensor": {"dtype": "f32", "data": [1e39, "NaN"]}}, {"tensor": {"dtype": "f64", "data": [1e999, false]}}]}]}`,
		`1:70: /body/0/print/0/tensor/data/0: found the number 256: want a whole number from 0 to 255
1:75: /body/0/print/0/tensor/data/1: found the number -1: want a whole number from 0 to 255
1:79: /body/0/print/0/tensor/data/2: found the number 1.0: want a whole number from 0 to 255
1:84: /body/0/print/0/tensor/data/3: found true: want a whole number from 0 to 255
1:90: /body/0/print/0/tensor/data/4: found the string "nan": want a whole number from 0 to 255
1:97: /body/0/print/0/tensor/data/5: found null: want a whole number from 0 to 255
1:103: /body/0/print/0/tensor/data/6: found an object: want a whole number from 0 to 255
1:147: /body/0/print/1/tensor/data/0: found the number 2147483648: want a whole number from -2147483648 to 2147483647
1:199: /body/0/print/2/tensor/data/0: found the number 9223372036854775808: want a whole number that fits 64 bits
1:261: /body/0/print/3/tensor/data/0: found the number 1: want true or false
1:304: /body/0/print/4/tensor/data/0: found the number 1e39: want a number within f32, "nan", "inf" or "-inf"
1:310: /body/0/print/4/tensor/data/1: found the string "NaN": want a number within f32, "nan", "inf" or "-inf"
1:357: /body/0/print/5/tensor/data/0: found the number 1e999: want a number within f64, "nan", "inf" or "-inf"
1:364: /body/0/print/5/tensor/data/1: found false: want a number within f64, "nan", "inf" or "-inf"`},
	{"fill range", `{"flowc": 1, "body": [{"print": [{"tensor": {"dtype": "u8", "shape": [], "fill": 256}}, {"tensor": {"dtype": "i32", "shape": [], "fill": 1.5}}, {"tensor": {"dtype": "bool", "shape": [], "fill": 1}}, {"tensor": {"dtype": "f32", "shape": [], "fill": 1e39}}, {"tensor": {"dtype": "i32", "shape": [], "fill": "nan"}}, {"tensor": {"dtype": "f32", "shape": [], "fill": "x"}}, {"tensor": {"dtype": "f32", "shape": [], "fill": null}}, {"tensor": {"dtype": "f32", "shape": [], "fill": {"list": []}}}, {"tensor": {"dtype": "f32", "shape": [], "fill": true}}]}]}`,
		`1:82: /body/0/print/0/tensor/fill: found the number 256: want a whole number from 0 to 255
1:138: /body/0/print/1/tensor/fill: found the number 1.5: want a whole number from -2147483648 to 2147483647
1:195: /body/0/print/2/tensor/fill: found the number 1: want true or false
1:249: /body/0/print/3/tensor/fill: found the number 1e39: want a number within f32, "nan", "inf" or "-inf"
1:306: /body/0/print/4/tensor/fill: found the string "nan": want a whole number from -2147483648 to 2147483647
1:364: /body/0/print/5/tensor/fill: found the string "x": want a number within f32, "nan", "inf" or "-inf"
1:420: /body/0/print/6/tensor/fill: found null: want a number within f32, "nan", "inf" or "-inf"
1:477: /body/0/print/7/tensor/fill: found an object: want a number within f32, "nan", "inf" or "-inf"
1:542: /body/0/print/8/tensor/fill: found true: want a number within f32, "nan", "inf" or "-inf"`},
}
