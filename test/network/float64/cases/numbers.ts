/** A kind of random numbers: gives the next one, made of numbers that are uniform on [0, 1). */
export type Numbers = (random: () => number) => number;

/** How far numbers stay from where a function has a kink or a step, and from each other where the greater one is picked. */
export const CLEARANCE = 0.05;

export function uniform(low = -1, high = 1): Numbers {
	return (random) => low + (high - low) * random();
}

/** Of either sign. */
export function signed(low: number, high: number): Numbers {
	return (random) => (random() < 0.5 ? -1 : 1) * uniform(low, high)(random);
}

/** Whole, from 0 to `below` - 1. */
export function wholes(below: number): Numbers {
	return (random) => Math.floor(random() * below);
}

/** Any but those near a kink. */
export function avoiding(kinks: readonly number[], low = -2, high = 2): Numbers {
	const next = uniform(low, high);
	return (random) => {
		for (;;) {
			const x = next(random);
			if (kinks.every((kink) => Math.abs(x - kink) >= CLEARANCE)) return x;
		}
	};
}

/** Numbers none of which is near another one or near 0, for all who draw from it together. */
export function apart(most = 150): Numbers {
	const places = Array.from({ length: most }, (_, place) => place - Math.floor(most / 2));
	return (random) => {
		const [place] = places.splice(Math.floor(random() * places.length), 1);
		if (place === undefined) throw new RangeError(`more than ${most} numbers are drawn`);
		// A sixth of a step to either side leaves twice the clearance between two, and once from 0.
		return 3 * CLEARANCE * (place + 0.5 + (random() - 0.5) / 3);
	};
}
