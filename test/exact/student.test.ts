import test from "ava";
import { incompleteBeta, logGamma, studentQuantile } from "../../src/exact/student.js";

const near = (value: number, wanted: number, relative: number) =>
	Math.abs(value - wanted) <= relative * Math.abs(wanted);

test("quantiles of Student's t are those of printed tables", (t) => {
	const table: readonly (readonly [number, number, number])[] = [
		[0.975, 2, 4.302653],
		[0.975, 7, 2.364624],
		[0.975, 9, 2.262157],
		[0.975, 30, 2.042272],
		[0.975, 99, 1.984217],
		[0.95, 9, 1.833113],
		[0.995, 4, 4.604095],
	];
	for (const [probability, degrees, wanted] of table)
		t.true(near(studentQuantile(probability, degrees), wanted, 5e-7), `${degrees}`);
});

test("with one and two degrees of freedom they are the closed forms", (t) => {
	for (const p of [0.6, 0.9, 0.975, 0.9995]) {
		t.true(near(studentQuantile(p, 1), Math.tan(Math.PI * (p - 0.5)), 1e-11));
		t.true(near(studentQuantile(p, 2), (2 * p - 1) / Math.sqrt(2 * p * (1 - p)), 1e-11));
	}
	t.is(studentQuantile(0.5, 5), 0);
	// Many degrees of freedom are a Gaussian's.
	t.true(near(studentQuantile(0.975, 1e6), 1.959966, 1e-6));
});

test("the incomplete beta function and ln Γ have their known values", (t) => {
	t.true(near(incompleteBeta(0.3, 1, 1), 0.3, 1e-13));
	// I(x; 2, 3) = 6x² − 8x³ + 3x⁴
	t.true(near(incompleteBeta(0.4, 2, 3), 6 * 0.16 - 8 * 0.064 + 3 * 0.0256, 1e-13));
	t.true(near(incompleteBeta(0.9, 2, 3), 6 * 0.81 - 8 * 0.729 + 3 * 0.6561, 1e-13));
	t.deepEqual([incompleteBeta(0, 2, 3), incompleteBeta(1, 2, 3)], [0, 1]);
	t.true(near(logGamma(0.5), Math.log(Math.sqrt(Math.PI)), 1e-13));
	t.true(near(logGamma(7), Math.log(720), 1e-13));
});
