"""A stride larger than its window, which skips pixels, or leaves them empty.

Not said of convolutions of 1 × 1, whose stride is how shortcuts of residual networks make a picture smaller.
"""

from __future__ import annotations

from collections.abc import Iterator

from xonet.diagnostics import Diagnostic
from xonet.layers._convolution import Convolution
from xonet.layers._pool import Pool
from xonet.layers.conv_transpose2d import ConvTranspose2d
from xonet.network.network import Network
from xonet.network.rules import Scope
from xonet.network.rules._knob_findings import warning

NEEDS = ("input", "layers")


def find(network: Network, _: Scope) -> Iterator[Diagnostic]:
    """A finding at the stride."""
    for operation in network.operations:
        layer = operation.layer
        transposed = isinstance(layer, ConvTranspose2d)
        if not isinstance(layer, Convolution | ConvTranspose2d | Pool):
            continue
        if isinstance(layer, Convolution) and layer.kernel_size == (1, 1):
            continue
        for axis in layer.axes(operation.inputs[0].shape):
            reach = (axis.window - 1) * axis.dilation + 1
            if axis.stride > reach and axis.output > 1:
                does = "leaves nothing but the bias in" if transposed else "never sees"
                yield warning(
                    "stride-skips-pixels",
                    f"a window of {reach} that moves by {axis.stride} {does} {axis.stride - reach} of every "
                    f"{axis.stride} pixels",
                    layer,
                    "stride",
                    help=f"use a stride of {reach} or less, or a larger window",
                )
                break
