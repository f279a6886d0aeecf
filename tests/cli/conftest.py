"""A small network to run, with all that could make a resumed training differ from one that never stopped."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

SMALL = """\
xonet: 1
name: small
input: {height: 9, width: 9, range: [-1, 1], invert: true}
layers:
  - conv2d: {features: 5, kernel_size: 3, bias: false}
  - batch_norm
  - relu
  - max_pool2d: {window: 2}
  - dropout: {rate: 0.2}
  - dense: {units: 2}
output: {classes: [X, O]}
data:
  train: {xo: {count: 600, seed: 1, shift: 1, rotate: 20, scale: [0.7, 1.1], noise: 0.1}}
  validation: {share: 0.2}
  test: {xo: {count: 200, seed: 2, shift: 1, rotate: 20, scale: [0.7, 1.1], noise: 0.1}}
  augment: [{shift: {pixels: 1}}, {noise: {stddev: 0.1}}]
training:
  loss: cross_entropy
  optimizer: {adam: {learning_rate: 0.03}}
  schedule: {cosine: {warmup_epochs: 1}}
  epochs: 3
  batch_size: 48
  early_stopping: {patience: 1000, monitor: validation_loss}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with small.yaml, and white.png, a picture of its size."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NO_COLOR", raising=False)
    (tmp_path / "small.yaml").write_text(SMALL)
    white = Image.new("L", (9, 9), 255)
    white.putpixel((4, 4), 0)  # a picture with nothing on it would be told
    white.save(tmp_path / "white.png")
    return tmp_path
