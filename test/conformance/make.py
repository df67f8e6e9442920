"""Makes the cases of this folder: float64 loops over definitions, with nothing of isoloss in them.

	python3 make.py        needs numpy and h5py
"""

import json
import os

import h5py
import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))


def path(*parts):
	full = os.path.join(HERE, *parts)
	os.makedirs(os.path.dirname(full), exist_ok=True)
	return full


def save_json(name, content):
	with open(path(name), "w", encoding="utf-8") as file:
		json.dump(content, file, indent="\t", ensure_ascii=False)
		file.write("\n")


# ----------------------------------------------------------------------------------------------------------------------
# Functions of two or three parameters, along directions that are neither orthogonal nor of one length.

FUNCTIONS = {
	"bowl": ("a*a + b*b", lambda a, b: a * a + b * b),
	"two-wells": ("a**4 - a*a + b*b", lambda a, b: a**4 - a * a + b * b),
	"rosenbrock": ("(1 - a)**2 + 100*(b - a*a)**2", lambda a, b: (1 - a) ** 2 + 100 * (b - a * a) ** 2),
	"ridge": ("abs(a)", lambda a, b: np.abs(a)),
	"logarithm": ("log(a): NaN below 0, -Infinity at 0", lambda a, b: np.log(a)),
	"pole": ("1/(a*a): Infinity at 0", lambda a, b: 1 / (a * a)),
}

UNIT = ([0.0, 0.0], [1.0, 0.0], [0.0, 1.0])
SKEW = ([0.5, -0.25], [1.0, 0.5], [-0.25, 2.0])

SURFACES = [
	("bowl", "bowl", UNIT, [-1, 1, 5], [-1, 1, 5]),
	("bowl-not-square", "bowl", SKEW, [-1, 1, 5], [0, 1, 3]),
	("two-wells", "two-wells", UNIT, [-1, 1, 9], [-0.5, 0.5, 5]),
	("two-wells-line", "two-wells", UNIT, [-1, 1, 9], None),
	("rosenbrock", "rosenbrock", SKEW, [-2, 1, 7], [-1, 3, 9]),
	("ridge", "ridge", UNIT, [-1, 1, 5], [0, 1, 2]),
	("logarithm", "logarithm", UNIT, [-1, 1, 5], [0, 1, 2]),
	("pole", "pole", UNIT, [-1, 1, 5], [0, 1, 2]),
]


def surfaces():
	cases = []
	for name, function, (theta, delta, eta), x, y in SURFACES:
		text, f = FUNCTIONS[function]
		xs = np.linspace(*x[:2], x[2])
		ys = None if y is None else np.linspace(*y[:2], y[2])
		rows = []
		with np.errstate(all="ignore"):
			for beta in [0.0] if ys is None else ys:
				rows.append([f(*[t + alpha * d + beta * e for t, d, e in zip(theta, delta, eta)]) for alpha in xs])
		values = np.array(rows[0] if ys is None else rows, dtype=np.float64)
		arrays = {"x": xs, "loss": values} if ys is None else {"x": xs, "y": ys, "loss": values}
		np.savez(path("surfaces", name + ".npz"), **arrays)
		cases.append(
			{
				"name": name,
				"file": f"surfaces/{name}.npz",
				"function": function,
				"formula": text,
				"theta": theta,
				"directions": [delta] if ys is None else [delta, eta],
				"x": x,
				"y": y,
				"relativeTolerance": 1e-12,
			}
		)
	save_json("surfaces.json", cases)


# ----------------------------------------------------------------------------------------------------------------------
# Normalisation of directions (Li et al. 2018; Im et al. 2016 for whole): the first axis counts the filters.

TENSORS = [
	("conv.weight", (3, 2, 2, 2)),
	("conv.bias", (3,)),
	("norm.weight", (3,)),
	("depthwise.weight", (3, 1, 2, 2)),
	("fc.weight", (4, 3)),
	("fc.bias", (4,)),
]


def normalised(rule, bias, weights, drawn):
	out = {}
	for name, d in drawn.items():
		w = weights[name].astype(np.float64)
		d = d.astype(np.float64).copy()
		if d.ndim <= 1:
			if bias == "zero":
				d[...] = 0
			elif rule in ("filter", "layer", "weight"):
				d[...] = w
		elif rule == "filter":
			for k in range(d.shape[0]):
				d[k] *= np.sqrt((w[k] ** 2).sum()) / (np.sqrt((d[k] ** 2).sum()) + 1e-10)
		elif rule == "layer":
			d *= np.sqrt((w**2).sum()) / np.sqrt((d**2).sum())
		elif rule == "weight":
			d *= w
		out[name] = d
	if rule == "whole":
		squares = lambda tensors: sum((np.asarray(t, np.float64) ** 2).sum() for t in tensors.values())
		factor = np.sqrt(squares(weights)) / np.sqrt(squares(out))
		out = {name: d * factor for name, d in out.items()}
	return out


def normalisation():
	random = np.random.default_rng(1)
	weights = {name: random.normal(size=shape).astype(np.float32) for name, shape in TENSORS}
	drawn = {name: random.normal(size=shape).astype(np.float32) for name, shape in TENSORS}
	weights["conv.weight"][1] = 0  # a filter of zeros stays one
	np.savez(path("normalisation", "weights.npz"), **weights)
	np.savez(path("normalisation", "drawn.npz"), **drawn)
	cases = []
	for rule in ("filter", "layer", "weight", "whole", "none"):
		for bias in ("zero", "keep"):
			file = f"normalisation/{rule}-{bias}.npz"
			np.savez(path(file), **normalised(rule, bias, weights, drawn))
			cases.append({"norm": rule, "bias": bias, "file": file, "relativeTolerance": 1e-6})
	save_json(
		"normalisation.json",
		{
			"weights": "normalisation/weights.npz",
			"drawn": "normalisation/drawn.npz",
			"tensors": [{"name": name, "shape": shape} for name, shape in TENSORS],
			"cases": cases,
		},
	)


# ----------------------------------------------------------------------------------------------------------------------
# Small networks at named places, by loops in float64 over parameters that are rounded once to float32.


def dense(x, weight, bias):
	return np.array([[sum(r * w for r, w in zip(row, line)) + b for line, b in zip(weight, bias)] for row in x])


def convolution(x, weight, bias):
	samples, _, height, width = x.shape
	out, _, kh, kw = weight.shape
	result = np.zeros((samples, out, height - kh + 1, width - kw + 1))
	for o in range(out):
		for i in range(result.shape[2]):
			for j in range(result.shape[3]):
				result[:, o, i, j] = (x[:, :, i : i + kh, j : j + kw] * weight[o]).sum((1, 2, 3)) + bias[o]
	return result


def max_pool(x):
	samples, channels, height, width = x.shape
	return x[:, :, : height // 2 * 2, : width // 2 * 2].reshape(samples, channels, height // 2, 2, width // 2, 2).max((3, 5))


def batch_norm(x, p, name):
	shape = (1, -1) + (1,) * (x.ndim - 2)
	mean, variance = p[f"{name}.running_mean"], p[f"{name}.running_var"]
	scale = p[f"{name}.weight"] / np.sqrt(variance + 1e-5)
	return (x - mean.reshape(shape)) * scale.reshape(shape) + p[f"{name}.bias"].reshape(shape)


def relu(x):
	return np.maximum(x, 0)


def mlp(x, p):
	hidden = relu(dense(x.reshape(len(x), -1), p["fc1.weight"], p["fc1.bias"]))
	hidden = relu(dense(hidden, p["fc2.weight"], p["fc2.bias"]))
	return dense(hidden, p["fc3.weight"], p["fc3.bias"])


def cnn(x, p):
	hidden = max_pool(relu(batch_norm(convolution(x, p["conv.weight"], p["conv.bias"]), p, "norm")))
	return dense(hidden.reshape(len(x), -1), p["fc.weight"], p["fc.bias"])


def cross_entropy(logits, y):
	total, right = 0.0, 0
	for row, label in zip(logits, y):
		total += np.log(np.exp(row - row.max()).sum()) + row.max() - row[label]
		right += int(np.argmax(row) == label)
	return total / len(y), right / len(y)


NETWORKS = {
	"mlp": {
		"forward": mlp,
		"model": "mlp-4-5",
		"layers": "flatten, dense fc1 (4), relu, dense fc2 (5), relu, dense fc3 (10)",
		"tensors": [
			("fc1.weight", (4, 784)),
			("fc1.bias", (4,)),
			("fc2.weight", (5, 4)),
			("fc2.bias", (5,)),
			("fc3.weight", (10, 5)),
			("fc3.bias", (10,)),
		],
		"scale": 0.1,
		"samples": 8,
		"classes": 10,
		"sample": (28, 28),
	},
	"cnn": {
		"forward": cnn,
		"model": None,
		"layers": "convolution conv 3×3 of 3 filters, no padding; batch normalisation norm (ε 1e-5, running statistics, which stay); relu; "
		"max-pool 2×2; flatten [C, H, W]; dense fc (4)",
		"tensors": [
			("conv.weight", (3, 2, 3, 3)),
			("conv.bias", (3,)),
			("norm.weight", (3,)),
			("norm.bias", (3,)),
			("norm.running_mean", (3,)),
			("norm.running_var", (3,)),
			("fc.weight", (4, 12)),
			("fc.bias", (4,)),
		],
		"scale": 0.6,
		"samples": 12,
		"classes": 4,
		"sample": (2, 6, 6),
	},
}

PLACES = [[0, 0], [1, 0], [0, 1], [-0.5, 0.25], [2, -1.5]]


def networks():
	cases = []
	for seed, (name, network) in enumerate(NETWORKS.items()):
		random = np.random.default_rng(10 + seed)
		draw = lambda shape, scale: (scale * random.normal(size=shape)).astype(np.float32)
		weights = {key: draw(shape, network["scale"]) for key, shape in network["tensors"]}
		if "norm.running_var" in weights:
			weights["norm.running_var"] = np.abs(weights["norm.running_var"]) + np.float32(0.5)
		moving = [key for key in weights if "running_" not in key]
		directions = {f"{axis}/{key}": draw(weights[key].shape, 0.6 * network["scale"]) for axis in "xy" for key in moving}
		x = draw((network["samples"], *network["sample"]), 1.0)
		y = random.integers(0, network["classes"], size=network["samples"])
		np.savez(path("networks", name, "weights.npz"), **weights)
		np.savez(path("networks", name, "directions.npz"), **directions)
		np.savez(path("networks", name, "data.npz"), x=x, y=y)
		places = []
		for alpha, beta in PLACES:
			at = {}
			for key, theta in weights.items():
				moved = theta.astype(np.float64)
				if key in moving:
					moved = moved + alpha * directions[f"x/{key}"].astype(np.float64)
					moved = moved + beta * directions[f"y/{key}"].astype(np.float64)
				at[key] = moved.astype(np.float32).astype(np.float64)
			loss, accuracy = cross_entropy(network["forward"](x.astype(np.float64), at), y)
			places.append({"alpha": alpha, "beta": beta, "loss": float(loss), "accuracy": accuracy})
		cases.append(
			{
				"name": name,
				"folder": f"networks/{name}",
				"model": network["model"],
				"layers": network["layers"],
				"loss": "mean softmax cross-entropy",
				"places": places,
				"relativeTolerance": 1e-5,
			}
		)
	save_json("networks.json", cases)


# ----------------------------------------------------------------------------------------------------------------------
# Files as the reference code (tomgoldstein/loss-landscape) writes them.


def reference_files():
	x, y = np.linspace(-1, 1, 5), np.linspace(0, 1, 3)
	loss = np.array([[10 * row + column for column in range(5)] for row in range(3)], dtype=np.float64) / 7
	accuracy = np.array([[100 * (5 * row + column) / 16 for column in range(5)] for row in range(3)])
	pending = [(2, 3), (2, 4)]
	for row, column in pending:
		loss[row, column] = accuracy[row, column] = -1
	loss[1, 2] = np.nan
	with h5py.File(path("reference-files", "surface.h5"), "w") as file:
		file["dir_file"] = "trained_nets/resnet56_lr=0.1/model_300.t7_weights_xignore=biasbn_xnorm=filter.h5"
		file["xcoordinates"], file["ycoordinates"] = x, y
		for key, values in (("train_loss", loss), ("train_acc", accuracy)):
			declared = -np.ones((5, 3))
			declared.ravel()[:] = values.ravel()  # declared (x, y), filled with x running faster
			file[key] = declared
	with h5py.File(path("reference-files", "line-packed.h5"), "w") as file:
		file["dir_file"] = "directions.h5"
		file["xcoordinates"] = np.linspace(-0.5, 1.5, 9)
		for key in ("test_loss", "test_acc"):
			values = (np.linspace(-0.5, 1.5, 9) - 0.5) ** 2 * (40 if key == "test_acc" else 1)
			file.create_dataset(key, data=values, chunks=(4,), compression="gzip", shuffle=True)
	weights = dict(np.load(path("networks", "mlp", "weights.npz")))
	directions = dict(np.load(path("networks", "mlp", "directions.npz")))
	with h5py.File(path("reference-files", "directions-of-mlp.h5"), "w") as file:
		for axis in "xy":
			group = file.create_group(axis + "direction")
			for i, key in enumerate(weights):
				group.create_dataset(str(i), data=directions[f"{axis}/{key}"])
	with h5py.File(path("reference-files", "projection.h5"), "w") as file:
		file["proj_xcoord"] = np.array([-0.9, -0.4, 0.1, 0.0])
		file["proj_ycoord"] = np.array([0.9, 0.5, 0.2, 0.0])
	listed = lambda values: [None if np.isnan(v) else float(v) for v in values.ravel()]
	save_json(
		"reference-files.json",
		{
			"surface": {
				"file": "reference-files/surface.h5",
				"model": "resnet56_lr=0.1",
				"x": [-1, 1, 5],
				"y": [0, 1, 3],
				"trainLoss": listed(loss),
				"trainAccuracyPerCent": listed(accuracy),
				"notComputed": [5 * row + column for row, column in pending],
				"nan": [7],
			},
			"line": {"file": "reference-files/line-packed.h5", "x": [-0.5, 1.5, 9]},
			"directions": {"file": "reference-files/directions-of-mlp.h5", "sameAs": "networks/mlp/directions.npz"},
			"trajectory": {
				"file": "reference-files/projection.h5",
				"places": [[-0.9, 0.9], [-0.4, 0.5], [0.1, 0.2], [0.0, 0.0]],
			},
		},
	)


surfaces()
normalisation()
networks()
reference_files()
