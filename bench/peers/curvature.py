"""Gradients and Hessian-vector products in PyTorch, by double backward as PyHessian and curvlinops make them.

usage: python3 bench/peers/curvature.py FOLDER OUT [--threads N] [--rounds N] [--batch N]

FOLDER is a handover, as bench/peers/handover.js writes one; the product is with its direction x, scaled to length 1. OUT gets a
JSON object: the norm of the gradient, v.Hv and |Hv| of the mean loss, and the medians of the milliseconds that a forward pass
without gradients, a gradient and a product take over all samples.
"""

import argparse
import json
import time

import torch
from reference import Network, named, read
from torch.nn import functional


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("out")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--batch", type=int, default=128)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    with open(f"{options.folder}/manifest.json", encoding="utf-8") as file:
        manifest = json.load(file)
    origin, x = (named(read(options.folder, f"{name}.f32", "float32"), manifest["tensors"]) for name in ("origin", "x"))
    statistics = named(read(options.folder, "statistics.f32", "float32"), manifest["statistics"])
    network = Network(manifest, origin, statistics).eval()
    samples = read(options.folder, "samples.f32", "float32").reshape(-1, *manifest["sampleShape"])
    targets = read(options.folder, "targets.i32", "int32").long()
    batches = list(zip(samples.split(options.batch), targets.split(options.batch)))
    parts = list(network.parts)
    length = torch.sqrt(sum((part**2).sum() for part in x.values()))
    direction = [part / length for part in x.values()]

    def loss_of(batch):
        inputs, wanted = batch
        return functional.cross_entropy(network(inputs), wanted, reduction="sum") / len(targets)

    def forward():
        with torch.no_grad():
            return sum(loss_of(batch) for batch in batches)

    def gradient():
        sums = [torch.zeros_like(part) for part in parts]
        for batch in batches:
            for total, grad in zip(sums, torch.autograd.grad(loss_of(batch), parts)):
                total += grad
        return sums

    def product():
        sums = [torch.zeros_like(part) for part in parts]
        for batch in batches:
            grads = torch.autograd.grad(loss_of(batch), parts, create_graph=True)
            along = sum((grad * part).sum() for grad, part in zip(grads, direction))
            for total, grad in zip(sums, torch.autograd.grad(along, parts)):
                total += grad
        return sums

    def median(work):
        work()
        times = []
        for _ in range(options.rounds):
            start = time.perf_counter()
            work()
            times.append(1000 * (time.perf_counter() - start))
        return sorted(times)[len(times) // 2]

    gradients, products = gradient(), product()
    norm = lambda tensors: float(torch.sqrt(sum((tensor.double() ** 2).sum() for tensor in tensors)))
    result = {
        "torch": torch.__version__,
        "gradientNorm": norm(gradients),
        "vHv": float(sum((a.double() * b.double()).sum() for a, b in zip(direction, products))),
        "productNorm": norm(products),
        "forward": median(forward),
        "gradient": median(gradient),
        "product": median(product),
    }
    with open(options.out, "w", encoding="utf-8") as file:
        json.dump(result, file)


if __name__ == "__main__":
    main()
