"""Whether arrays that a caller brings are what a network takes."""

from __future__ import annotations

from typing import Any

import numpy as np

from xonet.engine.parameters import as_float32
from xonet.losses import CLASSES, INPUT, LABELS, ONE_SCORE
from xonet.network import Network


def checked_pictures(network: Network, pictures: Any) -> np.ndarray:
    """Pictures as an engine reads them.

    Raises:
        ValueError: where they have another shape or type.
    """
    array, shape = np.asarray(pictures), tuple(network.shape)
    if array.dtype != np.uint8 and not np.issubdtype(array.dtype, np.floating):
        raise ValueError(f"pictures must be uint8 (raw, 0 to 255) or float (network values), not {array.dtype}")
    if array.shape[1:] != shape:
        hint = ""
        if array.shape == shape:
            hint = "; for one picture, give pictures[None]"
        elif array.shape[1:] == shape[:-1] and shape[-1] == 1:
            hint = "; give pictures[..., None]"
        raise ValueError(f"pictures of shape (n, {_listed(shape)}) are needed, not {array.shape}{hint}")
    return np.ascontiguousarray(array) if array.dtype == np.uint8 else as_float32(array, "pictures")


def checked_targets(network: Network, targets: Any) -> np.ndarray:
    """Targets as an engine reads them: (n,) class numbers, or (n, outputs) labels or values.

    Raises:
        ValueError: where they are something else.
    """
    array, outputs, answers = np.asarray(targets), network.outputs, network.answers
    if array.dtype == bool:
        array = array.astype(np.uint8)
    whole = np.issubdtype(array.dtype, np.integer)
    if not whole and not np.issubdtype(array.dtype, np.floating):
        raise ValueError(f"targets must be class numbers or values, not {array.dtype}")
    if whole and array.ndim == 1 and answers in (CLASSES, ONE_SCORE):
        classes = 2 if answers == ONE_SCORE else outputs
        if len(array) and not (0 <= array.min() and array.max() < classes):
            raise ValueError(f"class numbers must be from 0 to {classes - 1}, not {array.min()} to {array.max()}")
        return np.array(array, np.int64)  # a copy: who writes to theirs meanwhile could lead kernels astray
    if answers == INPUT and array.shape[1:] == tuple(network.shape):
        array = array.reshape(len(array), outputs)
    if array.shape[1:] != (outputs,) and not (array.ndim == 1 and outputs == 1):
        values = f"{'labels' if answers == LABELS else 'values'} of shape (n, {outputs})"
        needed = f"class numbers of shape (n,), or {values}," if answers in (CLASSES, ONE_SCORE) else values
        raise ValueError(f"{needed} are needed as targets, not {array.dtype} of shape {array.shape}")
    if answers == LABELS and len(array) and not (array.min() >= 0 and array.max() <= 1):
        raise ValueError(f"labels must be 1 where they hold and 0 where not, not {array.min()} to {array.max()}")
    return as_float32(array.reshape(len(array), outputs), "targets")


def _listed(shape: tuple[int, ...]) -> str:
    return ", ".join(map(str, shape))
