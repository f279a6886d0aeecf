"""Rows of a merge by `multiply` and by `max`."""

from __future__ import annotations

from typing import Any

from xonet.kernels import LANES, merging
from xonet.layers._single_site import NoSinglePicture, SingleSite
from xonet.layers._site import Site
from xonet.layers._spread import strides
from xonet.program.rows import Ref


class Product:
    """The paths of a product, each with its strides, over so many pixels and channels."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.alike = len(set(site.shapes)) == 1
        whole = site.output_shape
        self.pixels, self.channels = whole.size // whole.channels, whole.channels
        self.paths = [(x, *strides(shape, whole)) for x, shape in zip(site.xs, site.shapes, strict=True)]
        if self.alike:  # value by value
            self.pixels, self.channels = whole.size, 1
            self.paths = [(x, 1, 1) for x in site.xs]

    def multiply(self, a: Any, b: Any, y: Ref) -> list[list[Any]]:
        """Rows of y = a · b, some pixels each; a path is where it lies, and its strides."""
        (x, x_pixel, x_channel), (z, z_pixel, z_channel) = a, b
        parts = []
        for part in self.site.shares(self.pixels, self.pixels * self.channels):
            first, second = x.plus(part.start * x_pixel * LANES), z.plus(part.start * z_pixel * LANES)
            to = y.plus(part.start * self.channels * LANES)
            parts.append([self.site.row(
                merging.multiply, first, x_pixel, x_channel, second, z_pixel, z_channel, to, self.channels,
                len(part), self.channels,
            )])  # fmt: skip
        return parts

    def forward(self) -> None:
        """The first two, and what comes of that with each of the others."""
        so_far, *others = self.paths
        for other in others:
            self.site.forward_parts(self.multiply(so_far, other, self.site.y))
            so_far = (self.site.y, self.channels, 1)

    def backward(self, number: int, dy: Ref, dx: Ref) -> None:
        """The gradient of one path: dy times all others, summed over where its numbers were spread."""
        gradient = (dy, self.channels, 1)
        *others, last = self.paths[:number] + self.paths[number + 1 :]
        if others:
            place = self.site.handed_on(self.pixels * self.channels * LANES)
            for other in others:
                self.site.backward_parts(self.multiply(gradient, other, place))
                gradient = (place, self.channels, 1)
        _, pixel, channel = self.paths[number]
        if pixel and channel:
            self.site.backward_parts(self.multiply(gradient, last, dx))
        else:
            self.site.backward_parts(self._sums(gradient[0], last, dx, pixel, channel))

    def _sums(self, dy: Ref, b: Any, dx: Ref, dx_pixel: int, dx_channel: int) -> list[list[Any]]:
        """Cut by what is written."""
        factor, b_pixel, b_channel = b
        work, parts = self.pixels * self.channels, []
        count = self.channels if dx_channel else self.pixels if dx_pixel else 1
        for part in self.site.shares(count, work):
            pixels, channels, start = self.pixels, self.channels, (0, 0)
            if dx_channel:
                channels, start = len(part), (0, part.start)
            elif dx_pixel:
                pixels, start = len(part), (part.start, 0)
            parts.append([self.site.row(
                merging.multiply_and_add,
                dy.plus((start[0] * self.channels + start[1]) * LANES), self.channels,
                factor.plus((start[0] * b_pixel + start[1] * b_channel) * LANES), b_pixel, b_channel,
                dx.plus(part.start * LANES), dx_pixel, dx_channel, pixels, channels,
            )])  # fmt: skip
        return parts


def multiply(site: Site) -> None:
    """Rows both ways."""
    product = Product(site)
    product.forward()
    for number, dx in enumerate(site.dxs):
        if site.dy is not None and dx is not None:
            product.backward(number, site.dy, dx)


def multiply_single(site: SingleSite) -> None:
    """The same for one picture, where the number of a path with one channel lies alone in a sixteen.

    Raises:
        NoSinglePicture: where a row of numbers has the gaps that a picture left in it.
    """
    values = site.operation.inputs
    if len({value.shape for value in values}) == 1:
        site.must_lie_alike()
        multiply(site)
        return
    if any(form.pixels > 1 and not value.shape.is_picture for form, value in zip(site.forms, values, strict=True)):
        raise NoSinglePicture
    product = Product(site)
    whole = site.operation.output.shape
    alone = [value.shape.channels < whole.channels for value in values]
    wide = [path for path, single in zip(product.paths, alone, strict=True) if not single]
    so_far = wide[0]
    for path in wide[1:]:
        site.forward_parts(product.multiply(so_far, path, site.y))
        so_far = (site.y, product.channels, 1)
    for (x, _, _), value, single in zip(product.paths, values, alone, strict=True):
        if single:
            pixel = 1 if value.shape.size > 1 else 0
            place, x_pixel, _ = so_far
            site.forward(
                merging.multiply_by_scalars, place, x_pixel, x, pixel, site.y, product.pixels, product.channels
            )
            so_far = (site.y, product.channels, 1)


def largest(site: Site) -> None:
    """Rows both ways of the largest of each value; several paths that have it share its gradient."""
    site.must_lie_alike()
    size, so_far = site.output_shape.size, site.xs[0]
    for x in site.xs[1:]:
        site.forward_parts(site.by_value(merging.larger, [so_far, x, site.y], size))
        so_far = site.y
    if site.dy is None:
        return
    learning = [(x, dx) for x, dx in zip(site.xs, site.dxs, strict=True) if dx is not None]
    if len(site.xs) == 2:
        for x, dx in learning:
            (other,) = [path for path in site.xs if path != x] or [x]
            site.backward_parts(site.by_value(merging.share_out_two, [x, other, site.dy, dx], size))
        return
    found = site.handed_on(size * LANES)
    for number, x in enumerate(site.xs):
        site.backward_parts(site.by_value(merging.count_largest, [x, site.y, found], size, number == 0))
    for x, dx in learning:
        site.backward_parts(site.by_value(merging.share_out, [x, site.y, site.dy, found, dx], size))
