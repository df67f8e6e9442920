import { FileFormatError } from "../../errors.js";
import { itemBound } from "../../files/limits.js";

/** A class or function that a pickle names; it is only ever compared by name, never looked up. */
export class PickleGlobal {
	readonly name: string;

	constructor(name: string) {
		this.name = name;
	}
}

/** What a class or function would have made, which is never called: its name, its arguments, and what was put into it. */
export class PickleObject {
	readonly name: string;
	readonly args: readonly unknown[];
	/** Its attributes, as `__setstate__` would get them. */
	state: unknown;

	constructor(name: string, args: readonly unknown[]) {
		this.name = name;
		this.args = args;
	}
}

/** A reference to something outside the pickle, such as a storage of numbers. */
export class PickleReference {
	readonly id: unknown;

	constructor(id: unknown) {
		this.id = id;
	}
}

const MARK = Symbol("mark");

/** What a dictionary, the largest of the things that a pickle makes, takes in memory; measured with empty ones. */
const OBJECT_BYTES = 280;

/** What a byte of a pickle becomes at most where it makes nothing, but lays things on the stack, which grows by copies. */
const STEP_BYTES = 48;

/** A value, and where its pickle ends. */
export interface Unpickled {
	readonly value: unknown;
	readonly end: number;
}

/**
 * Reads a Python pickle without executing or looking up anything: dictionaries become Maps, lists and tuples arrays, and what
 * any other class or function would have made a PickleObject.
 *
 * @param path how errors call the file
 * @param fileBytes of the file that holds the pickle, which bounds how many things it may make
 * @throws {FileFormatError} naming the first thing that is damaged or not whole
 * @see https://docs.python.org/3/library/pickletools.html
 */
export function parsePickle(bytes: Uint8Array, path: string, fileBytes = bytes.length): unknown {
	return unpickle(bytes, path, fileBytes).value;
}

/**
 * The same of a pickle that something follows, as other pickles do in files of PyTorch before 1.6.
 *
 * @param onReference is told of everything outside of the pickle that it refers to
 */
export function unpickle(
	bytes: Uint8Array,
	path: string,
	fileBytes = bytes.length,
	onReference: (reference: PickleReference) => void = () => undefined,
): Unpickled {
	const bounds = { most: itemBound(fileBytes, OBJECT_BYTES), longest: itemBound(fileBytes, STEP_BYTES) };
	const machine = new Machine(bytes, path, bounds, onReference);
	const value = machine.run();
	return { value, end: machine.position };
}

class Machine {
	private readonly view: DataView;
	private readonly bytes: Uint8Array;
	private readonly path: string;
	private readonly stack: unknown[] = [];
	private readonly memo = new Map<number, unknown>();
	private at = 0;
	/** How many things it may make, and how many bytes it may have. */
	private readonly most: number;
	private readonly longest: number;
	private readonly onReference: (reference: PickleReference) => void;
	private made = 0;

	constructor(
		bytes: Uint8Array,
		path: string,
		{ most, longest }: { readonly most: number; readonly longest: number },
		onReference: (reference: PickleReference) => void,
	) {
		this.most = most;
		this.longest = longest;
		this.onReference = onReference;
		this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
		this.bytes = bytes;
		this.path = path;
	}

	run(): unknown {
		for (;;) {
			const opcode = this.byte();
			if (opcode === 0x2e) return this.pop();
			const step = steps[opcode];
			if (step === undefined)
				return this.fail(`its pickle uses the opcode 0x${opcode.toString(16)}, which is not allowed`);
			step(this);
		}
	}

	fail(message: string): never {
		throw new FileFormatError(this.path, message);
	}

	get position(): number {
		return this.at;
	}

	take(length: number): Uint8Array {
		if (this.at > this.longest)
			return this.fail(`its pickle has more than the ${this.longest} bytes that such a file may hold`);
		if (!(length >= 0) || this.at + length > this.bytes.length)
			return this.fail("truncated: its pickle ends too early");
		this.at += length;
		return this.bytes.subarray(this.at - length, this.at);
	}

	byte(): number {
		return this.take(1)[0] ?? 0;
	}

	uint(width: 1 | 2 | 4 | 8): number {
		const { byteOffset } = this.take(width);
		const offset = byteOffset - this.bytes.byteOffset;
		if (width === 8) return Number(this.view.getBigUint64(offset, true));
		if (width === 4) return this.view.getUint32(offset, true);
		return width === 2 ? this.view.getUint16(offset, true) : this.view.getUint8(offset);
	}

	int(): number {
		return this.uint(4) | 0;
	}

	float(): number {
		const { byteOffset } = this.take(8);
		return this.view.getFloat64(byteOffset - this.bytes.byteOffset, false);
	}

	text(length: number): string {
		return new TextDecoder().decode(this.take(length));
	}

	line(): string {
		const end = this.bytes.indexOf(0x0a, this.at);
		if (end < 0) return this.fail("truncated: its pickle ends too early");
		const text = this.text(end - this.at);
		this.at += 1;
		return text;
	}

	/** A number as the first protocol writes it; 00 and 01 are its truth values. */
	textNumber(): number | boolean {
		const line = this.line();
		return line === "00" || line === "01" ? line === "01" : Number(line.replace(/L$/, ""));
	}

	/** A whole number; one that a double can't hold comes rounded, one of more than 16 bytes as NaN. */
	long(length: number): number {
		const digits = this.take(length);
		let value = 0n;
		if (length > 16) return Number.NaN;
		for (const [index, digit] of digits.entries()) value |= BigInt(digit) << BigInt(8 * index);
		return Number(BigInt.asIntN(Math.max(8, 8 * length), value));
	}

	push(value: unknown): void {
		if (typeof value === "object" || typeof value === "string") this.count();
		this.stack.push(value);
	}

	pop(): unknown {
		if (this.stack.length === 0) return this.fail("its pickle takes from an empty stack");
		const value = this.stack.pop();
		return value === MARK ? this.fail("its pickle is damaged") : value;
	}

	top(): unknown {
		return this.stack.at(-1);
	}

	/** @throws {FileFormatError} when too much has been made */
	private count(): void {
		this.made += 1;
		if (this.made > this.most)
			this.fail(`its pickle makes more than the ${this.most} objects that such a file may hold`);
	}

	mark(): void {
		this.stack.push(MARK);
	}

	toMark(): unknown[] {
		const start = this.stack.lastIndexOf(MARK);
		if (start < 0) return this.fail("its pickle is damaged: a mark is missing");
		const items = this.stack.splice(start);
		return items.slice(1);
	}

	put(index: number): void {
		if (!this.memo.has(index)) this.count();
		this.memo.set(index, this.top());
	}

	memoize(): void {
		this.put(this.memo.size);
	}

	get(index: number): void {
		if (!this.memo.has(index)) this.fail("its pickle is damaged: it refers to nothing");
		this.stack.push(this.memo.get(index));
	}

	global(name: string): void {
		this.push(new PickleGlobal(name.slice(0, 500)));
	}

	/** What calling a function, or making an object of a class, would give. */
	call(callee: unknown, args: unknown): void {
		// What a call gives may be called in its turn: functools.partial, say.
		if (callee instanceof PickleObject) this.push(new PickleObject(`a call of ${callee.name}`.slice(0, 500), []));
		else if (callee instanceof PickleGlobal) this.push(made(callee.name, Array.isArray(args) ? args : []));
		else this.fail("its pickle is damaged: it calls no function");
	}

	setItems(items: readonly unknown[]): void {
		const target = this.top();
		// An object that takes items is of a class that is not known, and so are they.
		if (target instanceof PickleObject) return;
		if (!(target instanceof Map)) this.fail("its pickle is damaged: it fills no dictionary");
		else for (let i = 0; i + 1 < items.length; i += 2) target.set(this.key(items[i]), items[i + 1]);
	}

	/** A key of a dictionary: a name or a number; a short list of them by its text. */
	private key(key: unknown): string | number {
		if (typeof key === "string" || typeof key === "number") return key;
		if (key === null || typeof key === "boolean") return String(key);
		const isFlat =
			Array.isArray(key) && key.length <= 16 && key.every((part) => ["string", "number"].includes(typeof part));
		// Any other is of no use here, and a nest of tuples would be walked for ever.
		return isFlat ? `(${key.join(", ")})` : this.fail("its pickle has a dictionary whose keys are no names");
	}

	append(items: readonly unknown[]): void {
		const target = this.top();
		if (target instanceof PickleObject) return;
		if (!Array.isArray(target)) this.fail("its pickle is damaged: it extends no list");
		else for (const item of items) target.push(item);
	}

	refer(): void {
		const reference = new PickleReference(this.pop());
		this.onReference(reference);
		this.push(reference);
	}

	/** Attributes: of a dictionary nothing here needs them (PyTorch's _metadata). */
	build(): void {
		const state = this.pop();
		const target = this.top();
		if (target instanceof PickleObject) target.state = state;
	}
}

/** What some functions of Python give, as what it is here. */
function made(name: string, args: readonly unknown[]): unknown {
	const [first, second] = args;
	switch (name) {
		case "collections.OrderedDict":
		case "collections.defaultdict":
		case "builtins.dict":
		case "__builtin__.dict":
			return new Map();
		// Bytes, as the second protocol writes them.
		case "_codecs.encode":
			return typeof first === "string" && second === "latin1" ? Uint8Array.from(Buffer.from(first, "latin1")) : null;
		default:
			return new PickleObject(name, args);
	}
}

function tuple(machine: Machine, length: number): void {
	const items = Array.from({ length }, () => machine.pop()).reverse();
	machine.push(items);
}

/** What each opcode does; an opcode that is not here is refused. */
const steps: Readonly<Record<number, (machine: Machine) => void>> = {
	128: (m) => {
		m.byte();
	}, // PROTO
	149: (m) => {
		m.uint(8);
	}, // FRAME
	40: (m) => m.mark(), // MARK
	48: (m) => {
		m.pop();
	}, // POP
	78: (m) => m.push(null), // NONE
	136: (m) => m.push(true), // NEWTRUE
	137: (m) => m.push(false), // NEWFALSE
	74: (m) => m.push(m.int()), // BININT
	75: (m) => m.push(m.uint(1)), // BININT1
	77: (m) => m.push(m.uint(2)), // BININT2
	138: (m) => m.push(m.long(m.uint(1))), // LONG1
	71: (m) => m.push(m.float()), // BINFLOAT
	88: (m) => m.push(m.text(m.uint(4))), // BINUNICODE
	140: (m) => m.push(m.text(m.uint(1))), // SHORT_BINUNICODE
	141: (m) => m.push(m.text(m.uint(8))), // BINUNICODE8
	85: (m) => m.push(m.text(m.uint(1))), // SHORT_BINSTRING
	84: (m) => m.push(m.text(m.uint(4))), // BINSTRING
	66: (m) => m.push(m.take(m.uint(4))), // BINBYTES
	67: (m) => m.push(m.take(m.uint(1))), // SHORT_BINBYTES
	125: (m) => m.push(new Map()), // EMPTY_DICT
	93: (m) => m.push([]), // EMPTY_LIST
	41: (m) => m.push([]), // EMPTY_TUPLE
	133: (m) => tuple(m, 1), // TUPLE1
	134: (m) => tuple(m, 2), // TUPLE2
	135: (m) => tuple(m, 3), // TUPLE3
	116: (m) => m.push(m.toMark()), // TUPLE
	115: (m) => {
		const value = m.pop();
		const key = m.pop();
		m.setItems([key, value]);
	}, // SETITEM
	117: (m) => m.setItems(m.toMark()), // SETITEMS
	97: (m) => m.append([m.pop()]), // APPEND
	101: (m) => m.append(m.toMark()), // APPENDS
	113: (m) => m.put(m.uint(1)), // BINPUT
	114: (m) => m.put(m.uint(4)), // LONG_BINPUT
	148: (m) => m.memoize(), // MEMOIZE
	104: (m) => m.get(m.uint(1)), // BINGET
	106: (m) => m.get(m.uint(4)), // LONG_BINGET
	99: (m) => {
		const module = m.line();
		m.global(`${module}.${m.line()}`);
	}, // GLOBAL
	147: (m) => {
		const name = m.pop();
		m.global(`${m.pop()}.${name}`);
	}, // STACK_GLOBAL
	82: (m) => {
		const args = m.pop();
		m.call(m.pop(), args);
	}, // REDUCE
	129: (m) => {
		const args = m.pop();
		m.call(m.pop(), args);
	}, // NEWOBJ
	146: (m) => {
		m.pop();
		const args = m.pop();
		m.call(m.pop(), args);
	}, // NEWOBJ_EX
	111: (m) => {
		const [callee, ...args] = m.toMark();
		m.call(callee, args);
	}, // OBJ
	105: (m) => {
		const module = m.line();
		const callee = new PickleGlobal(`${module}.${m.line()}`.slice(0, 500));
		m.call(callee, m.toMark());
	}, // INST
	98: (m) => m.build(), // BUILD
	81: (m) => m.refer(), // BINPERSID
	50: (m) => m.push(m.top()), // DUP
	49: (m) => {
		m.toMark();
	}, // POP_MARK
	142: (m) => m.push(m.take(m.uint(8))), // BINBYTES8
	150: (m) => m.push(m.take(m.uint(8))), // BYTEARRAY8
	139: (m) => m.push(m.long(m.uint(4))), // LONG4
	143: (m) => m.push([]), // EMPTY_SET
	144: (m) => m.append(m.toMark()), // ADDITEMS
	145: (m) => m.push(m.toMark()), // FROZENSET
	// The first protocol is text.
	73: (m) => m.push(m.textNumber()), // INT
	76: (m) => m.push(m.textNumber()), // LONG
	70: (m) => m.push(Number(m.line())), // FLOAT
	83: (m) => m.push(m.line().replace(/^(['"])(.*)\1$/, "$2")), // STRING
	86: (m) => m.push(m.line()), // UNICODE
	100: (m) => {
		const items = m.toMark();
		m.push(new Map());
		m.setItems(items);
	}, // DICT
	108: (m) => m.push(m.toMark()), // LIST
	112: (m) => m.put(Number(m.line())), // PUT
	103: (m) => m.get(Number(m.line())), // GET
};
