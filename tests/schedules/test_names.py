"""What other programs call schedules is answered with what to write here, and that is right."""

from __future__ import annotations

import re

import pytest
import yaml

from xonet.language.spelling import meant
from xonet.schedules import SCHEDULES

NAMED = SCHEDULES.schema()["else"]


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("MultiStepLR", "milestones"), ("PolynomialLR", "polynomial"), ("PolynomialDecay", "polynomial"),
        ("ExponentialLR", "exponential"), ("ExponentialDecay", "exponential"), ("InverseTimeDecay", "inverse"),
        ("inv", "inverse"), ("ReduceLROnPlateau", "plateau"), ("OneCycleLR", "one_cycle"), ("StepLR", "step"),
        ("CosineAnnealingLR", "cosine"), ("CosineDecay", "cosine"), ("PiecewiseConstantDecay", "pieces"),
        ("CyclicLR", "pieces"), ("LambdaLR", "pieces"), ("LinearLR", "polynomial"), ("poly", "polynomial"),
        ("CosineAnnealingWarmRestarts", "cosine"), ("sgdr", "cosine"), ("CosineDecayRestarts", "cosine"),
        ("ConstantLR", "constant"), ("fixed", "constant"), ("multistep", "milestones"), ("steps", "milestones"),
        ("SequentialLR", ""), ("sigmoid", ""),
    ],
)  # fmt: skip
def test_each_name_is_known(theirs, ours):
    found = meant(theirs, NAMED["properties"], NAMED["x-advice"])
    assert found.foreign and found.word == ours and (ours or found.advice)


@pytest.mark.parametrize("text", sorted(set(NAMED["x-advice"].values())))
def test_what_is_to_be_written_is_right(text):
    """Every `word: {knobs}` in an advice."""
    words = "|".join(SCHEDULES.members)
    for word, knobs in re.findall(rf"\b({words}): (\{{(?:[^{{}}]|\{{[^{{}}]*\}})*\}})", text):
        made = SCHEDULES.make({word: yaml.safe_load(knobs)})
        assert made.rate(0.1, 3, 4, 10) > 0
