"""What a network can be measured against."""

from __future__ import annotations

PEERS = {"torch": ("torch",), "onnxruntime": ("onnxruntime", "onnx", "torch"), "jax": ("jax",)}
"""What a network can be measured against, and the packages that takes; PyTorch writes what ONNX Runtime reads."""
