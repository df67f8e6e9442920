type Shareable = Float32Array | Float64Array | Int32Array;

/** The same values over a SharedArrayBuffer; the array itself where they are shared already. */
export function share<A extends Shareable>(array: A): A {
	if (array.buffer instanceof SharedArrayBuffer) return array;
	const copy = new (array.constructor as new (buffer: SharedArrayBuffer) => A)(new SharedArrayBuffer(array.byteLength));
	copy.set(array);
	return copy;
}

/** A new vector of zeros in shared memory. */
export function sharedVector(length: number): Float32Array {
	return new Float32Array(new SharedArrayBuffer(length * Float32Array.BYTES_PER_ELEMENT));
}
