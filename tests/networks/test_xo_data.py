"""What `networks/xo.yaml` trains on is like letters by another hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from xonet.data.images import Images
from xonet.network import load

XO = Path(__file__).parents[2] / "networks/xo.yaml"


def test_the_nearest_training_picture_tells_pillows_letters_apart(pillow_letters):
    network = load(XO)
    theirs = Images(folder=str(pillow_letters)).load(network.wanted)
    assert theirs.notes == [f"200 of 200 pictures resized to 9 × 9: {pillow_letters / 'X' / '000.png'} is 60 × 60"]
    drawn = network.document.data.train.load(network.wanted)
    mine, asked = (data.pictures.reshape(len(data), -1).astype(np.float32) / 255 for data in (drawn, theirs))
    # |a - b|² = |a|² - 2 a·b + |b|², without the part that is the same for all of `mine`.
    nearest = np.argmin((mine**2).sum(axis=1) - 2 * asked @ mine.T, axis=1)
    assert (drawn.targets[nearest] == theirs.targets).mean() >= 0.97
