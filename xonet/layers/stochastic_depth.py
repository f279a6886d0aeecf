"""The layer `stochastic_depth`: a residual's path is left out during training."""

from __future__ import annotations

from typing import ClassVar

from xonet.language.fields import field
from xonet.language.kinds import Number
from xonet.language.shapes import Shape
from xonet.layers._dropping import Dropping


class StochasticDepth(Dropping):
    """Leaves out a residual's path for whole pictures at random during training: y = x · kept / (1 - rate).

    It is the last of a residual's layers: a picture whose path is left out only takes the shortcut, as if the network
    had fewer layers. Outside training nothing changes. torchvision's StochasticDepth with mode row, timm's DropPath;
    Huang et al. 2016, arXiv 1603.09382, section 3, with what is kept scaled during training.
    """

    also = ("DropPath", "drop_path")
    nearly: ClassVar = {
        "DropConnect": "write stochastic_depth, if whole paths are dropped, as in EfficientNet; weights are not"
    }
    advice: ClassVar = Dropping.advice | {
        "mode": "remove it: each picture's path is dropped by itself, as with mode: row",
        "survival_prob": "write rate: how often it is left out, 1 - survival_prob",
        "survival_probability": "write rate: how often it is left out, 1 - survival_probability",
        "scale_by_keep": "remove it: what is kept is divided by 1 - rate",
    }

    rate: float = field(
        Number(minimum=0, below=1),
        "The fraction of pictures for which the path is left out.",
        example=0.1,
        also=("p", "drop_prob", "drop_path_rate", "probability", "prob", "drop_connect_rate"),
    )

    def drawn(self, shape: Shape) -> int:
        """One for each picture."""
        return 1
