"""`depthwise_conv2d` in PyTorch: a convolution in as many groups as channels."""

from __future__ import annotations

from xonet.bench.peers.in_torch.layers.conv2d import there

__all__ = ["there"]
