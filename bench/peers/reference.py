"""A sweep as the reference code of Li et al. 2018 (github.com/tomgoldstein/loss-landscape) makes it, in PyTorch.

usage: python3 bench/peers/reference.py FOLDER OUT [--threads N] [--workers N | --tensor-batches]

FOLDER is a handover, as bench/peers/handover.js writes one; OUT gets the losses, float64, row after row.

What the reference does at every point is done here too, since it is what its users wait for:

- all tensors are formed anew from the network's own and the two directions, in float32, and put into the network;
- a DataLoader goes over the data in batches of 128, in a random order, and fetches samples one by one; each is normalised as
  it is fetched, as torchvision's data sets do it;
- with --workers N (the reference's own default is 2) that loader starts N processes, at every point anew; 0 loads in this
  process;
- evaluation mode, no gradients; cross-entropy of a batch, times its size, is added up in float64, and the hits are counted.

Left out, to its advantage: an image of PIL and its conversion for each sample, the surface written to HDF5 at every point, a
line printed at every point. --tensor-batches leaves the DataLoader out too: batches are cut once, normalised, before the clock
starts, which is the best that a loop over PyTorch can do without another way to compute.
"""

import argparse
import json
import os
import sys
import time

import numpy
import torch
from torch import nn
from torch.nn import functional
from torch.utils.data import DataLoader, Dataset, SubsetRandomSampler

BATCH = 128
# MNIST's, by which isoloss has normalised the samples.
MEAN, DEVIATION = 0.1307, 0.3081


class Network(nn.Module):
    """The network of a manifest: each tensor a parameter or a buffer, each node a function of named values."""

    def __init__(self, manifest, origin, statistics):
        super().__init__()
        self.nodes = manifest["nodes"]
        self.ends = manifest["input"], manifest["output"]
        self.parts = nn.ParameterList(nn.Parameter(tensor.clone()) for tensor in origin.values())
        self.parameter_names = list(origin)
        self.statistics = statistics

    def forward(self, x):
        first, last = self.ends
        values = {**dict(zip(self.parameter_names, self.parts)), **self.statistics, first: x}
        for node in self.nodes:
            values[node["output"]] = compute(node, [values[name] for name in node["inputs"]])
        return values[last]


def compute(node, inputs):
    op = node["op"]
    x = inputs[0]
    if op == "conv2d":
        top, left, bottom, right = node["pads"]
        if (top, left) != (bottom, right):
            x, top, left = functional.pad(x, (left, right, top, bottom)), 0, 0
        return functional.conv2d(x, *inputs[1:], stride=node["strides"], padding=(top, left))
    if op == "relu":
        return functional.relu(x)
    if op == "maxPool":
        return functional.max_pool2d(x, node["window"], node["strides"])
    if op == "averagePool":
        return functional.avg_pool2d(x, node["window"], node["strides"])
    if op == "dense":
        return functional.linear(x, *inputs[1:])
    if op == "flatten":
        return torch.flatten(x, 1)
    if op == "batchNorm":
        scale, shift, mean, variance = inputs[1:]
        return functional.batch_norm(x, mean, variance, scale, shift, eps=node["epsilon"])
    if op == "add":
        return x + inputs[1]
    if op == "padChannels":
        before, after = node["channels"]
        return functional.pad(x, (0, 0, 0, 0, before, after))
    if op == "mean":
        return x.mean(dim=(2, 3))
    raise ValueError(f"{op}: not one of a handover")


class Images(Dataset):
    """Samples that are normalised whenever one is fetched."""

    def __init__(self, raw, targets):
        self.raw = raw
        self.targets = targets
        self.mean = torch.full((raw.shape[1], 1, 1), MEAN)
        self.deviation = torch.full((raw.shape[1], 1, 1), DEVIATION)

    def __len__(self):
        return len(self.raw)

    def __getitem__(self, index):
        return self.raw[index].clone().sub_(self.mean).div_(self.deviation), int(self.targets[index])


def evaluate(network, batches):
    """The mean loss and the share of hits."""
    network.eval()
    total, hits, count = 0.0, 0, 0
    with torch.no_grad():
        for inputs, targets in batches:
            outputs = network(inputs)
            total += functional.cross_entropy(outputs, targets).item() * len(targets)
            hits += int((outputs.argmax(1) == targets).sum())
            count += len(targets)
    return total / count, hits / count


def set_weights(network, origin, x, y, alpha, beta):
    with torch.no_grad():
        for part, start, first, second in zip(network.parts, origin.values(), x.values(), y.values()):
            part.copy_(start + (alpha * first + beta * second))


def read(folder, name, kind):
    return torch.from_numpy(numpy.fromfile(os.path.join(folder, name), dtype=kind))


def named(flat, slots):
    return {
        slot["name"]: flat[slot["offset"] : slot["offset"] + slot["size"]].reshape(slot["shape"]) for slot in slots
    }


def batches_of(options, samples, targets):
    if options.tensor_batches:
        return list(zip(samples.split(BATCH), targets.split(BATCH)))
    images = Images(samples * DEVIATION + MEAN, targets)
    order = SubsetRandomSampler(range(len(images)))
    return DataLoader(images, batch_size=BATCH, sampler=order, num_workers=options.workers)


def main():
    parser = argparse.ArgumentParser(description="A sweep as the reference code makes it.")
    parser.add_argument("folder")
    parser.add_argument("out")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--tensor-batches", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    with open(os.path.join(options.folder, "manifest.json"), encoding="utf-8") as file:
        manifest = json.load(file)
    origin, x, y = (named(read(options.folder, f"{name}.f32", "<f4"), manifest["tensors"]) for name in ("origin", "x", "y"))
    network = Network(manifest, origin, named(read(options.folder, "statistics.f32", "<f4"), manifest["statistics"]))
    samples = read(options.folder, "samples.f32", "<f4").reshape(manifest["samples"], *manifest["sampleShape"])
    batches = batches_of(options, samples, read(options.folder, "targets.i32", "<i4").long())
    values = numpy.empty((len(manifest["beta"]), len(manifest["alpha"])), dtype="<f8")
    started = time.perf_counter()
    for row, beta in enumerate(manifest["beta"]):
        for column, alpha in enumerate(manifest["alpha"]):
            set_weights(network, origin, x, y, alpha, beta)
            values[row, column], _ = evaluate(network, batches)
    seconds = time.perf_counter() - started
    values.tofile(options.out)
    json.dump({"seconds": seconds, "torch": torch.__version__}, sys.stdout)


if __name__ == "__main__":
    main()
