"""What a model can be asked, and the networks whose models are."""

from __future__ import annotations

import copy
import hashlib
import os
import pickle

import numpy as np

import xonet
from xonet.training.metrics import evaluate

TRAINING = "loss: cross_entropy, optimizer: {sgd: {learning_rate: 0.02, momentum: 0.9}}, epochs: 1, batch_size: 16"
SMALL = f"""
xonet: 1
input: {{height: 6, width: 5}}
layers:
  - conv2d: {{features: 3, kernel_size: 2}}
  - batch_norm
  - relu
  - dropout: {{rate: 0.3}}
  - dense: {{units: 2}}
output: {{classes: [a, b]}}
training: {{{TRAINING}}}
"""
LARGE = f"""
xonet: 1
input: {{height: 16, width: 14, channels: 3}}
layers:
  - conv2d: {{features: 16, kernel_size: 3, padding: same}}
  - batch_norm
  - relu
  - residual: {{layers: [{{conv2d: {{features: 16, kernel_size: 3, padding: same}}}}, batch_norm]}}
  - depthwise_conv2d: {{kernel_size: 3, padding: same}}
  - batch_norm
  - relu6
  - conv2d: {{features: 32, kernel_size: 1}}
  - max_pool2d: {{window: 2}}
  - dropout: {{rate: 0.2}}
  - dense: {{units: 128}}
  - relu
  - dense: {{units: 3}}
output: {{classes: [a, b, c]}}
training: {{{TRAINING}}}
"""
"""A network whose kernels several threads share."""


class Data:
    """Pictures and targets for a network."""

    def __init__(self, network):
        rng = np.random.default_rng(0)
        self.raw = rng.integers(0, 256, (530, *network.shape), np.uint8)
        self.x = rng.standard_normal((40, *network.shape), np.float32)
        self.y = np.arange(40) % network.outputs


def digest(*arrays):
    """Of the arrays' bytes."""
    return hashlib.blake2b(b"".join(np.ascontiguousarray(array).tobytes() for array in arrays), digest_size=8).digest()


def bits(model):
    """All parameters, and one picture's scores by them."""
    return digest(*model.parameters.values(), model.predict(model.data.raw[:1]))


def gradients(model):
    """Loss and gradients of a batch."""
    loss, found = model.gradients(model.data.x, model.data.y)
    return digest(np.float64(loss), *found.values())


def evaluated(model):
    """What `evaluate` measures."""
    meter = evaluate(model, model.dataset((model.data.x, model.data.y)), 2 + model.network.outputs)
    return digest(meter.losses, meter.confusion)


def saved(model, folder, name):
    """A file of the model's, read again."""
    path = os.path.join(folder, name)
    model.save(path)
    again = type(model).load(path, engine=model._kind, threads=2)
    again.data = model.data
    return bits(again)


# every one gives a digest; those of "bits" are of a copy, whose parameters and scores must belong together
ANSWERS = {
    "one": lambda model: digest(model.predict(model.data.x[:1])),
    "raw one": lambda model: digest(model.predict(model.data.raw[:1])),
    "few": lambda model: digest(model.predict(model.data.x[:3])),
    "many": lambda model: digest(model.predict(model.data.x)),
    "hundreds": lambda model: digest(model.predict(model.data.raw)),
    "outputs": lambda model: digest(*(array for _, array in model.outputs(model.data.x[:2]))),
    "gradients": gradients,
    "evaluate": evaluated,
    "bits": bits,
}
COPIES = {
    "pickled": lambda model, *_: bits(pickle.loads(pickle.dumps(model))),
    "deepcopied": lambda model, *_: bits(copy.deepcopy(model)),
    "saved": saved,
}
QUICK = ("one", "raw one", "few")


def model_of(network, engine):
    """A new model; the same each time."""
    model = xonet.Model(network, seed=1, engine=engine, threads=2)
    model.data = Data(network)
    return model
