"""The same network in PyTorch: xonet's operations as calls of `torch.nn.functional`, with the same parameters.

A picture is (channels, height, width) there, so weights that look at a picture change places; nothing else does. What
can be worked out beforehand is: a step of the twin costs what it costs a careful user of PyTorch, and not more.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F

from xonet.bench.peers._peer import Unable
from xonet.language.shapes import Axis
from xonet.layers import LAYERS
from xonet.layers._graph import Operation, Value
from xonet.losses import LOSSES
from xonet.optimizers import OPTIMIZERS

Tensors = dict[str, torch.Tensor]
"""An operation's parameters by their short names."""
Call = Callable[..., torch.Tensor]
"""From an operation's inputs to its output."""


class Twin(torch.nn.Module):
    """Operations as a PyTorch module, whose tensors begin as copies of `parameters`, arrays by their full names.

    Raises:
        Unable: where a layer has no counterpart here.
    """

    def __init__(self, operations: Sequence[Operation], parameters: Mapping[str, np.ndarray]) -> None:
        super().__init__()
        self.operations = operations
        self.tensors: dict[str, torch.Tensor] = {}
        self._calls: list[tuple[Call, tuple[Value, ...], Value]] = []
        for operation in operations:
            own: Tensors = {}
            for parameter in operation.parameters:
                name = operation.full_name(parameter)
                tensor = torch.from_numpy(np.array(_ordered(operation, parameters[name]), np.float32, order="C"))
                if parameter.trainable:
                    tensor = torch.nn.Parameter(tensor)
                    self.register_parameter(name.replace(".", "_"), tensor)
                own[parameter.name] = self.tensors[name] = tensor
            word = LAYERS.word(operation.layer)
            if word not in WORDS:
                raise Unable(f"torch cannot run this network: {operation.path}, {word}, has no counterpart there yet")
            call = WORDS[word](operation, own, self)
            self._calls.append((call, operation.inputs, operation.output))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """(pictures, channels, height, width), or (pictures, features), to (pictures, outputs) as xonet orders them."""
        values = {self.operations[0].inputs[0]: x}
        for call, inputs, output in self._calls:
            values[output] = call(*(values[value] for value in inputs))
        return values[output] if values[output].ndim == 2 else _row(values[output])

    def arrays(self, gradients: bool = False) -> dict[str, np.ndarray]:
        """Every parameter, or every trained one's gradient, by its full name and in xonet's order."""
        found = {}
        for operation in self.operations:
            for parameter in operation.parameters:
                name = operation.full_name(parameter)
                tensor = self.tensors[name].grad if gradients else self.tensors[name].detach()
                if tensor is not None:
                    found[name] = _ordered(operation, tensor.numpy(), back=True)
        return found


def pictures_there(x: np.ndarray) -> torch.Tensor:
    """(n, height, width, channels) to (n, channels, height, width); rows of numbers as they are."""
    return torch.from_numpy(np.ascontiguousarray(np.moveaxis(x, -1, 1) if x.ndim == 4 else x))


def loss_there(loss: Any) -> Call:
    """From (scores, targets) to the mean loss; targets are class numbers for cross_entropy, otherwise values."""
    word = LOSSES.word(loss)
    if word == "cross_entropy":
        return lambda scores, targets: F.cross_entropy(scores, targets, label_smoothing=loss.label_smoothing)
    kind = {"squared_error": F.mse_loss, "absolute_error": F.l1_loss}[word]
    return lambda scores, targets: kind(scores, targets, reduction="sum") / len(scores)


def optimizer_there(optimizer: Any, twin: Twin, **options: bool) -> torch.optim.Optimizer:
    """The optimizer, at its own learning rate; `options` are PyTorch's, such as `fused=True`."""
    word, settings = OPTIMIZERS.word(optimizer), {"lr": optimizer.learning_rate, "weight_decay": optimizer.weight_decay}
    if word == "sgd":
        kind, own = torch.optim.SGD, {"momentum": optimizer.momentum, "nesterov": optimizer.nesterov}
    else:
        kind = {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW}[word]
        own = {"betas": (optimizer.beta1, optimizer.beta2), "eps": optimizer.epsilon}
    return kind(twin.parameters(), **settings, **own, **options)


def _row(x: torch.Tensor) -> torch.Tensor:
    """A picture's values as a row, in xonet's order; a row as it is."""
    return (x.permute(0, 2, 3, 1) if x.ndim == 4 else x).flatten(1)


def _ordered(operation: Operation, array: np.ndarray, back: bool = False) -> np.ndarray:
    """Weights of a convolution or of dense after a picture in PyTorch's order, channels first, or `back` from there."""
    shape, order = operation.inputs[0].shape, (0, 2, 3, 1) if back else (0, 3, 1, 2)
    if array.ndim == 4:
        return array.transpose(order)
    if array.ndim == 2 and shape.is_picture:
        height, width, channels = shape
        picture = (channels, height, width) if back else shape
        return array.reshape(-1, *picture).transpose(order).reshape(array.shape)
    return array


def _convolution(operation: Operation, own: Tensors, twin: Twin) -> Call:
    layer: Any = operation.layer
    shape = operation.inputs[0].shape
    rows, columns = layer.axes(shape)
    padding, before = _padding(rows, columns, pool=False)
    groups = shape.channels // own["weights"].shape[1]
    scale = layer.scale
    bias, stride, dilation = own.get("bias"), layer.stride, layer.dilation

    def call(x: torch.Tensor) -> torch.Tensor:
        weights = own["weights"] if scale == 1 else own["weights"] * scale
        return F.conv2d(before(x), weights, bias, stride, padding, dilation, groups)

    return call


def _dense(operation: Operation, own: Tensors, twin: Twin) -> Call:
    layer: Any = operation.layer
    scale = layer.mean_scale(operation.inputs[0].shape.size)
    bias = own.get("bias")
    return lambda x: F.linear(x.flatten(1), own["weights"] if scale == 1 else own["weights"] * scale, bias)


def _max_pool(operation: Operation, own: Tensors, twin: Twin) -> Call:
    layer: Any = operation.layer
    rows, columns = layer.axes(operation.inputs[0].shape)
    padding, before = _padding(rows, columns, -math.inf)
    window, stride, ceil = layer.window, layer.stride or layer.window, layer.ceil
    return lambda x: F.max_pool2d(before(x), window, stride, padding, ceil_mode=ceil)


def _avg_pool(operation: Operation, own: Tensors, twin: Twin) -> Call:
    """As sums with a divisor of our own for each place: it must not depend on how the padding came about."""
    layer: Any = operation.layer
    rows, columns = layer.axes(operation.inputs[0].shape)
    counts = torch.from_numpy(np.outer(layer.counts(rows), layer.counts(columns)).astype(np.float32))
    padding, before = _padding(rows, columns)
    window, stride, ceil = layer.window, layer.stride or layer.window, layer.ceil
    if bool((counts == window[0] * window[1]).all()):
        return lambda x: F.avg_pool2d(before(x), window, stride, padding, ceil)
    return lambda x: F.avg_pool2d(before(x), window, stride, padding, ceil, divisor_override=1) / counts


def _padding(rows: Axis, columns: Axis, value: float = 0.0, pool: bool = True) -> tuple[tuple[int, int], Call]:
    """(what a layer is told, what is done before): it takes equal sides only, a pool no more than half its window."""
    if all(axis.before == axis.after and 2 * axis.before * pool <= axis.window for axis in (rows, columns)):
        return (rows.before, columns.before), lambda x: x
    sides = []
    for axis in (columns, rows):
        end = (axis.output - 1) * axis.stride + (axis.window - 1) * axis.dilation + 1
        sides += [axis.before, max(0, end - axis.before - axis.input)]
    return (0, 0), lambda x: F.pad(x, sides, value=value)


def _batch_norm(operation: Operation, own: Tensors, twin: Twin) -> Call:
    mean, variance, scale, shift = (own[name] for name in ("mean", "variance", "scale", "shift"))
    # PyTorch's momentum is the share that changes, xonet's the share that stays.
    layer: Any = operation.layer
    changing, epsilon = 1 - layer.momentum, layer.epsilon
    return lambda x: F.batch_norm(x, mean, variance, scale, shift, twin.training, changing, epsilon)


def _dropout(operation: Operation, own: Tensors, twin: Twin) -> Call:
    layer: Any = operation.layer
    return lambda x: F.dropout(x, layer.rate, twin.training)


def _branches(operation: Operation, own: Tensors, twin: Twin) -> Call:
    layer: Any = operation.layer
    ways = len(operation.inputs)
    merges: dict[str, Call] = {
        "concat": lambda *x: torch.cat(x, 1), "add": lambda *x: sum(x), "mean": lambda *x: sum(x) / ways
    }  # fmt: skip
    return merges[layer.merge]


def _plain(call: Callable[[Any], Call]) -> Callable[[Operation, Tensors, Twin], Call]:
    """A layer without parameters, that is the same in training."""
    return lambda operation, own, twin: call(operation.layer)


WORDS: dict[str, Callable[[Operation, Tensors, Twin], Call]] = {
    "avg_pool2d": _avg_pool,
    "batch_norm": _batch_norm,
    "branches": _branches,
    "conv2d": _convolution,
    "dense": _dense,
    "depthwise_conv2d": _convolution,
    "dropout": _dropout,
    "flatten": _plain(lambda layer: _row),
    "global_avg_pool2d": _plain(lambda layer: lambda x: F.adaptive_avg_pool2d(x, 1).flatten(1)),
    "global_max_pool2d": _plain(lambda layer: lambda x: F.adaptive_max_pool2d(x, 1).flatten(1)),
    "leaky_relu": _plain(lambda layer: lambda x: F.leaky_relu(x, layer.slope)),
    "max_pool2d": _max_pool,
    "relu": _plain(lambda layer: F.relu),
    "relu6": _plain(lambda layer: F.relu6),
    "residual": _plain(lambda layer: torch.add),
    "sigmoid": _plain(lambda layer: torch.sigmoid),
    "softmax": _plain(lambda layer: lambda x: F.softmax(x, 1)),
    "tanh": _plain(lambda layer: torch.tanh),
}
"""What each layer is there: (operation, its tensors, the twin) to a call."""
