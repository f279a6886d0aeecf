"""Layers that other tools have and this one has not, each with what to write instead, or that there is nothing."""

from __future__ import annotations

ELSEWHERE = {
    **dict.fromkeys(
        ("siamese", "shared", "SharedLayer", "tied", "twin", "TimeDistributed"),
        "it is not available: a network has one input, and every layer weights of its own",
    ),
    **dict.fromkeys(
        ("SpatialTransformer", "stn", "GridSample", "AffineGrid", "GridGenerator", "RoIAlign", "RoIPool"),
        "it is not available: no layer moves, turns or scales a picture by what is in it",
    ),
    **dict.fromkeys(
        ("MaxUnpool2d", "MaxUnpool", "unpool", "unpooling"), "it is not available: write upsample2d or conv_transpose2d"
    ),
    **dict.fromkeys(
        ("Slice", "Split", "Chunk", "Narrow"),
        "it is not available: no layer takes a part of the channels; conv2d with groups works on each part by itself",
    ),
    **dict.fromkeys(
        ("Transpose", "Unsqueeze", "Squeeze"), "it is not available: rows, columns and channels keep their places"
    ),
    **dict.fromkeys(
        (
            *("ConvTranspose3d", "MaxPool3d", "MaxPooling3D", "AvgPool3d", "AveragePooling3D", "BatchNorm3d"),
            *("ConvLSTM2D", "UpSampling3D"),
        ),
        "it is not available: a picture has rows, columns and channels, and no further dimension",
    ),
    **dict.fromkeys(
        ("MaxPool1d", "MaxPooling1D"), "make the row a picture of height 1, and write max_pool2d with window: [1, 2]"
    ),
    **dict.fromkeys(
        ("AvgPool1d", "AveragePooling1D"),
        "make the row a picture of height 1, and write avg_pool2d with window: [1, 2]",
    ),
    "GlobalMaxPooling1D": "make the row a picture of height 1, and write global_max_pool2d",
    "GlobalAveragePooling1D": "make the row a picture of height 1, and write global_avg_pool2d",
}
"""Told by name, in whatever case and with or without underscores."""

SHARED = dict.fromkeys(
    ("share", "shared", "share_weights", "shared_weights", "weights_of", "tied_to", "tied", "reuse"),
    "remove it: every layer has weights of its own",
)
"""Knobs by which other tools let layers have the same weights."""
