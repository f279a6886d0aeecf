"""What each picture weighs in training, by its class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from xonet.language.words import same_name


def example_weights(
    class_weights: str | Mapping[str, float] | None, targets: np.ndarray | None, classes: Sequence[str]
) -> np.ndarray | None:
    """(n,) float32 weights of pictures by their class number in `targets`; None where all weigh the same.

    `balanced`: n / (classes · count), so that each class weighs the same in all; one without pictures does not count.

    Raises:
        ValueError: where there are weights for what is no class.
    """
    if class_weights is None:
        return None
    if targets is None or targets.ndim > 1 or not classes:
        raise ValueError("class_weights needs classes, and a class number for each picture")
    weights = np.ones(len(classes))
    if isinstance(class_weights, str):
        counts = np.bincount(targets, minlength=len(classes))
        weights = len(targets) / (np.count_nonzero(counts) * np.maximum(counts, 1))
    else:
        places = {same_name(name): place for place, name in enumerate(classes)}
        for name, weight in class_weights.items():
            if same_name(name) not in places:
                raise ValueError(f"class_weights: there is no class {name!r}, only {', '.join(classes)}")
            weights[places[same_name(name)]] = weight
    return np.asarray(weights[targets], np.float32)
