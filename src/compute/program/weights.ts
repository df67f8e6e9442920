import type { Allocation, KernelContext } from "../../kernels/backend.js";
import {
	countOf,
	type ElementType,
	type FilterForm,
	type MatrixForm,
	type NormNumbers,
	type Operand,
} from "../../kernels/lowering.js";
import { Norm, type PlacedNumbers } from "./norm.js";
import { type NumberSource, PointWriter } from "./point-writer.js";

/** Rows of a packed matrix that are formed and packed at a time, whole blocks of the kernels' 256: 1 MB of rows, about. */
const STAGED_BYTES = 1 << 20;
const BLOCK_ROWS = 256;

/** The most bytes of filters that are kept transformed; they take four times the room of plain ones, for tiles of 6×6 seven times. */
const TRANSFORMED_BYTES = 8 << 20;

/**
 * A tensor without samples, as programs read it: as it lies, packed, or transformed. Only forms that were asked for are kept, and
 * each once.
 */
class Weight implements Operand {
	readonly shape: readonly number[];
	readonly type: ElementType;
	readonly perSample = false;
	readonly #context: KernelContext;
	readonly #writer: PointWriter;
	#plain: Allocation | undefined;
	readonly #packed = new Map<string, { readonly form: MatrixForm; readonly to: Allocation }>();
	readonly #transformed = new Map<number, { readonly form: FilterForm; readonly to: Allocation }>();

	constructor(context: KernelContext, writer: PointWriter, shape: readonly number[], type: ElementType) {
		this.#context = context;
		this.#writer = writer;
		this.shape = shape;
		this.type = type;
	}

	/** Where it lies plain, as it is kept from then on. */
	get at(): number {
		return this.keepPlain().address;
	}

	keepPlain(): Allocation {
		this.#plain ??= this.#context.allocate(countOf(this.shape) * 4);
		return this.#plain;
	}

	packed(form: MatrixForm): number {
		const key = [form.depth, form.columns, form.whole ?? false].join();
		const found = this.#packed.get(key);
		if (found !== undefined) return found.to.address;
		const to = this.#context.allocate(this.#context.kernels.packedBytes(form.depth, form.columns));
		this.#packed.set(key, { form, to });
		return to.address;
	}

	transformed(form: FilterForm): number | undefined {
		const found = this.#transformed.get(form.side);
		if (found !== undefined) return found.to.address;
		const bytes = this.#context.kernels.winogradFilters(form.side, form.inputs, form.outputs);
		if (bytes > TRANSFORMED_BYTES) return undefined;
		const to = this.#context.allocate(bytes);
		this.#transformed.set(form.side, { form, to });
		return to.address;
	}

	/** Takes new numbers, those of the source from the number `first` on, into the forms that are kept. */
	form(source: NumberSource, first = 0): void {
		if (this.#plain !== undefined) this.#writer.write(source, first, this.#plain.address, countOf(this.shape));
		for (const { form, to } of this.#packed.values()) {
			if (this.#plain === undefined) this.#packStaged(form, to.address, source, first);
			else this.#pack(form, to.address);
		}
		for (const { form, to } of this.#transformed.values()) this.#transform(form, to.address);
	}

	/** Takes what has been written where it lies plain. */
	refresh(): void {
		for (const { form, to } of this.#packed.values()) this.#pack(form, to.address);
		for (const { form, to } of this.#transformed.values()) this.#transform(form, to.address);
	}

	#pack({ depth, columns, whole = false }: MatrixForm, to: number): void {
		const block = whole ? depth : BLOCK_ROWS;
		this.#context.kernels.packMatrix(this.at, to, depth, columns, 0, depth, block);
	}

	/** Packs a matrix that is never there as a whole, some rows at a time. */
	#packStaged({ depth, columns, whole = false }: MatrixForm, to: number, source: NumberSource, first: number): void {
		const { kernels } = this.#context;
		const blocks = Math.max(1, Math.floor(STAGED_BYTES / (BLOCK_ROWS * columns * 4)));
		const most = whole ? depth : Math.min(depth, blocks * BLOCK_ROWS);
		this.#context.withScratch(most * columns * 4, (staged) => {
			for (let row = 0; row < depth; row += most) {
				const rows = Math.min(most, depth - row);
				this.#writer.write(source, first + row * columns, staged, rows * columns);
				kernels.packMatrix(staged, to, depth, columns, row, rows, whole ? depth : BLOCK_ROWS);
			}
		});
	}

	#transform({ side, inputs, outputs }: FilterForm, to: number): void {
		this.#context.withScratch(LINES_BYTES, (lines) =>
			this.#context.kernels.prepareFilters(to, this.at, side, inputs, outputs, false, lines),
		);
	}

	release(): void {
		this.#plain?.free();
		for (const { to } of [...this.#packed.values(), ...this.#transformed.values()]) to.free();
	}
}

/** Scratch of the transformation of filters: 24 vectors at most. */
const LINES_BYTES = 24 * 16;

export type { Weight };

/** What a network is computed with, by name: parameters, statistics, constants, and what is made of those alone. */
export class Weights {
	readonly #context: KernelContext;
	readonly #writer: PointWriter;
	readonly #weights = new Map<string, Weight>();
	readonly #norms: Norm[] = [];

	constructor(context: KernelContext) {
		this.#context = context;
		this.#writer = new PointWriter(context);
	}

	add(name: string, shape: readonly number[], type: ElementType = "float32"): Weight {
		const weight = new Weight(this.#context, this.#writer, shape, type);
		this.#weights.set(name, weight);
		return weight;
	}

	get(name: string): Weight | undefined {
		return this.#weights.get(name);
	}

	/** The weight that an operand is, if it is one. */
	find(operand: Operand): Weight | undefined {
		return operand instanceof Weight ? operand : undefined;
	}

	/** The numbers of a normalisation as the weights that they are; undefined where some are none. */
	placed(numbers: NormNumbers): PlacedNumbers | undefined {
		const [mean, variance] = [this.find(numbers.mean), this.find(numbers.variance)];
		const [shift, scale] = [this.find(numbers.shift), this.find(numbers.scale)];
		return mean && variance && shift && scale && { ...numbers, mean, variance, shift, scale };
	}

	/** Where it lies what such numbers normalise by, anew at each point. */
	norm(numbers: PlacedNumbers): number {
		const found = this.#norms.find((norm) => norm.is(numbers));
		if (found !== undefined) return found.at;
		const norm = new Norm(this.#context, numbers);
		this.#norms.push(norm);
		return norm.at;
	}

	/** Works out what is made of several weights, once all have their numbers. */
	formNorms(): void {
		for (const norm of this.#norms) norm.form();
	}

	release(): void {
		for (const norm of this.#norms) norm.release();
		for (const weight of this.#weights.values()) weight.release();
		this.#writer.release();
	}
}
