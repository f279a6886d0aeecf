"""The same network in JAX: xonet's operations as calls of `jax.lax` and `jax.nn`, with the same parameters.

A picture is (height, width, channels) there too. Weights lie as JAX's libraries lay them: (kernel height, kernel width,
channels, features) for a convolution, (inputs, units) for `dense`.
"""

from __future__ import annotations

import functools
import math
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from xonet.bench.peers._peer import Unable
from xonet.language.shapes import Axis
from xonet.layers import LAYERS
from xonet.layers._graph import Operation, Value

Arrays = dict[str, jax.Array]
"""Parameters, or their gradients, by their full names; an operation's own by their short names."""


@dataclass
class Pass:
    """One way through the network, while JAX traces it."""

    key: jax.Array | None
    """For what is drawn at random; None outside training."""
    kept: Arrays
    """What is not trained, by its full name; `batch_norm` moves its own."""


Call = Callable[..., jax.Array]
"""From (an operation's own arrays, the pass, its inputs) to its output."""


class Twin:
    """Operations as a function of arrays, which begin as copies of `parameters`, by their full names.

    Raises:
        Unable: where a layer has no counterpart here.
    """

    def __init__(self, operations: Sequence[Operation], parameters: Mapping[str, np.ndarray]) -> None:
        self.operations = operations
        self.trained: Arrays = {}
        """What a step changes."""
        self.kept: Arrays = {}
        """What it does not, but for the running mean and variance of batch_norm."""
        self._calls: list[Call] = []
        for operation in operations:
            for parameter in operation.parameters:
                name = operation.full_name(parameter)
                place = self.trained if parameter.trainable else self.kept
                place[name] = jnp.array(_ordered(parameters[name]), jnp.float32, copy=True)
            word = LAYERS.word(operation.layer)
            if word not in WORDS:
                raise Unable(f"jax cannot run this network: {operation.path}, {word}, has no counterpart there yet")
            self._calls.append(WORDS[word](operation))

    def forward(
        self, trained: Arrays, kept: Arrays, x: jax.Array, key: jax.Array | None = None
    ) -> tuple[jax.Array, Arrays]:
        """(scores (pictures, outputs), `kept` afterwards) of pictures as xonet lays them; with a `key`, in training."""
        run = Pass(key, dict(kept))
        values: dict[Value, jax.Array] = {self.operations[0].inputs[0]: x}
        for operation, call in zip(self.operations, self._calls, strict=True):
            names = {parameter.name: operation.full_name(parameter) for parameter in operation.parameters}
            own = {short: trained[name] if name in trained else run.kept[name] for short, name in names.items()}
            values[operation.output] = call(own, run, *(values[value] for value in operation.inputs))
        return _row(values[self.operations[-1].output]), run.kept


def arrays(there: Arrays) -> dict[str, np.ndarray]:
    """Arrays of the twin in xonet's order."""
    return {name: _ordered(np.asarray(array), back=True) for name, array in there.items()}


def _row(x: jax.Array) -> jax.Array:
    """A picture's values as a row."""
    return x.reshape(len(x), -1)


def _ordered(array: np.ndarray, back: bool = False) -> np.ndarray:
    """Weights of a convolution or of dense with the features last, as they are there, or `back` from there."""
    axis = (-1, 0) if back else (0, -1)
    return np.moveaxis(array, *axis) if array.ndim > 1 else array


def _edges(axis: Axis) -> tuple[int, int]:
    """Padding before and after: a pool's last window may hang over both the picture and its padding."""
    end = (axis.output - 1) * axis.stride + (axis.window - 1) * axis.dilation + 1
    return axis.before, max(0, end - axis.before - axis.input)


def _taps(x: jax.Array, rows: Axis, columns: Axis, value: float) -> list[jax.Array]:
    """What each tap of a window sees at all its places, row by row; `value` on the padding.

    XLA makes one loop of what is then done with them, forward and back. Its own windows take many times longer: there
    the gradient of a maximum searches every window again, value by value.
    """
    x = jnp.pad(x, ((0, 0), _edges(rows), _edges(columns), (0, 0)), constant_values=value)
    seen = []
    for row in range(rows.window):
        for column in range(columns.window):
            top, left = row * rows.dilation, column * columns.dilation
            below, right = top + (rows.output - 1) * rows.stride + 1, left + (columns.output - 1) * columns.stride + 1
            seen.append(x[:, top : below : rows.stride, left : right : columns.stride])
    return seen


def _with_bias(y: jax.Array, own: Arrays) -> jax.Array:
    return y + own["bias"] if "bias" in own else y


def _convolution(operation: Operation) -> Call:
    layer: Any = operation.layer
    rows, columns = layer.axes(operation.inputs[0].shape)
    groups = operation.inputs[0].shape.channels // operation.parameters[0].shape[-1]
    share = 1 / layer.area if layer.reduce == "mean" else 1.0

    def depthwise(weights: jax.Array, x: jax.Array) -> jax.Array:
        """The same as a sum over taps: XLA's own takes twenty times longer."""
        taps, channels = _taps(x, rows, columns, 0.0), x.shape[-1]
        each = weights.reshape(len(taps), channels, -1)
        y = functools.reduce(operator.add, (tap[..., None] * w for tap, w in zip(taps, each, strict=True)))
        return y.reshape(*y.shape[:3], -1)

    def call(own: Arrays, run: Pass, x: jax.Array) -> jax.Array:
        weights = own["weights"] if share == 1.0 else own["weights"] * share
        if groups == x.shape[-1] > 1:
            return _with_bias(depthwise(weights, x), own)
        y = lax.conv_general_dilated(
            x,
            weights,
            layer.stride,
            (_edges(rows), _edges(columns)),
            rhs_dilation=layer.dilation,
            dimension_numbers=("NHWC", "HWIO", "NHWC"),
            feature_group_count=groups,
        )
        return _with_bias(y, own)

    return call


def _dense(operation: Operation) -> Call:
    layer: Any = operation.layer
    share = 1 / operation.inputs[0].shape.size if layer.reduce == "mean" else 1.0

    def call(own: Arrays, run: Pass, x: jax.Array) -> jax.Array:
        return _with_bias(_row(x) @ (own["weights"] if share == 1.0 else own["weights"] * share), own)

    return call


def _max_pool(operation: Operation) -> Call:
    layer: Any = operation.layer
    rows, columns = layer.axes(operation.inputs[0].shape)

    def larger(a: jax.Array, b: jax.Array) -> jax.Array:
        """Of equals the first, which alone then has the gradient; `jnp.maximum` would halve it."""
        return jnp.where(a >= b, a, b)

    return lambda own, run, x: functools.reduce(larger, _taps(x, rows, columns, -math.inf))


def _avg_pool(operation: Operation) -> Call:
    layer: Any = operation.layer
    rows, columns = layer.axes(operation.inputs[0].shape)
    counts = np.outer(layer.counts(rows), layer.counts(columns)).astype(np.float32)[..., None]
    return lambda own, run, x: functools.reduce(operator.add, _taps(x, rows, columns, 0.0)) / counts


def _batch_norm(operation: Operation) -> Call:
    layer: Any = operation.layer
    places = {p.name: operation.full_name(p) for p in operation.parameters}

    def call(own: Arrays, run: Pass, x: jax.Array) -> jax.Array:
        mean, variance = own["mean"], own["variance"]
        if run.key is not None:
            count, everywhere = x.size // x.shape[-1], tuple(range(x.ndim - 1))
            mean, variance = x.mean(everywhere), x.var(everywhere)
            seen = {"mean": mean} | ({"variance": variance * (count / (count - 1))} if count > 1 else {})
            for name, observed in seen.items():
                moved = layer.momentum * own[name] + (1 - layer.momentum) * observed
                run.kept[places[name]] = lax.stop_gradient(moved)
        return (x - mean) * (own.get("scale", 1.0) * lax.rsqrt(variance + layer.epsilon)) + own.get("shift", 0.0)

    return call


def _dropping(operation: Operation) -> Call:
    layer: Any = operation.layer
    shape = operation.inputs[0].shape
    drawn = layer.drawn(shape)
    own = shape if drawn == shape.size else (*(1 for _ in shape[:-1]), drawn)

    def call(arrays: Arrays, run: Pass, x: jax.Array) -> jax.Array:
        if run.key is None:
            return x
        key = jax.random.fold_in(run.key, operation.index)
        stays = jax.random.bernoulli(key, 1 - layer.rate, (len(x), *own))
        return jnp.where(stays, x / (1 - layer.rate), 0.0)

    return call


def _gaussian_noise(operation: Operation) -> Call:
    layer: Any = operation.layer

    def call(own: Arrays, run: Pass, x: jax.Array) -> jax.Array:
        if run.key is None:
            return x
        return x + layer.stddev * jax.random.normal(jax.random.fold_in(run.key, operation.index), x.shape)

    return call


def _branches(operation: Operation) -> Call:
    layer: Any = operation.layer
    merges: dict[str, Callable[[Sequence[jax.Array]], jax.Array]] = {
        "concat": lambda x: jnp.concatenate(x, -1), "add": sum, "mean": lambda x: sum(x) / len(x),
        "multiply": lambda x: _product(*x), "max": lambda x: jnp.stack(x).max(0),
    }  # fmt: skip
    return lambda own, run, *x: merges[layer.merge](x)


def _product(*x: jax.Array) -> jax.Array:
    """Of all paths; a row is a picture of one pixel beside pictures."""
    pictures = any(path.ndim == 4 for path in x)
    return functools.reduce(operator.mul, (path[:, None, None] if pictures and path.ndim == 2 else path for path in x))


def _plain(call: Callable[[Any], Callable[..., jax.Array]]) -> Callable[[Operation], Call]:
    """A layer without parameters, that is the same in training."""

    def made(operation: Operation) -> Call:
        function = call(operation.layer)
        return lambda own, run, *x: function(*x)

    return made


def _softplus(layer: Any) -> Callable[..., jax.Array]:
    return lambda x: jnp.where(layer.beta * x > layer.threshold, x, jax.nn.softplus(layer.beta * x) / layer.beta)


def _prelu(operation: Operation) -> Call:
    return lambda own, run, x: jnp.where(x > 0, x, x * own["slopes"])


WORDS: dict[str, Callable[[Operation], Call]] = {
    "avg_pool2d": _avg_pool,
    "batch_norm": _batch_norm,
    "branches": _branches,
    "celu": _plain(lambda layer: lambda x: jax.nn.celu(x, layer.alpha)),
    "conv2d": _convolution,
    "dense": _dense,
    "depthwise_conv2d": _convolution,
    "dropout": _dropping,
    "elu": _plain(lambda layer: lambda x: jax.nn.elu(x, layer.alpha)),
    "flatten": _plain(lambda layer: _row),
    "gaussian_noise": _gaussian_noise,
    "gelu": _plain(lambda layer: lambda x: jax.nn.gelu(x, approximate=layer.approximate == "tanh")),
    "global_avg_pool2d": _plain(lambda layer: lambda x: x.mean((1, 2))),
    "global_max_pool2d": _plain(lambda layer: lambda x: x.max((1, 2))),
    "hard_sigmoid": _plain(lambda layer: jax.nn.hard_sigmoid),
    "hard_swish": _plain(lambda layer: jax.nn.hard_swish),
    "hard_tanh": _plain(lambda layer: lambda x: jnp.clip(x, layer.min_val, layer.max_val)),
    "leaky_relu": _plain(lambda layer: lambda x: jax.nn.leaky_relu(x, layer.slope)),
    "log_softmax": _plain(lambda layer: jax.nn.log_softmax),
    "max_pool2d": _max_pool,
    "mish": _plain(lambda layer: jax.nn.mish),
    "prelu": _prelu,
    "relu": _plain(lambda layer: jax.nn.relu),
    "relu6": _plain(lambda layer: jax.nn.relu6),
    "residual": _plain(lambda layer: operator.add),
    "scale": _plain(lambda layer: lambda x: x * layer.factor),
    "selu": _plain(lambda layer: jax.nn.selu),
    "sigmoid": _plain(lambda layer: jax.nn.sigmoid),
    "silu": _plain(lambda layer: jax.nn.silu),
    "softmax": _plain(lambda layer: jax.nn.softmax),
    "softplus": _plain(_softplus),
    "spatial_dropout": _dropping,
    "stochastic_depth": _dropping,
    "softsign": _plain(lambda layer: jax.nn.soft_sign),
    "tanh": _plain(lambda layer: jnp.tanh),
    "thresholded_relu": _plain(lambda layer: lambda x: jnp.where(x > layer.alpha, x, 0.0)),
}
"""What each layer is there: an operation to a call."""
