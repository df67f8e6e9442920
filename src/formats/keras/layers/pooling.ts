import type { AddLayer } from "../network.js";
import { asRow, asSequence, channelsLast, only, paddingOf, pair, perAxis, reshaped } from "./settings.js";

function pool(op: "maxPool" | "averagePool", rank: 1 | 2): AddLayer {
	return ({ config }, inputs, network) =>
		channelsLast(network, config, only(inputs), (x) => {
			const size = pair(config, "pool_size", 2);
			const strides = config.strides === null || config.strides === undefined ? size : pair(config, "strides", 2);
			const padding = paddingOf(config);
			if (rank === 2) return network.emit(op, [x], { window: size, strides, padding });
			const attributes = { window: [1, size[0]], strides: [1, strides[0]], padding } as const;
			return asSequence(network, network.emit(op, [asRow(network, x)], attributes));
		});
}

/** A volume along its height and width, its depth among the channels, then along the depth. */
function poolVolumes(op: "maxPool" | "averagePool"): AddLayer {
	return ({ config }, inputs, network) =>
		channelsLast(network, config, only(inputs), (x) => {
			const size = perAxis(config, "pool_size", 3, 2);
			const given = config.strides === null || config.strides === undefined;
			const strides = given ? size : perAxis(config, "strides", 3, 2);
			const [deep = 1, high = 1, wide = 1] = size;
			const [down = 1, along = 1, across = 1] = strides;
			const padding = paddingOf(config);
			const [depth = 1, height = 1, width = 1, channels = 1] = network.shapeOf(x);
			const beside = network.emit("transpose", [x], { permutation: [1, 2, 0, 3] });
			const flat = network.emit(op, [reshaped(network, beside, [height, width, depth * channels])], {
				window: [high, wide],
				strides: [along, across],
				padding,
			});
			const [rows = 1, columns = 1] = network.shapeOf(flat);
			const apart = reshaped(network, flat, [rows, columns, depth, channels]);
			const upright = network.emit("transpose", [apart], { permutation: [2, 0, 1, 3] });
			const y = network.emit(op, [reshaped(network, upright, [depth, rows * columns, channels])], {
				window: [deep, 1],
				strides: [down, 1],
				padding,
			});
			return reshaped(network, y, [network.shapeOf(y)[0] ?? 1, rows, columns, channels]);
		});
}

function globalPool(name: "mean" | "max"): AddLayer {
	return ({ config }, inputs, network) =>
		channelsLast(network, config, only(inputs), (x) => {
			const axes = network
				.shapeOf(x)
				.slice(0, -1)
				.map((_, axis, all) => axis - all.length - 1);
			const y = network.emit("reduce", [x], { function: name, axes });
			return config.keepdims === true ? reshaped(network, y, [...axes.map(() => 1), ...network.shapeOf(y)]) : y;
		});
}

export const poolingLayers: Readonly<Record<string, AddLayer>> = {
	AveragePooling1D: pool("averagePool", 1),
	AveragePooling2D: pool("averagePool", 2),
	AveragePooling3D: poolVolumes("averagePool"),
	GlobalAveragePooling1D: globalPool("mean"),
	GlobalAveragePooling2D: globalPool("mean"),
	GlobalAveragePooling3D: globalPool("mean"),
	GlobalMaxPooling1D: globalPool("max"),
	GlobalMaxPooling2D: globalPool("max"),
	GlobalMaxPooling3D: globalPool("max"),
	MaxPooling1D: pool("maxPool", 1),
	MaxPooling2D: pool("maxPool", 2),
	MaxPooling3D: poolVolumes("maxPool"),
};
