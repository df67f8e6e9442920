"""Makes the folders beside it: networks as PyTorch 2 exports them, samples, and what PyTorch makes of these.

python make.py, with torch 2.13, onnx 1.23 and onnxscript 0.7.
"""
import json
import math
import os
import shutil

import numpy as np
import onnx
import torch
import torch.nn as nn
import torch.nn.functional as F

HERE = os.path.dirname(os.path.abspath(__file__))


class LstmClassifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(20, 6)
        self.lstm = nn.LSTM(6, 8, num_layers=2, bidirectional=True, batch_first=True)
        self.head = nn.Linear(16, 3)

    def forward(self, x):
        states, _ = self.lstm(self.embed(x))
        return self.head(states[:, -1])


class GruClassifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(6, 8, batch_first=True)
        self.head = nn.Linear(8, 3)

    def forward(self, x):
        _, last = self.gru(x)
        return self.head(last[-1])


def rotated(x, cos, sin):
    a, b = x.chunk(2, -1)
    return x * cos + torch.cat((-b, a), -1) * sin


class Block(nn.Module):
    """A causal layer of a transformer, with learned positions or rotary ones."""

    def __init__(self, width, heads, rotary):
        super().__init__()
        norm = nn.RMSNorm if rotary else nn.LayerNorm
        self.heads, self.rotary = heads, rotary
        self.norm1, self.norm2 = norm(width), norm(width)
        self.qkv = nn.Linear(width, 3 * width, bias=not rotary)
        self.out = nn.Linear(width, width, bias=not rotary)
        self.up, self.down = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)
        if rotary:
            size = width // heads
            self.register_buffer("inv_freq", 1.0 / (10000 ** (torch.arange(0, size, 2).float() / size)))

    def forward(self, x):
        batch, time, width = x.shape
        q, k, v = self.qkv(self.norm1(x)).reshape(batch, time, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        if self.rotary:
            angles = torch.outer(torch.arange(time).float(), self.inv_freq)
            angles = torch.cat((angles, angles), -1)
            q, k = (rotated(each, angles.cos(), angles.sin()) for each in (q, k))
        attended = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.out(attended.transpose(1, 2).reshape(batch, time, width))
        inner = self.up(self.norm2(x))
        return x + self.down(F.silu(inner) if self.rotary else F.gelu(inner, approximate="tanh"))


class Decoder(nn.Module):
    def __init__(self, rotary):
        super().__init__()
        self.embed = nn.Embedding(30, 16)
        self.positions = None if rotary else nn.Embedding(12, 16)
        self.blocks = nn.ModuleList([Block(16, 2, rotary) for _ in range(2)])
        self.norm = nn.RMSNorm(16) if rotary else nn.LayerNorm(16)
        self.head = nn.Linear(16, 30, bias=False)
        if not rotary:
            self.head.weight = self.embed.weight

    def forward(self, x):
        h = self.embed(x)
        if self.positions is not None:
            h = h + self.positions(torch.arange(x.shape[1]))
        for block in self.blocks:
            h = block(h)
        return self.head(self.norm(h))


class Encoder(nn.Module):
    """Two inputs: tokens, and which of them are no padding."""

    def __init__(self):
        super().__init__()
        self.embed, self.positions = nn.Embedding(30, 16), nn.Embedding(10, 16)
        layer = nn.TransformerEncoderLayer(16, 2, 32, batch_first=True, activation="gelu", norm_first=True)
        self.encoder = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.head = nn.Linear(16, 3)

    def forward(self, input_ids, attention_mask):
        h = self.embed(input_ids) + self.positions(torch.arange(input_ids.shape[1]))
        h = self.encoder(h, src_key_padding_mask=attention_mask == 0)
        kept = attention_mask.unsqueeze(-1).float()
        return self.head((h * kept).sum(1) / kept.sum(1))


class Segmenter(nn.Module):
    """A class a pixel."""

    def __init__(self):
        super().__init__()
        self.down, self.norm = nn.Conv2d(3, 8, 3, 2, 1), nn.BatchNorm2d(8)
        self.groups, self.dilated = nn.GroupNorm(2, 8), nn.Conv2d(8, 4, 3, padding=2, dilation=2)

    def forward(self, x):
        h = F.relu(self.groups(self.norm(self.down(x))))
        return F.interpolate(self.dilated(h), size=x.shape[-2:], mode="bicubic", align_corners=False)


class Volumes(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv, self.norm = nn.Conv3d(1, 4, 3, padding=1), nn.InstanceNorm3d(4, affine=True)
        self.head = nn.Linear(4, 3)

    def forward(self, x):
        h = F.max_pool3d(self.norm(self.conv(x)).relu(), 2)
        return self.head(F.adaptive_avg_pool3d(h, 1).flatten(1))


class Buffers(nn.Module):
    """Numbers that are no parameters: a mean, random frequencies, a mask."""

    def __init__(self):
        super().__init__()
        self.register_buffer("center", torch.tensor([0.5, 0.4, 0.3]).view(3, 1, 1))
        self.register_buffer("frequencies", torch.randn(3, 8))
        self.register_buffer("mask", (torch.arange(8) % 3 > 0).float())
        self.first, self.head = nn.Linear(16, 8), nn.Linear(8, 3)

    def forward(self, x):
        h = ((x - self.center) / 0.25).mean((2, 3))
        angles = 2 * math.pi * h @ self.frequencies
        h = torch.cat((angles.sin(), angles.cos()), -1)
        return self.head(torch.tanh(self.first(h)) * self.mask)


class Products(nn.Module):
    def __init__(self):
        super().__init__()
        self.heads, self.vector = nn.Parameter(torch.randn(2, 6, 4)), nn.Parameter(torch.randn(8))
        self.head = nn.Linear(1, 3)

    def forward(self, x):
        h = torch.einsum("bti,hio->bhto", x, self.heads).mean(2)
        return self.head((h.flatten(1) @ self.vector).unsqueeze(1))


class Pooling(nn.Module):
    """A learned question to all steps."""

    def __init__(self):
        super().__init__()
        self.question, self.embed = nn.Parameter(torch.randn(1, 1, 8)), nn.Linear(5, 8)
        self.attention, self.head = nn.MultiheadAttention(8, 2, batch_first=True), nn.Linear(8, 3)

    def forward(self, x):
        h = self.embed(x)
        question = self.question.expand(x.shape[0], -1, -1)
        return self.head(self.attention(question, h, h, need_weights=False)[0][:, 0])


class Windows(nn.Module):
    """Attention within windows of an image that is moved round, with a bias for each distance."""

    def __init__(self):
        super().__init__()
        self.embed, self.norm = nn.Conv2d(3, 8, 2, 2), nn.LayerNorm(8)
        self.qkv, self.out, self.head = nn.Linear(8, 24), nn.Linear(8, 8), nn.Linear(8, 3)
        self.bias = nn.Parameter(torch.randn(49, 2) * 0.1)
        grid = torch.stack(torch.meshgrid(torch.arange(4), torch.arange(4), indexing="ij")).flatten(1)
        distances = (grid[:, :, None] - grid[:, None]).permute(1, 2, 0) + 3
        self.register_buffer("places", distances[..., 0] * 7 + distances[..., 1])

    def forward(self, x):
        x = self.embed(x).permute(0, 2, 3, 1)
        batch, height, width, size = x.shape
        h = torch.roll(self.norm(x), (-2, -2), (1, 2)).view(batch, height // 4, 4, width // 4, 4, size)
        windows = h.permute(0, 1, 3, 2, 4, 5).reshape(-1, 16, size)
        q, k, v = self.qkv(windows).reshape(-1, 16, 3, 2, 4).permute(2, 0, 3, 1, 4)
        scores = (q @ k.transpose(-2, -1)) * 0.5 + self.bias[self.places.view(-1)].view(16, 16, 2).permute(2, 0, 1)
        h = self.out((scores.softmax(-1) @ v).transpose(1, 2).reshape(-1, 16, size))
        h = h.view(-1, height // 4, width // 4, 4, 4, size).permute(0, 1, 3, 2, 4, 5).reshape(-1, height, width, size)
        return self.head((x + torch.roll(h, (2, 2), (1, 2))).mean((1, 2)))


def tokens(length, size):
    return torch.randint(0, size, (8, length))


PADDED = torch.cat([torch.ones(8, 6), (torch.rand(8, 4) > 0.5).float()], 1).long()
NETWORKS = {
    "lstm": (LstmClassifier, [tokens(5, 20)], ["x"], (8,), 3),
    "gru": (GruClassifier, [torch.randn(8, 5, 6)], ["x"], (8,), 3),
    "decoder": (lambda: Decoder(False), [tokens(10, 30)], ["x"], (8, 10), 30),
    "rotary": (lambda: Decoder(True), [tokens(10, 30)], ["x"], (8, 10), 30),
    "encoder": (Encoder, [tokens(10, 30), PADDED], ["input_ids", "attention_mask"], (8,), 3),
    "segmenter": (Segmenter, [torch.randn(8, 3, 16, 16)], ["x"], (8, 16, 16), 4),
    "volumes": (Volumes, [torch.randn(8, 1, 4, 8, 8)], ["x"], (8,), 3),
    "buffers": (Buffers, [torch.rand(8, 3, 6, 6)], ["x"], (8,), 3),
    "pooling": (Pooling, [torch.randn(8, 4, 5)], ["x"], (8,), 3),
    "windows": (Windows, [torch.randn(8, 3, 16, 16)], ["x"], (8,), 3),
    "products": (Products, [torch.randn(8, 5, 6)], ["x"], (8,), 3),
}


def loss_of(output, targets):
    classes = output.flatten(0, 1) if output.dim() == 3 and targets.dim() == 2 else output
    return F.cross_entropy(classes, targets.flatten() if classes is not output else targets)


def strip(file):
    """Takes off where in the sources a node comes from, which is most of a small file."""
    model = onnx.load(file, load_external_data=False)
    for each in (model, model.graph, *model.graph.node, *model.graph.value_info, *model.graph.input, *model.graph.output):
        del each.metadata_props[:]
    for node in model.graph.node:
        node.doc_string = ""
    onnx.save(model, file)


def make(name, net, arguments, names, targets):
    batch = torch.export.Dim("batch")
    ways = {
        "dynamo": dict(dynamo=True, dynamic_shapes=tuple({0: batch} for _ in arguments)),
        "dynamo-fixed": dict(dynamo=True),
        "dynamo-unoptimised": dict(dynamo=True, optimize=False, dynamic_shapes=tuple({0: batch} for _ in arguments)),
        "torchscript-fixed": dict(dynamo=False, opset_version=16),
        "torchscript": dict(dynamo=False, dynamic_axes={each: {0: "batch"} for each in names}, opset_version=17),
    }
    with torch.no_grad():
        loss = float(loss_of(net(*arguments), targets))
    expected = {"loss": loss, "parameters": sum(each.numel() for each in net.parameters())}
    folder = os.path.join(HERE, name)
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    np.savez(os.path.join(folder, "data.npz"), y=targets.numpy(), **{n: a.numpy() for n, a in zip(names, arguments)})
    json.dump(expected, open(os.path.join(folder, "expected.json"), "w"))
    for way, settings in ways.items():
        if way.startswith("torchscript") and name == "rotary":
            continue  # it knows no RMSNorm
        file = os.path.join(folder, f"{way}.onnx")
        torch.onnx.export(net, tuple(arguments), file, input_names=names, verbose=False, **settings)
        strip(file)


if __name__ == "__main__":
    for name, (build, arguments, names, shape, classes) in NETWORKS.items():
        torch.manual_seed(len(name))
        net = build().eval()
        with torch.no_grad():
            for each in net.parameters():
                each.add_(0.1 * torch.randn_like(each))
            for key, each in net.named_buffers():
                if "running" in key:
                    each.add_(torch.rand_like(each))
        make(name, net, arguments, names, torch.randint(0, classes, shape))
