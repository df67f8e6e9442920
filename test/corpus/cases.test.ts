import { readdirSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { IsolossError } from "../../src/errors.js";
import { resolve } from "../../src/resolve/index.js";
import type { SweepRequest } from "../../src/resolve/request.js";
import { PointEvaluator } from "../../src/sweep/point.js";
import { root } from "../fixtures.js";

/** What is asked for besides `data.npz`, and the right loss at α = 0 (and the places given), or what refuses it. */
interface Case {
	readonly name?: string;
	readonly request?: Partial<SweepRequest>;
	/** The file of the network, and that of the data. */
	readonly model?: string;
	readonly data?: string;
	readonly weights?: string;
	readonly loss?: number | readonly (readonly [alpha: number, loss: number])[];
	/** How many numbers move. */
	readonly parameters?: number;
	/** The second field. */
	readonly metric?: number;
	readonly refused?: RegExp;
	/** A line of what was assumed. */
	readonly assumed?: RegExp;
}

const CLASSES = 1.0799201704;

/** By the folder that has the files; the losses are those of the framework that its README names. */
const cases: Readonly<Record<string, readonly Case[]>> = {
	"line-to-network-with-batch-norm": [
		{
			request: { directions: "interpolate", to: "b.pt" },
			loss: [
				[0, 2.4518278],
				[0.5, 1.7080923],
				[1, 2.8458827],
			],
			assumed: /statistics of batch normalisation move with the parameters/,
		},
		{ name: "the network at its end", weights: "b.pt", loss: 2.8458827 },
	],
	"loss-that-does-not-fit": [
		...(["mse", "mae", "huber", "binary-cross-entropy-from-logits"] as const).map((loss) => ({
			name: loss,
			request: { loss },
			refused: /losses that fit: .*softmax-cross-entropy/,
		})),
		...(["cross-entropy-from-probabilities", "negative-log-likelihood"] as const).map((loss) => ({
			name: loss,
			request: { loss },
			refused: /ends in a plain layer; softmax-cross-entropy takes its outputs/,
		})),
		...(["r2", "mae", "binary-accuracy"] as const).map((metric) => ({
			name: `metric ${metric}`,
			request: { metric },
			refused: /one class a sample, of which .* says nothing; metrics that fit: accuracy, top-5/,
		})),
	],
	"checkpoint-ckpt_model_optimizer": [{ weights: "w.pt", loss: 2.2665462 }],
	"checkpoint-ema_both": [
		{ weights: "w.pt", loss: 2.3594878, assumed: /weights are "model" of .*, not model_ema/ },
		{ name: "the other", weights: "w.pt", request: { checkpointKey: "model_ema" }, loss: 2.2665462 },
	],
	"checkpoint-legacy": [{ weights: "w.pt", loss: 2.2665462 }],
	"checkpoint-pickle-extension": [{ weights: "w.pkl", loss: 2.2665462 }],
	"csv-hash": [{ data: "data.csv", loss: CLASSES }],
	"csv-semidec": [{ data: "data.csv", loss: CLASSES, assumed: /separated by semicolons\nnumbers have decimal commas/ }],
	"images-alpha": [{ data: "images", loss: 1.102859, assumed: /8-bit inputs are divided by 255/ }],
	"images-bmp": [{ data: "images", refused: /00\.bmp: images of \.bmp are not read; expected \.png/ }],
	"images-grey-from-colour": [{ data: "images", loss: 1.085624 }],
	"images-other-size": [
		{ data: "images", loss: [], assumed: /\d+ of 12 images are of another size, and were stretched/ },
	],
	"images-train-test-folders": [
		{ data: "images", loss: 1.102859, assumed: /images of \S*train, not of test/ },
		{ name: "the same", data: "images", request: { split: "train" }, loss: 1.102859 },
	],
	"npz-arr": [{ loss: CLASSES, assumed: /arr_0 of \S+ holds the samples, arr_1 the targets/ }],
	"npz-bigend": [{ loss: CLASSES }],
	"npz-strlabels": [{ loss: CLASSES }],
	"npz-with-both-splits": [
		{ loss: CLASSES, assumed: /x_train and y_train of \S+, not x_test and y_test/ },
		{ name: "test", request: { split: "test" }, loss: 1.13772 },
	],
	"onnx-mod-fmod": [{ data: "x.npy", loss: 2.04627 }],
	"onnx-open-axes": [
		{ loss: 2.4518278 },
		{
			name: "images",
			data: "../images-alpha/images",
			refused: /^input x \[\w+,\d+,\w+,\w+\] leaves the length of axis 2 open: give --dim \w+=N$/,
		},
	],
	"onnx-prelu-slope-not-per-channel": [
		{ data: "x.npy", loss: 4.286329 },
		{ name: "exact", data: "x.npy", request: { precision: "exact" }, loss: 4.286329 },
	],
	"uint8-into-float-network": [
		{ loss: 1.1157362, assumed: /8-bit inputs are taken as they are: net scales them itself/ },
		{ name: "divided by hand", request: { scaleInput: "255" }, loss: 1.0997235 },
	],
	"onnx-without-batch-axis": [
		{ data: "../targets-float-classes/data.npz", refused: /^input x \[6\]: its first axis is taken for the samples/ },
	],
	"buffer-moved-as-parameter": [
		{ loss: [], parameters: 371 },
		{ name: "moved all the same", request: { move: "pe" }, loss: [], parameters: 371 + 96 },
	],
	"keras-bidir": [{ model: "model.json", request: { loss: "softmax-cross-entropy" }, loss: 1.4284964630715768 }],
	"keras-bn_noscale": [{ model: "model.json", request: { loss: "softmax-cross-entropy" }, loss: 1.4321348044650042 }],
	"keras-chfirst": [{ model: "model.json", request: { loss: "softmax-cross-entropy" }, loss: 1.8495762504317375 }],
	"keras-func": [{ model: "model.json", request: { loss: "softmax-cross-entropy" }, loss: 1.8085405727901147 }],
	"keras-lstm": [{ model: "model.json", request: { loss: "softmax-cross-entropy" }, loss: 1.4139136325111314 }],
	"keras-nested": [{ model: "model.json", request: { loss: "softmax-cross-entropy" }, loss: 1.5582255612238631 }],
	"keras-repeat": [{ model: "model.json", request: { loss: "softmax-cross-entropy" }, loss: 2.1866467639883873 }],
	"onnx-conv3d": [{ loss: 0.9529451 }],
	"onnx-dequantised-weights": [{ loss: 1.0795973 }],
	"onnx-einsum": [{ loss: 1.1258926 }],
	"onnx-two-inputs": [{ loss: 1.1752942 }],
	"onnx-lstm": [{ loss: 1.3593267 }],
	"onnx-rnn": [{ loss: 1.3968523 }],
	"single-point": [{ request: { x: { min: 0, max: 0, steps: 1 } }, loss: CLASSES, metric: 0.375 }],
	"two-outputs-first-taken": [
		{ loss: 1.12484, assumed: /output 7 \[3\] is judged, not onnx::Gemm_6 \[16\]; --output picks/ },
		{ name: "the first, asked for", request: { output: "onnx::Gemm_6" }, loss: 2.8953073 },
		{ name: "none of that name", request: { output: "y" }, refused: /expected one of onnx::Gemm_6, 7, the outputs of/ },
	],
	"weights-for-folded-batch-norm": [
		{ weights: "b.pt", refused: /exported with batch normalisation folded into its convolutions \(onnx::Conv_15/ },
	],
	"npz-nan-in-x": [{ refused: /holds NaN in sample 3/ }],
	"segmentation-seg_ignore100": [{ loss: 1.6243703, assumed: /a class for each place of a sample/ }],
	"segmentation-unet_convt": [{ loss: 1.6229107 }],
	"sigmoid-output-targets-outside-0-1": [
		{ loss: 1.100258, assumed: /loss mse/ },
		{ name: "asked for", request: { loss: "binary-cross-entropy" }, refused: /labels are from 0 to 1/ },
	],
	"targets-float-classes": [
		{ loss: CLASSES, metric: 0.375 },
		{ name: "csv", data: "data.csv", loss: CLASSES },
	],
	"targets-int-regression": [{ request: { loss: "mse" }, loss: 1775.78 }],
	"targets-onehot-float": [
		{ loss: CLASSES, metric: 0.375, assumed: /one class a sample, so loss softmax-cross-entropy/ },
	],
	"targets-onehot-int": [{ loss: CLASSES, metric: 0.375 }],
};

const folder = join(root, "test", "corpus", "cases");

for (const [name, each] of Object.entries(cases))
	for (const one of each)
		test(`${name}${one.name === undefined ? "" : `, ${one.name}`}: ${one.refused ? "is refused" : "has the right value"}`, async (t) => {
			const at = (file: string) => join(folder, name, file);
			const { request = {}, model = "net.onnx", data = "data.npz", weights } = one;
			const asked: SweepRequest = {
				model: at(model),
				data: at(data),
				samples: "all",
				y: null,
				...request,
				...(typeof request.to === "string" && { to: at(request.to) }),
				...(weights !== undefined && { weights: at(weights) }),
			};
			if (one.refused !== undefined) {
				const error = await t.throwsAsync(resolve(asked), { message: one.refused });
				t.true(error instanceof IsolossError);
				return;
			}
			const { problem, assumptions } = await resolve(asked);
			if (one.parameters !== undefined) t.is(problem.section.vectors[0]?.length, one.parameters);
			const evaluator = await PointEvaluator.create(problem);
			const points = typeof one.loss === "number" ? [[0, one.loss] as const] : (one.loss ?? []);
			for (const [alpha, loss] of points) {
				const [found = Number.NaN, metric] = await evaluator.evaluate([alpha]);
				t.true(Math.abs(found - loss) <= 3e-6 * Math.max(1, Math.abs(loss)), `${found} at ${alpha}, not ${loss}`);
				if (one.metric !== undefined) t.is(metric, one.metric);
			}
			evaluator.release();
			if (one.assumed !== undefined) t.regex(assumptions.join("\n"), one.assumed);
		});

test("every folder of cases is tried", (t) => {
	t.deepEqual(
		readdirSync(folder).filter((name) => name !== "README.md" && !Object.hasOwn(cases, name)),
		[],
	);
});
