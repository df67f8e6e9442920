/** Values sent in any order, received one by one; a failure is received before anything sent. */
export class Channel<T> {
	readonly #sent: T[] = [];
	#failure: unknown;
	#wake: () => void = () => undefined;

	readonly send = (value: T): void => {
		this.#sent.push(value);
		this.#wake();
	};

	readonly fail = (error: unknown): void => {
		this.#failure ??= error;
		this.#wake();
	};

	async receive(): Promise<T> {
		for (;;) {
			if (this.#failure !== undefined) throw this.#failure;
			const value = this.#sent.shift();
			if (value !== undefined) return value;
			await new Promise<void>((resolve) => {
				this.#wake = resolve;
			});
		}
	}
}
