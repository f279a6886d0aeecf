"""Every layer's output as plain numbers, truncated to two decimals as in the deck: 7/9 is 0.77."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from xonet.layers import LAYERS
from xonet.layers._graph import Operation


def cut(value: float) -> str:
    """Two decimals, truncated and not rounded; what float32 lost at the sixth decimal is restored first."""
    if not math.isfinite(value):
        return str(value)
    hundredths = math.trunc(value * 100 + math.copysign(1e-4, value))
    sign = "-" if hundredths < 0 else ""
    return f"{sign}{abs(hundredths) // 100}.{abs(hundredths) % 100:02d}"


def grid(values: np.ndarray) -> Iterator[str]:
    """The lines of a table (rows, columns), all numbers equally wide."""
    texts = [[cut(float(value)) for value in row] for row in values]
    width = max(len(text) for row in texts for text in row)
    for row in texts:
        yield " ".join(text.rjust(width) for text in row)


def output_lines(title: str, values: np.ndarray, names: Sequence[str] = ()) -> Iterator[str]:
    """One value of one picture: (height, width, channels) map by map, or (features,) in a row, each with its name."""
    yield f"{title}: {' × '.join(map(str, values.shape))}"
    if values.ndim == 3:
        for channel in range(values.shape[2]):
            if values.shape[2] > 1:
                yield f"  map {channel}"
            yield from (f"    {text}" for text in grid(values[:, :, channel]))
    elif names:
        width = max(map(len, names))
        yield from (f"    {name.ljust(width)} {cut(float(value))}" for name, value in zip(names, values, strict=True))
    else:
        yield from (f"    {text}" for text in grid(values[None]))


def forward_lines(
    index: int, name: str, x: np.ndarray, outputs: Iterable[tuple[Operation, np.ndarray]], classes: Sequence[str]
) -> Iterator[str]:
    """Picture number `index` on its way through all layers; arrays are (pictures, ...)."""
    yield f"picture {index}" + (f": {name}" if name else "")
    yield from output_lines("input", x[index])
    every = list(outputs)
    for operation, values in every:
        names = classes if operation is every[-1][0] and values[index].size == len(classes) else ()
        values = values[index].reshape(-1) if names else values[index]
        yield from output_lines(f"{operation.path} {LAYERS.word(operation.layer)}", values, names)


def error_lines(scores: np.ndarray, right: np.ndarray, names: Sequence[str], loss: tuple[str, float]) -> Iterator[str]:
    """Right answer, actual answer, error of each output of one picture; then the (word, value) of its loss."""
    word, value = loss
    total = "total" if word == "absolute_error" else word  # the deck's loss is the errors' total
    width = max(len(total), *map(len, names))
    yield "error: right answer - actual answer"
    yield f"    {''.ljust(width)}  right answer  actual answer  error"
    for name, wanted, actual in zip(names, right, scores, strict=True):
        error = cut(abs(float(wanted) - float(actual)))
        yield f"    {name.ljust(width)}  {cut(float(wanted)):>12}  {cut(float(actual)):>13}  {error:>5}"
    yield f"    {total.ljust(width)}  {'':>12}  {'':>13}  {cut(value):>5}"
