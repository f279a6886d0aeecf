"""`depthwise_conv2d` in plain NumPy: a convolution with a group for each channel."""

from __future__ import annotations

import numpy as np

from xonet.layers._convolve import convolve, convolve_backward
from xonet.layers._run import Gradients, Parameters, Run
from xonet.layers.depthwise_conv2d import DepthwiseConv2d


def forward(layer: DepthwiseConv2d, parameters: Parameters, x: np.ndarray, run: Run) -> np.ndarray:
    """(pictures, height, width, channels) to (pictures, rows, columns, channels × multiplier)."""
    return convolve(layer, parameters, x, groups=x.shape[-1])


def backward(
    layer: DepthwiseConv2d, parameters: Parameters, x: np.ndarray, y: np.ndarray, dy: np.ndarray, run: Run
) -> Gradients:
    """The gradients of x, `weights` and `bias`."""
    return convolve_backward(layer, parameters, x, dy, groups=x.shape[-1])
