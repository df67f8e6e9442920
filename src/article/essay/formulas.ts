import { below, fraction, type Maths, maths, norm, over, raised, root, sum } from "./maths.js";

/** A formula of the article, with what its symbols mean. */
export interface Formula {
	/** What it defines, with citations as in all text of the article. */
	readonly title: string;
	readonly maths: Maths;
	/** The same for readers of plain text. */
	readonly plain: string;
	readonly symbols: readonly (readonly [symbol: Maths, meaning: string])[];
}

const [thetaA, thetaB] = [below(maths`θ`, maths`a`), below(maths`θ`, maths`b`)];
const [directionFilter, networkFilter] = [below(maths`δ`, maths`k`), below(maths`θ`, maths`k`)];
const half = fraction(maths`1`, maths`2`);
const origin = maths`f ( 0 , 0 )`;
const meanAt = (radius: Maths) => maths`${below(maths`f`, maths`□`)} ( ${radius} )`;
const [lossAt, lossAfter] = [below(maths`L`, maths`i`), below(maths`L`, maths`i + 1`)];
const [slope, slopeAfter] = [below(maths`s`, maths`i`), below(maths`s`, maths`i + 1`)];
const [rankOf, otherRankOf] = [
	maths`( ${below(maths`r`, maths`i`)} − r̄ )`,
	maths`( ${below(maths`q`, maths`i`)} − q̄ )`,
];

/** Each where it is first used; the order is the article's. */
export const formulas = {
	loss: {
		title: "The loss of a network",
		maths: maths`L ( θ ) = ${fraction(maths`1`, maths`N`)} ${sum(maths`i = 1`, maths`N`)} − log ${below(maths`p`, maths`θ`)} ( ${below(maths`y`, maths`i`)} ∣ ${below(maths`x`, maths`i`)} )`,
		plain: "L(θ) = (1/N) Σᵢ −log p_θ(yᵢ | xᵢ)",
		symbols: [
			[maths`θ`, "all parameters of the network, in one vector"],
			[maths`${below(maths`x`, maths`i`)} , ${below(maths`y`, maths`i`)}`, "the i-th of N images, and its digit"],
			[below(maths`p`, maths`θ`), "the probability that the network gives to a digit"],
		],
	},
	plane: {
		title: "The loss on a plane [li2018]",
		maths: maths`f ( α , β ) = L ( θ + α δ + β η )`,
		plain: "f(α, β) = L(θ + αδ + βη)",
		symbols: [
			[maths`θ`, "here the trained network's parameters"],
			[maths`δ , η`, "two directions, vectors as long as θ"],
			[maths`α , β`, "what the axes of the pictures show"],
		],
	},
	line: {
		title: "The line from one network to another [goodfellow2015]",
		maths: maths`θ ( α ) = ( 1 − α ) ${thetaA} + α ${thetaB}`,
		plain: "θ(α) = (1 − α)·θ_a + α·θ_b",
		symbols: [[maths`${thetaA} , ${thetaB}`, "the parameters of the two networks, at α = 0 and α = 1"]],
	},
	descent: {
		title: "Rises as a share of the falls",
		maths: fraction(
			maths`${sum(maths`i`)} max ( 0 , ${lossAfter} − ${lossAt} )`,
			maths`${sum(maths`i`)} max ( 0 , ${lossAt} − ${lossAfter} )`,
		),
		plain: "Σ max(0, Lᵢ₊₁ − Lᵢ) / Σ max(0, Lᵢ − Lᵢ₊₁)",
		symbols: [[lossAt, "the loss at the i-th point of the line between α = 0 and 1"]],
	},
	steepening: {
		title: "How much steeper the outer half is than the inner one",
		maths: fraction(maths`${meanAt(maths`R`)} − ${meanAt(maths`R / 2`)}`, maths`${meanAt(maths`R / 2`)} − ${origin}`),
		plain: "(f□(R) − f□(R/2)) / (f□(R/2) − f(0, 0))",
		symbols: [
			[
				meanAt(maths`r`),
				"the mean loss of the points on the square with corners at ±r; 3 is a paraboloid's ratio, 15 a fourth power's",
			],
			[maths`R`, "half the length of the axes"],
		],
	},
	difference: {
		title: "The difference of two surfaces at a point",
		maths: fraction(maths`| a − b |`, maths`max ( a , b )`),
		plain: "|a − b| / max(a, b)",
		symbols: [[maths`a , b`, "the losses of the two at the same place of the grid"]],
	},
	filter: {
		title: "Filter normalisation [li2018]",
		maths: maths`${directionFilter} ← ${directionFilter} ${fraction(norm(networkFilter), norm(directionFilter))}`,
		plain: "δ_k ← δ_k·‖θ_k‖ / ‖δ_k‖",
		symbols: [
			[directionFilter, "the k-th filter of a random direction; η alike"],
			[networkFilter, "the same filter of the network: all weights that lead to one output of a layer"],
		],
	},
	halfWidth: {
		title: "The half-width of a minimum [hochreiter1997]",
		maths: maths`w ( c ) = ${over("min", maths`r > 0`)} { r : f ( r , 0 ) = c }`,
		plain: "w(c) = min { r > 0 : f(r, 0) = c }",
		symbols: [
			[
				maths`c`,
				"twice the network's own loss, or a level common to several networks: twice the highest loss among them",
			],
			[maths`w`, "how far one can go until the loss is c; the mean of both sides, along α and along β"],
		],
	},
	sharpness: {
		title: "The rise of the loss nearby, in per cent [keskar2017]",
		maths: maths`100 · ${fraction(maths`${over("max", maths`| α | , | β | ≤ ε`)} f ( α , β ) − ${origin}`, maths`1 + ${origin}`)}`,
		plain: "100·(max f(α, β) − f(0, 0)) / (1 + f(0, 0)), |α|, |β| ≤ ε",
		symbols: [[maths`ε`, "a quarter of the axes' half-length; the highest of the grid's points within is taken"]],
	},
	whole: {
		title: "Normalisation of the whole vector [im2016]",
		maths: maths`δ ← δ ${fraction(norm(maths`θ`), norm(maths`δ`))}`,
		plain: "δ ← δ·‖θ‖ / ‖δ‖",
		symbols: [[norm(maths`·`), "the Euclidean length over all parameters at once"]],
	},
	rise: {
		title: "The rise around a network on a line",
		maths: maths`${half} ( L ( θ ( a − 1 / 4 ) ) + L ( θ ( a + 1 / 4 ) ) ) − L ( θ ( a ) )`,
		plain: "½·(L(θ(a − ¼)) + L(θ(a + ¼))) − L(θ(a))",
		symbols: [[maths`a`, "0 for the one network, 1 for the other"]],
	},
	bezier: {
		title: "A Bezier curve with one bend [garipov2018]",
		maths: maths`φ ( t ) = ${raised(maths`( 1 − t )`, maths`2`)} ${thetaA} + 2 t ( 1 − t ) κ + ${raised(maths`t`, maths`2`)} ${thetaB}`,
		plain: "φ(t) = (1 − t)²·θ_a + 2t(1 − t)·κ + t²·θ_b",
		symbols: [
			[maths`κ`, "the bend, parameters of its own, trained for a low loss at random places of the curve"],
			[maths`t`, "the place on the curve, 0 to 1"],
		],
	},
	barrier: {
		title: "The barrier on a way between two networks [frankle2020]",
		maths: maths`B = ${over("max", maths`t`)} ( L ( φ ( t ) ) − ( 1 − t ) L ( ${thetaA} ) − t L ( ${thetaB} ) )`,
		plain: "B = max (L(φ(t)) − (1 − t)·L(θ_a) − t·L(θ_b))",
		symbols: [[maths`φ`, "the way, be it straight or a curve; L the loss, or the share of wrong answers"]],
	},
	matching: {
		title: "Neurons in the same order [ainsworth2023]",
		maths: maths`${raised(maths`π`, maths`*`)} = ${over("argmin", maths`π`)} ${norm(maths`${thetaA} − π ( ${thetaB} )`)}`,
		plain: "π* = argmin ‖θ_a − π(θ_b)‖",
		symbols: [
			[
				maths`π`,
				"an order of the neurons of every layer, which changes the parameters and not what the network computes",
			],
		],
	},
	convexity: {
		title: "The convexity share",
		maths: maths`${fraction(maths`1`, maths`n`)} # { ( α , β ) : H ( α , β ) ≻ 0 }`,
		plain: "#{(α, β) : H(α, β) ≻ 0} / n",
		symbols: [
			[
				maths`H`,
				"the 2 × 2 matrix of second differences of the plane; ≻ 0 where it curves upwards whichever way one goes",
			],
			[maths`n`, "the number of points inside the grid"],
		],
	},
	roughness: {
		title: "Roughness: the total variation of the slope",
		maths: maths`${sum(maths`i`)} | ${slopeAfter} − ${slope} |`,
		plain: "Σ |sᵢ₊₁ − sᵢ|",
		symbols: [
			[
				slope,
				"the slope of log₁₀ of the loss between neighbouring points of a row or a column, in decades a unit; the mean over all rows and columns",
			],
		],
	},
	rescaling: {
		title: "A rescaling that changes nothing [dinh2017]",
		maths: maths`${fraction(below(maths`W`, maths`2`), maths`c`)} relu ( c ${below(maths`W`, maths`1`)} x ) = ${below(maths`W`, maths`2`)} relu ( ${below(maths`W`, maths`1`)} x )`,
		plain: "(W₂/c)·relu(c·W₁·x) = W₂·relu(W₁·x)",
		symbols: [
			[
				maths`${below(maths`W`, maths`1`)} , ${below(maths`W`, maths`2`)}`,
				"the weights of two layers in a row, of the first one with its bias",
			],
			[maths`c`, "any factor above 0"],
		],
	},
	spearman: {
		title: "Spearman's rank correlation [spearman1904]",
		maths: maths`ρ = ${fraction(
			maths`${sum(maths`i`)} ${rankOf} ${otherRankOf}`,
			root(maths`${sum(maths`i`)} ${raised(rankOf, maths`2`)} ${sum(maths`i`)} ${raised(otherRankOf, maths`2`)}`),
		)}`,
		plain: "ρ = Σ(rᵢ − r̄)(qᵢ − q̄) / √(Σ(rᵢ − r̄)²·Σ(qᵢ − q̄)²)",
		symbols: [
			[
				maths`${below(maths`r`, maths`i`)} , ${below(maths`q`, maths`i`)}`,
				"the ranks of the i-th network by the one number and by the other; r̄ and q̄ their means",
			],
		],
	},
} as const satisfies Record<string, Formula>;

export type FormulaName = keyof typeof formulas;
