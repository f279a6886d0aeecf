"""The words that stand for register tiles, in compiled kernels."""

from __future__ import annotations

from xonet.kernels.words import intrinsic


@intrinsic
def tile(
    rows: int, pixels: int, scale: float, flags: int,
    w: int, w_row: int, w_step: int, w_i: int, w_j: int,
    x: int, x_pixel: int, x_step: int, x_i: int, x_j: int,
    count_i: int, count_j: int, count_k: int,
    bias: int, y: int, y_row: int, y_pixel: int, valid: int,
) -> None:  # fmt: skip
    """The general register tile: a block of sums of products that stays in registers while it grows; see `tiles`."""


@intrinsic
def packed_tile(
    rows: int, pixels: int, scale: float, flags: int,
    w: int, w_i: int, w_j: int, x: int, x_pixel: int, x_i: int, x_j: int,
    count_i: int, count_j: int, count_k: int,
    bias: int, y: int, y_pixel: int, blocks: int,
) -> None:  # fmt: skip
    """The register tile on weights packed in its order, block after block along a row of pixels; see `tiles`."""


@intrinsic
def batch_tile(
    rows: int, pixels: int,
    w: int, w_row: int, w_step: int, w_next: int, x: int, x_pixel: int, x_next: int,
    count: int, y: int, y_pixel: int, y_next: int, times: int,
) -> None:  # fmt: skip
    """Register tiles one behind the other, each with weights and values of its own; see `tiles`."""


@intrinsic
def feature_tile(
    rows: int,
    sixteens: int,
    flags: int,
    x: int,
    x_pixel: int,
    x_i: int,
    x_j: int,
    w: int,
    w_i: int,
    w_j: int,
    count_i: int,
    count_j: int,
    count_k: int,
    bias: int,
    y: int,
    y_pixel: int,
    tiles: int,
    lines: int,
    x_line: int,
    y_line: int,
) -> None:
    """The register tile for one picture: pixels × sixteens of features; see `feature_tiles`."""


@intrinsic
def plane_tile(
    rows: int, sixteens: int, flags: int, x: int, x_i: int, x_k: int, w: int, count_i: int, count_k: int,
    bias: int, y: int, y_row: int, lines: int, x_line: int, y_line: int,
) -> None:  # fmt: skip
    """The register tile for one picture of one channel: features × sixteens of pixels; see `feature_tiles`."""


@intrinsic
def window_tile(
    kind: int, outputs: int, flags: int, x: int, rows: int, taps: int, x_pixel: int,
    w: int, bias: int, y: int, y_pixel: int, channels: int,
) -> None:  # fmt: skip
    """Windows that look at one channel each: some neighbours in a row, all channels; see `window_tiles`."""


@intrinsic
def window_weights_tile(
    kind: int, outputs: int, g: int, g_pixel: int, x: int, rows: int, taps: int, x_pixel: int, y: int, channels: int
) -> None:
    """The same for the gradient of the weights; see `window_tiles`."""


@intrinsic
def weight_gradient(
    rows: int, taps: int, scale: float,
    g: int, g_i: int, g_j: int, x: int, x_i: int, x_j: int,
    count_i: int, count_j: int, y: int, y_row: int,
) -> None:  # fmt: skip
    """The sister tile, for gradients of weights: products summed over pixels, at the end over lanes; see `tiles`."""
