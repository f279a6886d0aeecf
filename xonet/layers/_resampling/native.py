"""Kernels of a `Resampling`: sums of a few values, by tables made of the layer's formula."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from xonet.kernels import (
    bits_to_f32,
    f32_to_bits,
    fma,
    helper,
    kernel,
    load,
    load_i64,
    load_scalar,
    splat,
    store,
    store_scalar,
)
from xonet.kernels.tables import SUM, SUM_TERM, Sum, SumTerm, table
from xonet.layers._native import Native
from xonet.layers._resampling import Resampling
from xonet.layers._resampling.reference import moves
from xonet.layers._single_site import SingleSite
from xonet.layers._site import Site
from xonet.program.rows import Parts, Ref


@helper
def term(x, terms, n):
    """Of term n: where its values begin, how far apart they lie, and their weight."""
    line = terms + 8 * SUM_TERM.SIZE * n
    weight = splat(bits_to_f32(load_i64(line, SUM_TERM.WEIGHT)))
    return x + 64 * load_i64(line, SUM_TERM.X), load_i64(line, SUM_TERM.X_STEP), weight


@kernel
def add_up(x, y, lines, count, terms):
    """Values of y, each a weighted sum of some of x's; lines: see `Sum`, terms: `SumTerm`."""
    for n in range(count):
        line = lines + 8 * SUM.SIZE * n
        length, number = load_i64(line, SUM.VALUES), load_i64(line, SUM.TERMS)
        to, step = y + 64 * load_i64(line, SUM.Y), load_i64(line, SUM.Y_STEP)
        first = load_i64(line, SUM.FIRST)
        a, a_step, a_weight = term(x, terms, first)
        for k in range(length):
            store(to, k * step, load(a, k * a_step) * a_weight if number > 0 else splat(0.0))
        done = 1
        while number - done >= 3:
            a, a_step, a_weight = term(x, terms, first + done)
            b, b_step, b_weight = term(x, terms, first + done + 1)
            c, c_step, c_weight = term(x, terms, first + done + 2)
            for k in range(length):
                total = fma(load(a, k * a_step), a_weight, load(to, k * step))
                total = fma(load(b, k * b_step), b_weight, total)
                store(to, k * step, fma(load(c, k * c_step), c_weight, total))
            done += 3
        for t in range(first + done, first + number):
            a, a_step, a_weight = term(x, terms, t)
            for k in range(length):
                store(to, k * step, fma(load(a, k * a_step), a_weight, load(to, k * step)))


@kernel
def copy_one_by_one(x, y, lines, count, terms):
    """The same of one picture, where each value is a copy."""
    for n in range(count):
        line = lines + 8 * SUM.SIZE * n
        y_first, y_step = load_i64(line, SUM.Y), load_i64(line, SUM.Y_STEP)
        from_x = terms + 8 * SUM_TERM.SIZE * load_i64(line, SUM.FIRST)
        x_first, x_step = load_i64(from_x, SUM_TERM.X), load_i64(from_x, SUM_TERM.X_STEP)
        for k in range(load_i64(line, SUM.VALUES)):
            store_scalar(y, y_first + k * y_step, load_scalar(x, x_first + k * x_step))


def lower(layer: Resampling, site: Site) -> None:
    """One kernel each way: backward, what gave to a value is what it gets from."""
    to, come_from, weights = (np.concatenate(each) for each in zip(*moves(layer, site.shape), strict=True))
    sums = summed(to, come_from, weights, site.output_shape.size)
    site.forward_parts(_parts(site, site.x, site.y, sums, len(to)))
    if site.dy is not None and site.dx is not None:
        sums = summed(come_from, to, weights, site.shape.size)
        site.backward_parts(_parts(site, site.dy, site.dx, sums, len(to)))


def lower_single(layer: Resampling, site: SingleSite) -> None:
    """Whole sixteens of channels where channels stay what they are, otherwise value by value."""
    if not layer.moves_channels:
        lower(layer, site)
        return
    ((to, come_from, weights),) = moves(layer, site.operation.inputs[0].shape)
    count, features = len(to), site.features
    lies = np.arange(count) // features * site.y_pixel_stride + np.arange(count) % features
    come_from = come_from // site.channels * site.pixel_stride + come_from % site.channels
    lines, terms = summed(to, come_from, weights, count, lies)
    site.forward(copy_one_by_one, site.x_as_it_is, site.y, lines, len(lines), terms)


class Sums(NamedTuple):
    """The tables of `add_up`."""

    lines: np.ndarray
    terms: np.ndarray


def _parts(site: Site, x: Ref, y: Ref, sums: Sums, work: int) -> Parts:
    lines, terms = sums
    return [
        [site.row(add_up, x, y, lines[part.start : part.stop], len(part), terms)]
        for part in site.shares(len(lines), work)
    ]


def summed(
    to: np.ndarray, come_from: np.ndarray, weights: np.ndarray, count: int, lies: np.ndarray | None = None
) -> Sums:
    """Tables for `count` values: number to[n] is the sum over such n of weights[n] times value come_from[n].

    lies: where each of the values lies, if not one behind the other.
    """
    order = np.argsort(to, kind="stable")
    to, come_from, weights = to[order], come_from[order], weights[order]
    lies = np.arange(count) if lies is None else lies
    numbers = np.bincount(to, minlength=count)
    firsts = np.cumsum(numbers) - numbers
    lines: list[Sum] = []
    terms: list[SumTerm] = []
    for number in np.unique(numbers).tolist():
        alike = np.flatnonzero(numbers == number)
        those = firsts[alike, None] + np.arange(number)
        places = np.column_stack([lies[alike], come_from[those]])
        own = weights[those].astype(np.float32)
        # neighbours in y are often made alike; if not, neighbours in x are, or those of the same weights
        orders = [np.arange(len(alike)), np.lexsort((places[:, 0], *own.T)), np.argsort(places[:, -1], kind="stable")]
        found = [_runs(places[order], own[order]) for order in orders]
        order, runs = min(zip(orders, found, strict=True), key=lambda each: len(each[1]))
        for begin, length in runs:
            here, step = places[order[begin]], 0 * places[0]
            if length > 1:
                step = places[order[begin + 1]] - here
            lines.append(Sum(int(here[0]), int(step[0]), length, len(terms), number))
            bits = [f32_to_bits(weight) for weight in own[order[begin]].tolist()]
            terms += map(SumTerm, here[1:].tolist(), step[1:].tolist(), bits)
    lines.sort()
    return Sums(table(Sum, lines), table(SumTerm, terms))


def _runs(places: np.ndarray, weights: np.ndarray) -> list[tuple[int, int]]:
    """Lines of places cut where the next does not go on in the same steps, or with other weights: (first, how many)."""
    steps, same = np.diff(places, axis=0), (weights[1:] == weights[:-1]).all(axis=1)
    goes_on = (steps[1:] == steps[:-1]).all(axis=1) & same[1:] & same[:-1]
    ends = [*np.flatnonzero(~goes_on) + 1, len(places) - 1]
    found, begin, end = [], 0, 0
    while begin < len(places):
        while ends[end] <= begin and end < len(ends) - 1:
            end += 1
        length = int(ends[end]) - begin + 1 if begin < len(same) and same[begin] else 1
        found.append((begin, length))
        begin += length
    return found


NATIVE = Native(lower, lower_single)
