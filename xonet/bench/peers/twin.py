"""The same network in PyTorch: xonet's operations as calls of `torch.nn.functional`, with the same parameters.

A picture is (channels, height, width) there, so weights that look at a picture change places; nothing else does. What
can be worked out beforehand is: a step of the twin costs what it costs a careful user of PyTorch, and not more.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F

from xonet.bench.peers import in_torch
from xonet.bench.peers._peer import Unable
from xonet.bench.peers.in_torch._calls import Call, Tensors, row
from xonet.language.families import Family
from xonet.layers import LAYERS
from xonet.layers._elementwise import Elementwise
from xonet.layers._graph import Operation, Value
from xonet.losses import LOSSES, Loss
from xonet.optimizers import OPTIMIZERS, Optimizer


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
            self._calls.append((layer_there(operation, own, self), operation.inputs, operation.output))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """(pictures, channels, height, width), or (pictures, features), to (pictures, outputs) as xonet orders them."""
        values = {self.operations[0].inputs[0]: x}
        for call, inputs, output in self._calls:
            values[output] = call(*(values[value] for value in inputs))
        return values[output] if values[output].ndim == 2 else row(values[output])

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


def loss_there(loss: Loss) -> Call:
    """From (scores, targets) to the mean loss; targets are class numbers for cross_entropy, otherwise values.

    Raises:
        Unable: where it has no counterpart.
    """
    call: Call = counterpart(LOSSES, loss)(loss)
    return call


def optimizer_there(optimizer: Optimizer, twin: Twin, quick: bool = False) -> torch.optim.Optimizer:
    """The optimizer, at its own learning rate; `quick`: in the quickest of its implementations.

    Raises:
        Unable: where it has no counterpart.
    """
    kind, own = counterpart(OPTIMIZERS, optimizer)(optimizer)
    rates = {"lr": optimizer.learning_rate, "weight_decay": optimizer.weight_decay}
    offered = inspect.signature(kind).parameters
    ways = [way for way in ("fused", "foreach") if quick and way in offered][:1]
    return kind(twin.parameters(), **rates, **own, **dict.fromkeys(ways, True))


def layer_there(operation: Operation, own: Tensors, twin: Twin) -> Call:
    """From an operation's inputs to its output.

    Raises:
        Unable: where its layer has no counterpart.
    """
    layer = operation.layer
    try:
        call: Call = counterpart(LAYERS, layer)(operation, own, twin)
    except Unable:
        alone = alike(layer) if isinstance(layer, Elementwise) else None
        if alone is None:
            raise
        return alone
    return call


def alike(layer: Elementwise) -> Call | None:
    """PyTorch's function of the name of a layer that treats every value alike, its knobs given; None without one."""
    word = LAYERS.word(layer)
    call = getattr(F, word, None) or getattr(F, word.replace("_", ""), None)
    knobs = [getattr(layer, name) for name in layer.fields if name != "name"]
    return call if call is None or not knobs else lambda x: call(x, *knobs)


def counterpart(family: Family[Any], member: Any) -> Callable[..., Any]:
    """What a member's file here has: see `xonet.bench.peers.in_torch`.

    Raises:
        Unable: where there is no such file.
    """
    if (module := _file(family, member)) is None:
        does = "run" if family is LAYERS else "train"
        word = family.word(member)
        raise Unable(f"torch cannot {does} this network: the {family.noun} {word} has no counterpart there yet")
    there: Callable[..., Any] = module.there
    return there


def _file(family: Family[Any], member: Any) -> Any:
    name = f"{in_torch.__name__}.{family.package.removeprefix('xonet.')}.{family.word(member)}"
    return None if find_spec(name) is None else import_module(name)


def _ordered(operation: Operation, array: np.ndarray, back: bool = False) -> np.ndarray:
    """Weights that look at a picture, or lie over one, in PyTorch's order, channels first, or `back` from there.

    A layer whose weights lie in yet another order there says so in its file, by `ordered`.
    """
    own = getattr(_file(LAYERS, operation.layer), "ordered", None)
    if own is not None:
        return np.asarray(own(operation, array, back))
    shape, order = operation.inputs[0].shape, (0, 2, 3, 1) if back else (0, 3, 1, 2)
    if array.ndim == 4:
        return array.transpose(order)
    if array.ndim == 3:
        return np.moveaxis(array, 0, -1) if back else np.moveaxis(array, -1, 0)
    if array.ndim == 2 and shape.is_picture:
        height, width, channels = shape
        picture = (channels, height, width) if back else shape
        return array.reshape(-1, *picture).transpose(order).reshape(array.shape)
    return array
