package json

// formMistakes are documents that are JSON and not programs.
var formMistakes = []mistake{
	{"list at top", `[]`,
		`1:1: found an empty list: want a program, an object with "flowc": 1`},
	{"number at top", `12`,
		`1:1: found the number 12: want a program, an object with "flowc": 1`},
	{"no version", `{"body": []}`,
		`1:1: the program lacks "flowc": want "flowc": 1, the version of the format`},
	{"version", `{"flowc": 2}`,
		`1:11: /flowc: found the number 2: want the version of the format, 1`},
	{"version as a float", `{"flowc": 1.0}`,
		`1:11: /flowc: found the number 1.0: want the version of the format, 1`},
	{"unknown key", `{"flowc": 1, "bdoy": [], "colour": 2}`,
		`1:14: /bdoy: unknown key "bdoy" in a program: did you mean "body"?
1:26: /colour: unknown key "colour" in a program: want flowc, name, doc, import, objects, registers, inputs, functions, outputs or body`},
	{"duplicate key", `{"flowc": 1,
 "body": [], "body": []}`,
		`2:14: /body: duplicate key "body": the first one is at 2:2`},
	{"sections", `{"flowc": 1, "name": 1, "doc": [], "import": 2, "objects": [], "registers": 1, "inputs": {}, "functions": null, "outputs": [1, "a"], "body": {}}`,
		`1:22: /name: found the number 1: want the program's name, a string
1:32: /doc: found an empty list: want a text
1:46: /import: found the number 2: want a list of names of libraries
1:60: /objects: found an empty list: want an object of named constructor calls
1:77: /registers: found the number 1: want an object of named registers
1:90: /inputs: found an object: want a list of names of registers
1:107: /functions: found null: want an object of named functions
1:125: /outputs/0: found the number 1: want a name, as a string
1:142: /body: found an object: want a list of statements`},
	{"object", `{"flowc": 1, "objects": {"a": "rng", "b": {"seed": 1}, "c": {"new": 3, "seed": {"reg": "x"}, "n": [1]}}}`,
		`1:31: /objects/a: found the string "rng": want a constructor call, an object with "new"
1:43: /objects/b: object "b" lacks "new": want the name of a class
1:69: /objects/c/new: found the number 3: want the name of a class, a string
1:80: /objects/c/seed: reg is not a constant: want a literal, or a tensor, list or record of literals
1:99: /objects/c/n: found a list: want an operand; a list is written {"list": [...]}, a tensor {"tensor": {"dtype": ..., "data": [...]}}`},
	{"duplicate object", `{"flowc": 1, "objects": {"a": {"new": "rng"}, "a": {"new": "rng"}}}`,
		`1:47: /objects/a: duplicate key "a": the first one is at 1:26`},
	{"register", `{"flowc": 1, "registers": {"a": [1], "b": {}, "c": {"type": 3}, "d": {"type": "f16[2]"}, "e": {"typ": "f32"}, "g": {"init": 1, "colour": 1}}}`,
		`1:33: /registers/a: found a list: want an operand; a list is written {"list": [...]}, a tensor {"tensor": {"dtype": ..., "data": [...]}}
1:43: /registers/b: found an empty object: want null, a literal or an object with "type", "init" or an element key
1:61: /registers/c/type: found the number 3: want the type of a number such as "f32[64,10]"
1:79: /registers/d/type: unknown dtype "f16": want one of bool, u8, i32, i64, f32, f64
1:96: /registers/e/typ: unknown key "typ" in a register: did you mean "type"?
1:128: /registers/g/colour: unknown key "colour" in a register: want type, init, doc, value, list, record or tensor`},
	{"register type text", `{"flowc": 1, "registers": {"d": {"type": "f32[1000000000,1000000000]"}, "e": {"type": "f32[2"}}}`,
		`1:42: /registers/d/type: type "f32[1000000000,1000000000]": a f32 tensor of shape [1000000000,1000000000] exceeds the limit of 4294967296 bytes
1:87: /registers/e/type: type "f32[2" lacks its closing bracket`},
	{"register computed", `{"flowc": 1, "registers": {"a": {"call": "zeros"}, "b": {"list": [{"reg": "a"}]}, "c": {"type": "f32", "init": {"index": [1, 2]}}}}`,
		`1:33: /registers/a: call is not a constant: want a literal, or a tensor, list or record of literals
1:67: /registers/b/list/0: reg is not a constant: want a literal, or a tensor, list or record of literals
1:112: /registers/c/init: index is not a constant: want a literal, or a tensor, list or record of literals`},
	{"function", `{"flowc": 1, "functions": {"f": [], "g": {"param": ["x"], "body": {}}, "h": {"params": [1]}}}`,
		`1:33: /functions/f: found an empty list: want a function, an object with "params", "returns" and "body"
1:43: /functions/g/param: unknown key "param" in a function: did you mean "params"?
1:67: /functions/g/body: found an object: want a list of statements
1:89: /functions/h/params/0: found the number 1: want a name, as a string`},
	{"statement", `{"flowc": 1, "body": [1, "seq", [], null, {}, {"reg": "x"}, {"doc": "only"}]}`,
		`1:23: /body/0: found the number 1: want a statement, an object with an element key such as "call"
1:26: /body/1: found the string "seq": want a statement, an object with an element key such as "call"
1:33: /body/2: found an empty list: want a statement, an object with an element key such as "call"
1:37: /body/3: found null: want a statement, an object with an element key such as "call"
1:43: /body/4: found an object with no keys: want one of the element keys block, break, buffer, call, continue, grad, graph, join, loop, next_n, popen, print, repeat, seq, spawn, switch, until, weave or while
1:48: /body/5: found the operand "reg": want a statement; to evaluate operands call an op
1:61: /body/6: found an object with the key "doc": want one of the element keys block, break, buffer, call, continue, grad, graph, join, loop, next_n, popen, print, repeat, seq, spawn, switch, until, weave or while`},
	{"unknown element", `{"flowc": 1, "body": [{"cal": "f"}, {"for": 3, "body": []}, {"REPEAT": 3, "body": []}]}`,
		`1:24: /body/0: unknown element "cal": did you mean "call"?
1:37: /body/1: found an object with the keys "for", "body": want one of the element keys block, break, buffer, call, continue, grad, graph, join, loop, next_n, popen, print, repeat, seq, spawn, switch, until, weave or while
1:62: /body/2: unknown element "REPEAT": did you mean "repeat"?`},
	{"two element keys", `{"flowc": 1, "body": [{"call": "f", "seq": []}]}`,
		`1:37: /body/0: found the element keys "call" and "seq" in one object: want exactly one`},
	{"op and alias", `{"flowc": 1, "body": [{"switch": 1, "choose": 1, "cases": []}]}`,
		`1:37: /body/0: found the element keys "switch" and "choose" in one object: want exactly one`},
	{"unknown key of an element", `{"flowc": 1, "body": [{"repeat": 3, "bdy": [], "body": []}, {"call": "f", "to": "x"}]}`,
		`1:37: /body/0/bdy: unknown key "bdy" in repeat: did you mean "body"?
1:75: /body/1/to: unknown key "to" in call: want call, args, kwargs, store, hooks, id or doc`},
	{"missing fields", `{"flowc": 1, "body": [{"repeat": 3}, {"grad": "f"}, {"switch": 1}, {"block": [], "steps": 1}]}`,
		`1:23: /body/0: repeat lacks "body": want statements to run
1:38: /body/1: grad lacks "wrt": want parameters to differentiate by
1:53: /body/2: switch lacks "cases": want labelled branches
1:68: /body/3: block lacks "source": want the statements of one iteration`},
	{"wrong kinds", `{"flowc": 1, "body": [{"call": 1, "args": {}, "kwargs": [], "store": 3, "hooks": {}, "doc": 1}]}`,
		`1:32: /body/0/call: found the number 1: want a name, as a string
1:43: /body/0/args: found an object: want a list of operands
1:57: /body/0/kwargs: found an empty list: want an object of named operands
1:70: /body/0/store: found the number 3: want a list of names
1:82: /body/0/hooks: found an object: want a list of hooks, objects with "before" or "after"
1:93: /body/0/doc: found the number 1: want a text`},
	{"wrong regions", `{"flowc": 1, "body": [{"seq": {}}, {"weave": [{}]}, {"switch": 1, "cases": {}}, {"switch": 1, "cases": [1]}, {"break": 1}]}`,
		`1:31: /body/0/seq: found an object: want a list of statements
1:47: /body/1/weave/0: found an object: want a list of statements
1:76: /body/2/cases: found an object: want a list of cases, objects with "when" and "body"
1:105: /body/3/cases/0: found the number 1: want a case, an object with "when" and "body"
1:120: /body/4/break: found the number 1: want null`},
	{"store of numbers", `{"flowc": 1, "body": [{"call": "f", "store": [1, null]}]}`,
		`1:47: /body/0/store/0: found the number 1: want a name, as a string
1:50: /body/0/store/1: found null: want a name, as a string`},
	{"attributes", `{"flowc": 1, "body": [{"weave": [], "require": 1.5, "weights": 3, "turn": "stmt"}, {"weave": [], "require": "1", "weights": [1, "a"], "turn": 1}]}`,
		`1:48: /body/0/require: found the number 1.5: want a whole number
1:64: /body/0/weights: found the number 3: want a list of whole numbers
1:75: /body/0/turn: found the string "stmt": want step or statement
1:109: /body/1/require: found the string "1": want a whole number
1:129: /body/1/weights/1: found the string "a": want a whole number
1:143: /body/1/turn: found the number 1: want step or statement`},
	{"duration", `{"flowc": 1, "body": [{"popen": ["a"], "timeout": "10 s"}, {"popen": ["a"], "timeout": "-1s"}, {"popen": ["a"], "timeout": 10}, {"popen": ["a"], "on_restore": "x"}]}`,
		`1:51: /body/0/timeout: found the string "10 s": want a duration such as "10s" or "1h30m"
1:88: /body/1/timeout: found the string "-1s": want a duration such as "10s" or "1h30m"
1:124: /body/2/timeout: found the number 10: want a duration such as "10s" or "1h30m"
1:160: /body/3/on_restore: found the string "x": want rerun or fail`},
	{"cases", `{"flowc": 1, "body": [{"switch": 1, "cases": [{"body": []}, {"when": 1}, {"when": 1.5, "body": []}, {"when": null, "body": []}, {"when": {"reg": "x"}, "body": []}, {"when": 1, "boby": []}]}]}`,
		`1:47: /body/0/cases/0: found a case without "when": want a whole number, bool or string
1:61: /body/0/cases/1: found a case without "body": want a list of statements
1:83: /body/0/cases/2/when: found the number 1.5: want a whole number, true, false or a string
1:110: /body/0/cases/3/when: found null: want a whole number, true, false or a string
1:138: /body/0/cases/4/when: found an object: want a literal: null, a bool, number or string, or an object with the one key tensor, list or record
1:165: /body/0/cases/5: found a case without "body": want a list of statements
1:177: /body/0/cases/5/boby: unknown key "boby" in a case: did you mean "body"?`},
	{"case of a tensor shape", `{"flowc": 1, "body": [{"switch": 1, "cases": [{"when": {"tensor": {"dtype": "i64", "data": [1]}}, "body": []}]}]}`,
		`1:56: /body/0/cases/0/when: found an object: want a whole number, true, false or a string`},
	{"hooks", `{"flowc": 1, "body": [{"seq": [], "hooks": [1, {}, {"every": 0, "after": []}, {"evry": 1, "after": []}, {"every": "x", "before": []}, {"every": 1.5, "before": []}]}]}`,
		`1:45: /body/0/hooks/0: found the number 1: want a hook, an object with "before" or "after"
1:48: /body/0/hooks/1: found a hook without statements: want "before" or "after"
1:62: /body/0/hooks/2/every: found the number 0: want a positive whole number or a duration such as "10s"
1:80: /body/0/hooks/3/evry: unknown key "evry" in hook: did you mean "every"?
1:115: /body/0/hooks/4/every: found the string "x": want a positive whole number or a duration such as "10s"
1:145: /body/0/hooks/5/every: found the number 1.5: want a positive whole number or a duration such as "10s"`},
	{"operand", `{"flowc": 1, "body": [{"print": [[1], {}, {"rge": "x"}, {"seq": []}, {"reg": 1}]}]}`,
		`1:34: /body/0/print/0: found a list: want an operand; a list is written {"list": [...]}, a tensor {"tensor": {"dtype": ..., "data": [...]}}
1:39: /body/0/print/1: found an object with no keys: want one of the element keys call, index, list, record, reg, slice, tensor or value
1:44: /body/0/print/2: unknown element "rge": did you mean "reg"?
1:58: /body/0/print/3: found the statement "seq": want an operand: a literal or an object such as {"reg": ...}
1:78: /body/0/print/4/reg: found the number 1: want a name, as a string`},
	{"store in an operand", `{"flowc": 1, "body": [{"print": [{"call": "f", "store": "x", "hooks": []}]}]}`,
		`1:48: /body/0/print/0/store: found "store" on an operand: only statements have it
1:62: /body/0/print/0/hooks: found "hooks" on an operand: only statements have it`},
	{"min operands", `{"flowc": 1, "body": [{"print": [{"index": [1]}, {"slice": []}]}, {"popen": []}]}`,
		`1:44: /body/0/print/0/index: found a list of 1: want operands, at least 2
1:60: /body/0/print/1/slice: found an empty list: want operands, at least 1
1:77: /body/1/popen: found an empty list: want operands, at least 1`},
	{"ids", `{"flowc": 1, "body": [{"seq": [], "id": 5}, {"seq": [], "id": 5}, {"seq": [], "id": 0}, {"seq": [], "id": 4294967296}, {"seq": [], "id": "a"}, {"seq": [], "id": 1.0}]}`,
		`1:63: /body/1/id: duplicate id 5: the first one is at 1:41
1:85: /body/2/id: found the number 0: want an id, a whole number from 1 to 4294967295
1:107: /body/3/id: found the number 4294967296: want an id, a whole number from 1 to 4294967295
1:138: /body/4/id: found the string "a": want an id, a whole number from 1 to 4294967295
1:162: /body/5/id: found the number 1.0: want an id, a whole number from 1 to 4294967295`},
	{"origins", `{"flowc": 1, "body": [{"seq": [], "origins": 5}, {"seq": [], "origins": [0]}]}`,
		`1:46: /body/0/origins: found the number 5: want a list of ids
1:74: /body/1/origins/0: found the number 0: want an id, a whole number from 1 to 4294967295`},
	{"all at once in order", `{"flowc": 1,
 "outputs": 3,
 "body": [
  {"repeat": 3},
  {"call": "f", "args": [{"rg": "x"}], "strore": "y"}],
 "name": 4}`,
		`2:13: /outputs: found the number 3: want a list of names of registers
4:3: /body/0: repeat lacks "body": want statements to run
5:27: /body/1/args/0: unknown element "rg": did you mean "reg"?
5:40: /body/1/strore: unknown key "strore" in call: did you mean "store"?
6:10: /name: found the number 4: want the program's name, a string`},
	{"misspelt element with mistakes inside", `{"flowc": 1, "body": [{"repat": 3, "as": 1, "body": [{"sqe": []}]}]}`,
		`1:24: /body/0: unknown element "repat": did you mean "repeat"?
1:42: /body/0/as: found the number 1: want a name, as a string
1:55: /body/0/body/0: unknown element "sqe": did you mean "seq"?`},
	{"misspelt constant", `{"flowc": 1, "registers": {"a": {"tensr": {"dtype": "f32", "data": []}}, "b": {"reg": 1, "type": "f32"}}}`,
		`1:34: /registers/a/tensr: unknown key "tensr" in a register: did you mean "tensor"?
1:79: /registers/b: reg is not a constant: want a literal, or a tensor, list or record of literals`},
	{"duplicate keys everywhere", `{"flowc": 1, "registers": {"r": 1, "r": 2}, "body": [{"call": "f", "kwargs": {"a": 1, "a": 2}, "call": "g"}, {"print": [{"record": {"a": 1, "a": 1}}, {"tensor": {"dtype": "f32", "dtype": "f32", "data": []}}, {"value": {"record": {"a": 1, "a": 1}}}]}, {"switch": 1, "cases": [{"when": 1, "when": 2, "body": []}]}]}`,
		`1:36: /registers/r: duplicate key "r": the first one is at 1:28
1:87: /body/0/kwargs/a: duplicate key "a": the first one is at 1:79
1:96: /body/0/call: duplicate key "call": the first one is at 1:55
1:141: /body/1/print/0/record/a: duplicate key "a": the first one is at 1:133
1:179: /body/1/print/1/tensor/dtype: duplicate key "dtype": the first one is at 1:163
1:239: /body/1/print/2/value/record/a: duplicate key "a": the first one is at 1:231
1:288: /body/2/cases/0/when: duplicate key "when": the first one is at 1:277`},
	{"escaped pointer", `{"flowc": 1, "registers": {"a/b~c": []}}`,
		`1:37: /registers/a~1b~0c: found a list: want an operand; a list is written {"list": [...]}, a tensor {"tensor": {"dtype": ..., "data": [...]}}`},
}
