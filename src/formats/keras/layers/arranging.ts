import { sizeOf } from "../../../network/shape.js";
import type { AddLayer } from "../network.js";
import { channelsLast, isChannelsFirst, margins, number, only, perAxis, reshaped, toChannelsLast } from "./settings.js";

const flatten: AddLayer = ({ config }, inputs, network) => {
	const x = only(inputs);
	// Images come out in one order, whatever they came in.
	const image = isChannelsFirst(config) && network.shapeOf(x).length > 1 ? toChannelsLast(network, x) : x;
	return network.emit("flatten", [image], {});
};

const reshape: AddLayer = ({ config }, inputs, network) => {
	const x = only(inputs);
	const target = Array.isArray(config.target_shape) ? config.target_shape.map((each) => Number(each ?? -1)) : [];
	const open = sizeOf(network.shapeOf(x)) / sizeOf(target.filter((length) => length !== -1));
	return network.emit("reshape", [x], {
		rank: network.shapeOf(x).length,
		shape: target.map((length) => (length === -1 ? open : length)),
	});
};

const permute: AddLayer = ({ config }, inputs, network) => {
	const dims = Array.isArray(config.dims) ? config.dims.map(Number) : [];
	return network.emit("transpose", [only(inputs)], { permutation: dims.map((axis) => axis - 1) });
};

const repeatVector: AddLayer = ({ config }, inputs, network) => {
	const x = only(inputs);
	const [length = 1] = network.shapeOf(x);
	const row = reshaped(network, x, [1, length]);
	return network.emit("expand", [row], { shape: [number(config, "n", 1), length] });
};

function zeroPadding(rank: number): AddLayer {
	return ({ config }, inputs, network) =>
		channelsLast(network, config, only(inputs), (x) =>
			network.emit("pad", [x], { padding: [...margins(config.padding, rank), [0, 0]], mode: "constant", value: 0 }),
		);
}

function cropping(rank: number): AddLayer {
	return ({ config }, inputs, network) =>
		channelsLast(network, config, only(inputs), (given) =>
			margins(config.cropping, rank).reduce((x, [before, after], axis) => {
				const length = (network.shapeOf(x)[axis] ?? 0) - before - after;
				return network.emit("slice", [x], { axis: axis - rank - 1, start: before, length, step: 1 });
			}, given),
		);
}

/** No image that a network makes is longer. */
const MOST_LENGTH = 2 ** 16;

/** Each element so many times, or what lies between them on lines. */
function upSampling(rank: number): AddLayer {
	return ({ config }, inputs, network) =>
		channelsLast(network, config, only(inputs), (given) => {
			const rule = config.interpolation ?? "nearest";
			if (rule !== "nearest" && rule !== "bilinear") throw new RangeError(`interpolation ${rule} is not supported`);
			return perAxis(config, "size", rank, 2).reduce((x, factor, axis) => {
				const from = network.shapeOf(x)[axis] ?? 1;
				if (!(from * factor <= MOST_LENGTH)) throw new RangeError(`a length of ${from * factor} is not supported`);
				const places = Array.from({ length: from * factor }, (_, at) => {
					const place = (at + 0.5) / factor - 0.5;
					return Math.min(Math.max(place, 0), from - 1);
				});
				const axes = { axis: axis - rank - 1 };
				if (rule === "nearest")
					return network.emit("resample", [x], { ...axes, terms: [places.map((_, at) => Math.floor(at / factor))] });
				const low = places.map(Math.floor);
				const high = low.map((place) => Math.min(place + 1, from - 1));
				const share = places.map((place, at) => place - (low[at] ?? 0));
				const weights = [share.map((upper) => 1 - upper), share];
				return network.emit("resample", [x], { ...axes, terms: [low, high], weights });
			}, given);
		});
}

export const arrangingLayers: Readonly<Record<string, AddLayer>> = {
	Cropping1D: cropping(1),
	Cropping2D: cropping(2),
	Flatten: flatten,
	Permute: permute,
	RepeatVector: repeatVector,
	Reshape: reshape,
	UpSampling1D: upSampling(1),
	UpSampling2D: upSampling(2),
	UpSampling3D: upSampling(3),
	ZeroPadding1D: zeroPadding(1),
	ZeroPadding2D: zeroPadding(2),
	ZeroPadding3D: zeroPadding(3),
};
