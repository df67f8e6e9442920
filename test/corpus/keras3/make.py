"""Makes the folders beside it: networks as Keras 3 saves them, samples, and what Keras makes of these.

KERAS_BACKEND=torch python make.py, with keras 3.15 and torch 2.13.
"""
import json
import os
import shutil

import keras
import numpy as np
from keras import layers as L

HERE = os.path.dirname(os.path.abspath(__file__))


def images():
    return keras.Sequential([
        keras.Input((8, 8, 3)), L.Conv2D(4, 3, activation="relu"), L.BatchNormalization(), L.MaxPooling2D(),
        L.SeparableConv2D(6, 2), L.Flatten(), L.Dropout(0.3), L.Dense(5, activation="hard_sigmoid"),
        L.Dense(3, activation="softmax"),
    ])


def shared():
    x = keras.Input((6,), name="x")
    layer = L.Dense(8, activation="tanh", name="shared")
    h = layer(x)
    again = layer(L.Dense(6)(h))
    return keras.Model(x, L.Dense(3, name="out")(L.Concatenate()([h, again])))


def recurrent():
    x = keras.Input((5, 4))
    h = L.GRU(4)(L.Bidirectional(L.LSTM(3, return_sequences=True))(x))
    return keras.Model(x, L.Dense(3)(h))


def nested():
    base = keras.Sequential([keras.Input((6,)), L.Dense(7, activation="gelu"), L.LayerNormalization()], name="base")
    x = keras.Input((6,))
    return keras.Model(x, L.Dense(3)(L.Add()([base(x), base(L.Dense(6)(x))])))


def inputs():
    a, b = keras.Input((4,), name="left"), keras.Input((3,), name="right")
    h = L.Multiply()([L.Dense(5)(a), L.Dense(5, activation="relu")(b)])
    return keras.Model([a, b], L.Dense(3)(h))


def sequences():
    x = keras.Input((9, 4))
    h = L.Conv1D(5, 3, padding="causal", dilation_rate=2, activation="silu")(x)
    h = L.TimeDistributed(L.Dense(4))(L.UpSampling1D(2)(L.GroupNormalization(groups=5)(h)))
    h = L.SimpleRNN(4, go_backwards=True)(L.ELU(alpha=0.5)(L.Softmax(axis=1)(h)))
    return keras.Model(x, L.Dense(3)(h))


def channels_first():
    x = keras.Input((3, 6, 6))
    h = L.Permute((2, 3, 1))(L.BatchNormalization(axis=1, scale=False)(x))
    h = L.Rescaling(0.5, offset=0.1)(L.DepthwiseConv2D(3)(L.Conv2DTranspose(2, 3, strides=2)(h)))
    return keras.Model(x, L.Dense(3)(L.GlobalAveragePooling2D()(h)))


def tokens():
    x = keras.Input((5,), dtype="int32")
    h = L.LSTM(4, recurrent_activation="hard_sigmoid")(L.Embedding(10, 4)(x))
    return keras.Model(x, L.Dense(3)(h))


def moved(model, random):
    """Other values for all weights, as after some training."""
    for weight in model.weights:
        if weight.dtype != "float32":
            continue
        values = np.array(weight) + 0.3 * random.standard_normal(weight.shape)
        weight.assign(np.abs(values) + 0.1 if weight.path.endswith("variance") else values)


def loss_of(outputs, targets):
    rows = np.arange(len(targets))
    if np.allclose(outputs.sum(1), 1):
        return -np.log(outputs[rows, targets]).mean()
    return (np.log(np.exp(outputs).sum(1)) - outputs[rows, targets]).mean()


if __name__ == "__main__":
    for build in (images, shared, recurrent, nested, inputs, sequences, channels_first, tokens):
        keras.utils.set_random_seed(7)
        random = np.random.default_rng(7)
        model = build()
        moved(model, random)
        folder = os.path.join(HERE, build.__name__.replace("_", "-"))
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)
        fed = {
            each.name if len(model.inputs) > 1 else "x": random.integers(0, 10, (8, *each.shape[1:])).astype("int32")
            if each.dtype == "int32"
            else random.standard_normal((8, *each.shape[1:])).astype("float32")
            for each in model.inputs
        }
        targets = random.integers(0, 3, 8)
        outputs = model.predict(list(fed.values()) if len(fed) > 1 else fed["x"], verbose=0)
        np.savez(os.path.join(folder, "data.npz"), y=targets, **fed)
        counted = int(sum(np.prod(each.shape) for each in model.trainable_weights))
        json.dump({"loss": float(loss_of(outputs, targets)), "parameters": counted}, open(os.path.join(folder, "expected.json"), "w"))
        model.save(os.path.join(folder, "model.keras"))
        model.save(os.path.join(folder, "model.h5"))
        model.save_weights(os.path.join(folder, "model.weights.h5"))
