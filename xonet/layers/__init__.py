"""Layers: what treats every value alike is a file of two formulas (`_elementwise`), everything else a package.

Its `__init__` declares the knobs, the shape rule and the parameters, and imports no NumPy. `reference` is plain NumPy,
for readers and for tests; `native` holds the compiled kernels, says in which order they run, and declares in `NATIVE`
what the layer can do (`_native`). A reference has

    forward(layer, parameters, x, run) -> y
    backward(layer, parameters, x, y, dy, run) -> (dx, {parameter: gradient})
    observe(layer, parameters, x) -> None           # where it keeps statistics: updates them after a training forward

over arrays of (pictures, height, width, channels) or (pictures, features), of any float type. `parameters` maps short
names to arrays, `run` is a `_run.Run`, and nothing is kept between the calls: backward computes again what it needs.
No argument is changed, and a result may share memory with one: add gradients up in arrays of your own.
Where several ways meet (`residual`, `branches`), x and dx are lists. `repeat` only unfolds, and has no reference.
"""

from __future__ import annotations

from xonet.layers._base import LAYERS, LINE, Layer, needs_picture, stack
from xonet.layers._weighted import Weighted

__all__ = ["LAYERS", "LINE", "Layer", "Weighted", "needs_picture", "stack"]
