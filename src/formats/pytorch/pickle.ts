import { FileFormatError } from "../../errors.js";
import { itemBound } from "../../files/limits.js";

/** A class or function that a pickle names; it is only ever compared by name, never looked up. */
export class PickleGlobal {
	readonly name: string;

	constructor(name: string) {
		this.name = name;
	}
}

/** What `REDUCE` made: an allowed function and its arguments, not called. */
export class PickleCall {
	readonly name: string;
	readonly args: readonly unknown[];

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

/**
 * Reads a Python pickle without executing anything: dictionaries become Maps, lists and tuples arrays, and of the
 * classes and functions it names only those allowed pass, unevaluated.
 *
 * @param path    how errors call the file
 * @param allowed names such as `collections.OrderedDict`
 * @param fileBytes of the file that holds the pickle, which bounds how many things it may make
 * @throws {FileFormatError} naming the first thing that is not allowed or not whole
 * @see https://docs.python.org/3/library/pickletools.html
 */
export function parsePickle(
	bytes: Uint8Array,
	path: string,
	allowed: ReadonlySet<string>,
	fileBytes = bytes.length,
): unknown {
	if (bytes.length > itemBound(fileBytes, STEP_BYTES))
		throw new FileFormatError(path, `its pickle has ${bytes.length} bytes, more than a file of its size may hold`);
	return new Machine(bytes, path, allowed, itemBound(fileBytes, OBJECT_BYTES)).run();
}

class Machine {
	private readonly view: DataView;
	private readonly bytes: Uint8Array;
	private readonly path: string;
	private readonly allowed: ReadonlySet<string>;
	private readonly stack: unknown[] = [];
	private readonly memo = new Map<number, unknown>();
	private at = 0;
	/** How many things it may make. */
	private readonly most: number;
	private made = 0;

	constructor(bytes: Uint8Array, path: string, allowed: ReadonlySet<string>, most: number) {
		this.most = most;
		this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
		this.bytes = bytes;
		this.path = path;
		this.allowed = allowed;
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

	take(length: number): Uint8Array {
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

	/** A whole number of any length; one that a double can't hold comes rounded. */
	long(length: number): number {
		const digits = this.take(length);
		let value = 0n;
		if (length > 16) return this.fail("its pickle holds a number of more than 16 bytes");
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
		if (!this.allowed.has(name))
			this.fail(`its pickle wants ${name.slice(0, 200)}, which is not loaded: save the network's state_dict() alone`);
		this.push(new PickleGlobal(name));
	}

	call(): void {
		const args = this.pop();
		const callee = this.pop();
		if (callee instanceof PickleGlobal && Array.isArray(args))
			this.push(callee.name === "collections.OrderedDict" ? new Map() : new PickleCall(callee.name, args));
		else this.fail("its pickle is damaged: it calls no function");
	}

	setItems(items: readonly unknown[]): void {
		const target = this.top();
		if (!(target instanceof Map)) this.fail("its pickle is damaged: it fills no dictionary");
		else
			for (let i = 0; i + 1 < items.length; i += 2) {
				const key = items[i];
				// What is no name is of no use here, and a nest of tuples would be walked for ever.
				if (typeof key !== "string" && typeof key !== "number")
					this.fail("its pickle has a dictionary whose keys are no names");
				target.set(key, items[i + 1]);
			}
	}

	append(items: readonly unknown[]): void {
		const target = this.top();
		if (!Array.isArray(target)) this.fail("its pickle is damaged: it extends no list");
		else for (const item of items) target.push(item);
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
	82: (m) => m.call(), // REDUCE
	98: (m) => {
		m.pop();
	}, // BUILD: attributes of a dictionary (PyTorch's _metadata), which nothing here needs
	81: (m) => m.push(new PickleReference(m.pop())), // BINPERSID
};
