/**
 * The most a thread can do with four-lane vectors: multiplications and additions on registers alone. The module is
 * written out byte by byte, so that nothing but the engine decides how it runs.
 */

const F32X4_MUL = [0xfd, 0xe6, 0x01];
const F32X4_ADD = [0xfd, 0xe4, 0x01];
const RELAXED_MADD = [0xfd, 0x85, 0x02];

/** Chains of results that do not wait for one another: enough to fill the pipelines, few enough for 16 registers. */
const CHAINS = 13;

function leb(value) {
	const bytes = [];
	do {
		bytes.push((value & 127) | (value > 127 ? 128 : 0));
		value >>>= 7;
	} while (value > 0);
	return bytes;
}

const section = (id, bytes) => [id, ...leb(bytes.length), ...bytes];

function v128Const(number) {
	const four = new Float32Array(4).fill(number);
	return [0xfd, 0x0c, ...new Uint8Array(four.buffer)];
}

/** (count: i32) -> v128's first lane as f32; each round takes every chain through x · 0.5 + 0.25. */
function peakModule(relaxed) {
	const chain = (number) => number + 1;
	const [half, quarter] = [CHAINS + 1, CHAINS + 2];
	const code = [1, CHAINS + 2, 0x7b];
	for (let number = 0; number < CHAINS; number++) code.push(...v128Const(number), 0x21, chain(number));
	code.push(...v128Const(0.5), 0x21, half, ...v128Const(0.25), 0x21, quarter);
	code.push(0x03, 0x40);
	for (let number = 0; number < CHAINS; number++) {
		code.push(0x20, chain(number), 0x20, half);
		if (relaxed) code.push(0x20, quarter, ...RELAXED_MADD);
		else code.push(...F32X4_MUL, 0x20, quarter, ...F32X4_ADD);
		code.push(0x21, chain(number));
	}
	code.push(0x20, 0, 0x41, 1, 0x6b, 0x22, 0, 0x0d, 0, 0x0b);
	code.push(0x20, chain(0));
	for (let number = 1; number < CHAINS; number++) code.push(0x20, chain(number), ...F32X4_ADD);
	code.push(0xfd, 0x1f, 0, 0x0b);
	return Uint8Array.from([
		...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
		...section(1, [1, 0x60, 1, 0x7f, 1, 0x7d]),
		...section(3, [1, 0]),
		...section(7, [1, 4, 0x70, 0x65, 0x61, 0x6b, 0, 0]),
		...section(10, [1, ...leb(code.length), ...code]),
	]);
}

/** @returns a function that runs about a millisecond and gives GFLOP/s, or null where the engine lacks the instruction */
export function peakMeter(relaxed) {
	const bytes = peakModule(relaxed);
	if (!WebAssembly.validate(bytes)) return null;
	const { peak } = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports;
	const rounds = 500_000;
	return () => {
		const start = performance.now();
		peak(rounds);
		return (rounds * CHAINS * 8) / (performance.now() - start) / 1e6;
	};
}
