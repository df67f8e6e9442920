/** What a worker answers: the result of its task, or why there is none. An error that is thrown would lose its class on the way. */
export type Answer<Result> = { readonly result: Result } | { readonly failure: Failure };

export interface Failure {
	readonly message: string;
	/** Of an error of isoloss. */
	readonly tag?: string;
	readonly stack?: string;
}

/** A task whose errors are answers. What ends the worker itself is none, and may be tried again. */
export function answering<Task, Result>(
	run: (task: Task) => Result | Promise<Result>,
): (task: Task) => Promise<Answer<Result>> {
	return async (task) => {
		try {
			return { result: await run(task) };
		} catch (error) {
			if (!(error instanceof Error)) return { failure: { message: String(error) } };
			const { message, stack } = error;
			const tag = "tag" in error ? { tag: String(error.tag) } : {};
			return { failure: { message, ...tag, ...(stack !== undefined && { stack }) } };
		}
	};
}
