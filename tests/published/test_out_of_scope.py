"""What the language leaves out for good is said where somebody tries it, with the words of other tools."""

from __future__ import annotations

import pytest

from xonet.diagnostics import Source
from xonet.network import check_text

NETWORK = """\
xonet: 1
input: {height: 8, width: 8}
layers:
  - LAYER
  - dense: {units: 2}
output: {classes: [X, O]}
data: {train: {images: {folder: letters}}}
training: {loss: cross_entropy, optimizer: {sgd: {learning_rate: 0.1}}, epochs: 1}
"""
ONE_INPUT = "a network has one input"
OWN_WEIGHTS = "every layer weights of its own", "every layer has weights of its own"
WHOLE_PICTURE = "a network answers for a whole picture"
STILL = "no layer moves, turns or scales a picture by what is in it"


def told(old: str, new: str) -> list[str]:
    """What is said of the network with a part replaced."""
    text = NETWORK.replace(old, new).replace("  - LAYER\n", "")
    return [str(finding.help) for finding in check_text(Source("network.yaml", text), sees_data=False)[1]]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("LAYER", "siamese: {layers: [relu]}"),
        ("LAYER", "shared"),
        ("LAYER", "TimeDistributed"),
        ("input:", "inputs:"),
        ("cross_entropy", "contrastive"),
        ("cross_entropy", "ContrastiveLoss"),
        ("cross_entropy", "triplet"),
    ],
)
def test_two_inputs(old: str, new: str) -> None:
    assert any(ONE_INPUT in help for help in told(old, new))


@pytest.mark.parametrize("knob", ["share", "shared_weights", "tied_to"])
def test_shared_weights(knob: str) -> None:
    assert any(OWN_WEIGHTS[1] in help for help in told("units: 2", f"units: 2, {knob}: layers.0"))
    assert any(OWN_WEIGHTS[0] in help for help in told("LAYER", "siamese"))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("classes: [X, O]", "masks: [X, O]"),
        ("classes: [X, O]", "segmentation: [X, O]"),
        ("classes: [X, O]", "pixel_classes: [X, O]"),
        ("folder: letters", "folder: letters, masks: masks"),
        ("cross_entropy", "dice"),
        ("cross_entropy", "IoULoss"),
        ("dense: {units: 2}", "conv2d: {features: 2, kernel_size: 1}"),
    ],
)
def test_a_class_for_each_pixel(old: str, new: str) -> None:
    assert any(WHOLE_PICTURE in help for help in told(old, new))


@pytest.mark.parametrize("word", ["spatial_transformer", "SpatialTransformer", "stn", "grid_sample", "affine_grid"])
def test_spatial_transformers(word: str) -> None:
    assert any(STILL in help for help in told("LAYER", word))
