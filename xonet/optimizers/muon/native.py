"""Rows of `muon`: all weights take each stage of the iteration together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from xonet.kernels import LANES
from xonet.kernels import orthogonal as kernels
from xonet.kernels.orthogonal import BLOCK
from xonet.optimizers._moments_rows import moments_row
from xonet.optimizers._site import OptimizerSite, Tensor
from xonet.optimizers.muon import Muon
from xonet.program.alignment import rounded
from xonet.program.rows import WORTH_SHARING, Ref

PARTS = 16
"""Into how many rows a stage's work on one matrix is cut at most."""


@dataclass(frozen=True)
class Matrix:
    """Weights as a matrix of which the iteration has `rows` rows, the shorter way, of `columns` values."""

    tensor: Tensor
    transposed: bool
    rows: int
    columns: int
    x: Ref
    """(padded rows, padded columns), zeros in what is padded."""
    other: Ref
    """The same, for what `x` becomes; at first the update as the parameters lie."""
    gram: Ref
    polynomial: Ref
    """Both (padded rows, padded rows rounded up to vectors)."""
    sums: Ref
    """Sums of squares of the update by part."""

    @property
    def padded(self) -> int:
        """Its rows rounded up to blocks."""
        return padded_rows(self.rows)

    @property
    def vectors(self) -> int:
        """Vectors of a row."""
        return -(-self.columns // LANES)


def padded_rows(rows: int) -> int:
    """Rounded up to blocks."""
    return -(-rows // BLOCK) * BLOCK


def lower(optimizer: Muon, site: OptimizerSite) -> None:
    """Momentum; the iteration, three stages each time; and the step."""
    matrices = [_matrix(tensor, site) for tensor in site.tensors if tensor.weights]
    ratio = optimizer.adamw.learning_rate / optimizer.learning_rate
    for part in (part for tensor in site.tensors if not tensor.weights for part in tensor.parts):
        moments_row(site, part, optimizer.adamw, decoupled=True, rate=ratio)
    for matrix in matrices:
        place, parts = matrix.other, matrix.tensor.parts
        for number, part in enumerate(parts):
            site.row(
                kernels.momentum, part.gradients, site.stride, part.slots, part.state["mean"], part.count,
                optimizer.momentum, optimizer.nesterov, place, matrix.sums, number,
            )  # fmt: skip
            place = place.plus(LANES * part.count)
    site.barrier()
    for matrix in matrices:
        for first, end in _cut(matrix.padded, matrix.padded * matrix.vectors):
            site.row(
                kernels.lay_out, matrix.other, matrix.x, matrix.rows, matrix.columns, matrix.transposed,
                matrix.sums, len(matrix.tensor.parts), optimizer.epsilon, first, end,
            )  # fmt: skip
    a, b, c = optimizer.coefficients
    for n in range(optimizer.iterations):
        _iterate(site, matrices, n % 2 == 1, a, b, c)
    site.barrier()
    for matrix in matrices:
        _apply(optimizer, site, matrix)


def _matrix(tensor: Tensor, site: OptimizerSite) -> Matrix:
    height = tensor.shape[0]
    width = tensor.values // height
    rows, columns = min(height, width), max(height, width)
    take, padded = site.program.take_shared, padded_rows(rows)
    size, square = padded * rounded(columns), padded * rounded(padded)
    return Matrix(
        tensor, height > width, rows, columns, take(size), take(size), take(square), take(square),
        take(len(tensor.parts)),
    )  # fmt: skip


def _iterate(site: OptimizerSite, matrices: list[Matrix], back: bool, a: float, b: float, c: float) -> None:
    """One iteration, from `x` to `other`, or back."""
    site.barrier()
    for matrix in matrices:
        x, rows = matrix.other if back else matrix.x, matrix.padded
        for first, end in _halves(rows, rows * rows * matrix.vectors // 2):
            site.row(kernels.products, x, matrix.vectors, rows, first, end, matrix.gram, 0.0, 1.0)
    site.barrier()
    for matrix in matrices:
        rows = matrix.padded
        vectors = rounded(rows) // LANES
        for first, end in _halves(rows, rows * rows * vectors // 2):
            site.row(kernels.products, matrix.gram, vectors, rows, first, end, matrix.polynomial, b, c)
    site.barrier()
    for matrix in matrices:
        x, y = (matrix.other, matrix.x) if back else (matrix.x, matrix.other)
        for first, end in _cut(matrix.vectors, matrix.padded**2 * matrix.vectors, BLOCK):
            site.row(kernels.combine, matrix.polynomial, x, y, matrix.padded, matrix.vectors, first, end, a)


def _apply(optimizer: Muon, site: OptimizerSite, matrix: Matrix) -> None:
    first_part, height = matrix.tensor.parts[0], matrix.tensor.shape[0]
    x = matrix.x if optimizer.iterations % 2 == 0 else matrix.other
    columns = matrix.tensor.values // height
    for first, end in _cut(height, matrix.tensor.values // LANES):
        site.row(
            kernels.apply, first_part.parameters, x, columns, matrix.vectors, matrix.transposed, site.rate,
            first_part.rate_factor, optimizer.rate_ratio(height, columns),
            optimizer.weight_decay * first_part.decay_factor, first, end,
        )  # fmt: skip


def _cut(count: int, work: int, block: int = 1) -> Iterator[tuple[int, int]]:
    """`count` things in stretches of whole blocks, as many as `work` vectors are worth."""
    blocks = -(-count // block)
    parts = max(1, min(blocks, PARTS, work // WORTH_SHARING))
    for first, end in pairwise(blocks * n // parts for n in range(parts + 1)):
        yield block * first, min(count, block * end)


def _halves(rows: int, work: int) -> Iterator[tuple[int, int]]:
    """Rows of a matrix of which each needs what lies right of its diagonal: the first ones the most."""
    blocks = rows // BLOCK
    parts = max(1, min(blocks, PARTS, work // WORTH_SHARING))
    ends = [round(blocks * (1 - (1 - n / parts) ** 0.5)) for n in range(parts + 1)]
    for first, end in pairwise(ends):
        if first < end:
            yield BLOCK * first, BLOCK * end
