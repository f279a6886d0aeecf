"""How fast a network runs here, beside what the machine can do, and beside the same network elsewhere."""

from __future__ import annotations

PEERS = {"torch": ("torch",), "onnxruntime": ("onnxruntime", "onnx", "torch")}
"""What a network can be measured against, and the packages that takes; PyTorch writes what ONNX Runtime reads."""
