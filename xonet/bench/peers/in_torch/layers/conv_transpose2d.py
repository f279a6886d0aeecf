"""`conv_transpose2d` in PyTorch."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
import torch.nn.functional as F

from xonet.bench.peers.in_torch._calls import Call, Tensors
from xonet.layers._graph import Operation


def there(operation: Operation, own: Tensors, twin: torch.nn.Module) -> Call:
    """What it cannot be told, other padding on either side, is cut off afterwards."""
    layer: Any = operation.layer
    axes = layer.axes(operation.inputs[0].shape)
    bias, stride, dilation, groups = own.get("bias"), layer.stride, layer.dilation, layer.groups
    # what it makes longer than padding on both sides alone would
    more = [axis.input - _length(axis, 2 * axis.before) for axis in axes]
    told = [axis.before for axis in axes]
    if all(0 <= m < max(axis.stride, axis.dilation) for m, axis in zip(more, axes, strict=True)):
        return lambda x: F.conv_transpose2d(x, own["weights"], bias, stride, told, more, groups, dilation)
    behind = [axis.before + axis.input - _length(axis, 0) for axis in axes]
    down, across = (slice(axis.before, axis.before + axis.input) for axis in axes)
    beyond = [max(0, pixels) for pixels in behind]

    def call(x: torch.Tensor) -> torch.Tensor:
        whole = F.conv_transpose2d(x, own["weights"], bias, stride, 0, beyond, groups, dilation)
        return whole[:, :, down, across]

    return call


def ordered(operation: Operation, array: np.ndarray, back: bool) -> np.ndarray:
    """Weights are (channels, features a group, height, width) there; `back` from there."""
    layer: Any = operation.layer
    groups, channels, features = layer.groups, operation.inputs[0].shape.channels, layer.features
    if array.ndim != 4:
        return array
    if back:
        split = array.reshape(groups, channels // groups, features // groups, *layer.kernel_size)
        return split.transpose(0, 2, 3, 4, 1).reshape(features, *layer.kernel_size, channels // groups)
    split = array.reshape(groups, features // groups, *layer.kernel_size, channels // groups)
    return split.transpose(0, 4, 1, 2, 3).reshape(channels, features // groups, *layer.kernel_size)


def _length(axis: Any, padding: int) -> int:
    return int((axis.output - 1) * axis.stride - padding + (axis.window - 1) * axis.dilation + 1)
