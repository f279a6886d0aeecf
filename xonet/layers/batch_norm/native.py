"""Rows of `batch_norm`: two reductions over all groups, one for the statistics and one for their gradients."""

from __future__ import annotations

from xonet.kernels import LANES
from xonet.kernels import normalization as norm
from xonet.layers._native import Native, ReluFusion
from xonet.layers._single_site import NoSinglePicture, SingleSite
from xonet.layers._site import Site
from xonet.layers.batch_norm import BatchNorm
from xonet.program.rows import Parts, Ref, Row


class FusedRows:
    """Its rows in training, for some pixels at a time; see `xonet.engine.fusions`."""

    in_training = True

    def __init__(self, layer: BatchNorm, site: Site) -> None:
        self.site, self.channels = site, site.shape.channels
        self.pixels = site.shape.size // self.channels
        self.found = site.program.take_shared(4 * self.channels)
        self.parts = site.program.take_shared(2 * self.channels * site.program.groups)
        self.means = site.program.take_shared(2 * self.channels)
        self.seen = self.seen_back = 0
        """Pixels that rows have measured so far."""
        self.sums, self.sums_back = (site.program.take_activations(2 * self.channels) for _ in range(2))

    def consume(self, first: int, count: int) -> Parts:
        """Measures pixels."""
        x, seen = self.site.x.plus(first * self.channels * LANES), self.seen
        self.seen += count
        return [
            [
                self.site.row(
                    norm.measure, x.plus(c.start * LANES), self.sums.plus(2 * c.start * LANES),
                    self.parts.plus(c.start), self.site.group, self.site.lanes,
                    seen, count, self.pixels, len(c), self.channels,
                )
            ]
            for c in self.site.shares(self.channels, self.pixels * self.channels)
        ]  # fmt: skip

    def produce(self, to: Ref, first: int, count: int, pixel_stride: int, channels: range) -> Row:
        """Normalises pixels."""
        x = self.site.x.plus((first * self.channels + channels.start) * LANES)
        return self.site.row(
            norm.apply, x, to, self.found.plus(channels.start), self.site.lanes, count, len(channels), self.channels,
            pixel_stride // LANES, self.site.fused_relu,
        )  # fmt: skip

    def consume_gradient(self, first: int, count: int) -> Parts:
        """Measures pixels of dy."""
        x, dy = self._pixels_back(first)
        seen = self.seen_back
        self.seen_back += count
        d_scale, d_shift = self.site.gradient("scale"), self.site.gradient("shift")
        return [
            [
                self.site.row(
                    norm.measure_gradient, x.plus(c.start * LANES), dy.plus(c.start * LANES), self.found.plus(c.start),
                    self.parts.plus(c.start), self.sums_back.plus(2 * c.start * LANES),
                    d_scale.plus(c.start) if d_scale else 0, d_shift.plus(c.start) if d_shift else 0, self.site.group,
                    seen, count, self.pixels, len(c), self.channels, self.site.fused_relu,
                )
            ]
            for c in self.site.shares(self.channels, self.pixels * self.channels)
        ]  # fmt: skip

    def produce_gradient(self, to: Ref, first: int, count: int, pixel_stride: int, channels: range) -> Row:
        """Makes pixels of dx."""
        x, dy = (place.plus(channels.start * LANES) for place in self._pixels_back(first))
        return self.site.row(
            norm.backward, x, dy, to, self.found.plus(channels.start), self.means.plus(channels.start),
            self.site.lanes, count, len(channels), self.channels, pixel_stride // LANES, self.site.fused_relu,
        )  # fmt: skip

    def _pixels_back(self, first: int) -> tuple[Ref, Ref]:
        assert self.site.dy is not None
        return self.site.x.plus(first * self.channels * LANES), self.site.dy.plus(first * self.channels * LANES)


def lower(layer: BatchNorm, site: Site) -> None:
    """Statistics and normalisation, a reduction over all groups between them; but for that, what no neighbour does."""
    channels = site.shape.channels
    pixels = site.shape.size // channels
    affine = [site.parameter_or(name, number, channels) for name, number in (("scale", 1.0), ("shift", 0.0))]
    parameters = [*affine, site.parameter("mean"), site.parameter("variance")]
    if not site.training:
        found = site.program.take_shared(4 * channels)
        site.prepare(norm.recall, *parameters, found, channels, layer.epsilon)
        pixel, sizes = channels * LANES, (channels, channels, channels, site.fused_relu)
        site.forward_parts(
            [
                [
                    site.row(
                        norm.apply, site.x.plus(part.start * pixel), site.y.plus(part.start * pixel), found, LANES,
                        len(part), *sizes,
                    )._replace(in_place=(0, 1))
                ]
                for part in site.shares(pixels, site.shape.size)
            ]
        )  # fmt: skip
        return
    every, pixel = range(channels), channels * LANES
    own, counts = site.fused_rows, (site.groups, site.count, pixels, channels)
    if not site.fused_into_producer:
        site.forward_parts(own.consume(0, pixels))
    site.forward_once(norm.combine, own.parts, *parameters, own.found, *counts, layer.momentum, layer.epsilon)
    if not site.fused_into_consumer:
        site.forward_parts(
            [
                [own.produce(site.y.plus(part.start * pixel), part.start, len(part), pixel, every)]
                for part in site.shares(pixels, site.shape.size)
            ]
        )
    if site.dy is None:
        return
    if not site.fused_into_consumer:
        site.backward_parts(own.consume_gradient(0, pixels))
    if site.dx is not None:
        site.backward_once(norm.combine_gradient, own.parts, own.found, own.means, *counts)
        if not site.fused_into_producer:
            dx = site.dx
            site.backward_parts(
                [
                    [
                        own.produce_gradient(dx.plus(part.start * pixel), part.start, len(part), pixel, every)._replace(
                            in_place=(1, 2)
                        )
                    ]
                    for part in site.shares(pixels, site.shape.size)
                ]
            )


def lower_single(layer: BatchNorm, site: SingleSite) -> None:
    """By itself, where no layer before it takes it in; not for values that a picture left with gaps between them."""
    if site.pixels > 1 and not site.output_shape.is_picture:
        raise NoSinglePicture
    width = site.forms[0].pixel_stride
    factors, offsets = site.affine(width, norm=site.operation)
    site.forward(norm.apply_to_one, site.x, site.y, factors, offsets, site.pixels, width // LANES, site.fused_relu)


NATIVE = Native(lower, lower_single, relu=ReluFusion.EPILOGUE_BOTH_WAYS, fused_rows=FusedRows)
