"""The initializer `dirac`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xonet.initializers import Initializer
from xonet.language.fields import field
from xonet.language.kinds import Integer

if TYPE_CHECKING:
    import numpy as np


class Dirac(Initializer):
    """Weights that pass their input on: channel n of the input becomes feature n (Zagoruyko and Komodakis 2017).

    As PyTorch's dirac_: all weights are 0, but for a 1 in the middle of the window; features without such a channel are
    0. In a dense layer it is the identity matrix. arXiv 1706.00388.
    """

    also = ("dirac_delta", "delta_orthogonal", "identity", "eye")

    groups: int = field(
        Integer(minimum=1), "Into how many groups features are divided, each of which begins with channel 0.", default=1
    )

    def draw(self, rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int) -> np.ndarray:
        """See the base."""
        import numpy as np

        weights = np.zeros(shape)
        middle = tuple(size // 2 for size in shape[1:-1])
        features = shape[0] // self.groups
        for feature in range(features * self.groups):
            channel = feature % features
            if channel < shape[-1]:
                place = (feature, *middle, channel)
                weights[place] = 1
        return weights
