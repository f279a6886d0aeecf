"""From a file to a checked network."""

from __future__ import annotations

from pathlib import Path

import pytest

import xonet
from xonet.diagnostics import InvalidNetwork
from xonet.layers.dense import Dense
from xonet.network import check, load, loads

XO = """\
xonet: 1
name: xo
knobs:
  features: &features 8
input: {height: 9, width: 9, channels: 1, range: [-1, 1], invert: true}
layers:
  - conv2d: {features: *features, kernel_size: 3}
  - relu
  - max_pool2d: {window: 2, stride: 2, ceil: true}
  - dense: {units: 2}
output: {classes: [X, O]}
data:
  train:      {xo: {count: 8000, seed: 1, shift: 1, rotate: 15, scale: [0.8, 1.1], stroke: [1, 2]}}
  validation: {share: 0.1}
  test:       {xo: {count: 2000, seed: 2}}
training:
  loss: cross_entropy
  optimizer: {sgd: {learning_rate: 3e-2, momentum: 0.9}}
  schedule: {cosine: {}}
  epochs: 10
  batch_size: 64
expect:
  parameters: {max: 1000}
  macs: {max: 20000}
  accuracy: {min: 0.99}
"""


def codes(text: str, **more: object) -> list[str]:
    with pytest.raises(InvalidNetwork) as raised:
        loads(text, **more)  # type: ignore[arg-type]
    return [found.code for found in raised.value.diagnostics]


def test_what_a_network_knows() -> None:
    network = loads(XO)
    assert (network.name, network.shape, network.classes, network.outputs) == ("xo", (9, 9, 1), ("X", "O"), 2)
    assert [operation.path for operation in network.operations] == ["layers.0", "layers.1", "layers.2", "layers.3"]
    assert network.parameters == network.trained == 8 * 9 + 8 + 2 * 128 + 2
    assert network.macs == 49 * 8 * 9 + 256
    assert network.text == XO and network.warnings == []
    training = network.document.training
    assert training is not None
    assert (training.epochs, training.batch_size, training.seed, training.shuffle) == (10, 64, 0, True)
    assert network.document.data is not None and network.document.data.augment == ()


def test_kept_numbers_are_parameters_that_are_not_trained() -> None:
    network = loads(XO.replace("  - relu\n", "  - batch_norm\n  - relu\n"))
    assert network.parameters - network.trained == 16


def test_set_reaches_every_alias_and_is_kept() -> None:
    network = loads(XO, overrides=["knobs.features=16", "training.epochs=3"])
    assert network.operations[0].output.shape == (7, 7, 16)
    assert network.overrides == ("knobs.features=16", "training.epochs=3")
    again = loads(network.text, overrides=network.overrides)
    assert again.parameters == network.parameters


def test_what_set_breaks_is_found_in_the_argument() -> None:
    with pytest.raises(InvalidNetwork) as raised:
        loads(XO, overrides=["layers.0.conv2d.kernel_size=10"])
    (finding,) = raised.value.diagnostics
    assert (finding.code, finding.span.source.name, finding.span.column) == ("empty-output", "--set", 29)


def test_form_and_meaning_come_together_where_sections_are_apart() -> None:
    text = XO.replace("window: 2, stride: 2, ceil: true", "window: 8").replace("epochs: 10", "epochs: ten")
    assert codes(text) == ["empty-output", "wrong-type"]


def test_each_way_of_a_branch_has_its_finding_and_a_repeat_one() -> None:
    pool = "max_pool2d: {window: 20}"
    assert codes(XO.replace("- relu", f"- branches: {{paths: [[{{{pool}}}], [{{{pool}}}]]}}")) == ["empty-output"] * 2
    assert codes(XO.replace("- relu", f"- repeat: {{times: 3, layers: [{{{pool}}}]}}")) == ["empty-output"]


def test_a_value_used_through_two_aliases_is_found_once() -> None:
    text = XO.replace("train:      {xo:", "train: &xo {xo:")
    text = text.replace("test:       {xo: {count: 2000, seed: 2}}", "test: *xo")
    assert codes(text.replace("scale: [0.8, 1.1]", "scale: [0.8]")) == ["wrong-length"]


def test_what_comes_through_an_alias_is_told_with_both_places() -> None:
    with pytest.raises(InvalidNetwork) as raised:
        loads(XO, overrides=["knobs.features=0"])
    (finding,) = raised.value.diagnostics
    assert (finding.code, finding.span.line, finding.span.source.name) == ("out-of-range", 7, "<text>")
    assert [note.span and note.span.source.name for note in finding.notes] == ["--set"]

    layers = "layers:\n  - &pool {max_pool2d: {window: 5}}\n  - *pool\n"
    with pytest.raises(InvalidNetwork) as raised:
        loads(f"xonet: 1\ninput: {{height: 9, width: 9}}\n{layers}")
    finding = raised.value.diagnostics[-1]
    assert (finding.code, finding.span.line) == ("empty-output", 4)
    assert [(note.text, note.span and note.span.line) for note in finding.notes] == [("it is used here", 5)]


def test_the_label_looks_past_layers_that_keep_the_shape() -> None:
    with pytest.raises(InvalidNetwork) as raised:
        loads(XO.replace("window: 2, stride: 2, ceil: true", "window: 8"))
    assert raised.value.diagnostics[0].label == "conv2d above gives 9 - 3 + 1 = 7"


def test_a_network_without_data_is_for_python_and_only_warned_of() -> None:
    network = loads("xonet: 1\ninput: {height: 4, width: 4}\nlayers: [relu]\n", name="nets/small.yaml")
    assert [(found.code, found.severity) for found in network.warnings] == [("missing-data", "warning")]
    assert network.name == "small" and network.outputs == 16


def test_a_row_of_numbers() -> None:
    text = "xonet: 1\ninput: {features: 4, mean: [1, 2, 3, 4]}\n"
    text += "layers: [{dense: {units: 3}}]\noutput: {values: [a, b, c]}\n"
    network = loads(text)
    assert network.shape == (4,) and network.document.output is not None and network.document.output.count == 3


def test_one_by_one_pixel_counts_as_scores() -> None:
    text = XO.replace("dense: {units: 2}", "conv2d: {features: 2, kernel_size: 4}")
    assert loads(text).output_shape == (1, 1, 2)


def test_a_picture_is_no_row_of_scores() -> None:
    assert codes(XO.replace("  - dense: {units: 2}\n", "")) == ["class-count"]


def test_literal_numbers_and_names_reach_the_layers() -> None:
    text = XO.replace("units: 2", "units: 2, name: vote, bias: [1, 2]")
    network = loads(text)
    layer = network.operations[-1].layer
    assert isinstance(layer, Dense) and layer.bias == (1.0, 2.0) and network.operations[-1].path == "vote"


def test_a_file_and_its_folder(tmp_path: Path) -> None:
    path = tmp_path / "net.yaml"
    path.write_text(XO)
    assert load(path).root == tmp_path
    assert load(path, data_root="/elsewhere").root == Path("/elsewhere")
    assert xonet.load(path).source.name == str(path)
    with pytest.raises(FileNotFoundError):
        load(tmp_path / "none.yaml")


def test_check_gives_findings_and_raises_nothing(tmp_path: Path) -> None:
    path = tmp_path / "net.yaml"
    path.write_bytes(b"xonet: 1\xff")
    network, findings = check(path)
    assert network is None and [found.code for found in findings] == ["not-utf8"]


def test_a_repeat_of_a_billion_rounds_is_refused_at_once() -> None:
    assert "too-many-layers" in codes(XO.replace("- relu", "- repeat: {times: 1000000000, layers: [relu]}"))


@pytest.mark.parametrize("section", ["output", "data", "training", "expect", "knobs", "input"])
def test_a_section_that_is_nothing_is_one_finding(section: str) -> None:
    lines = XO.splitlines(keepends=True)
    start = next(i for i, line in enumerate(lines) if line.startswith(f"{section}:"))
    end = next((i for i in range(start + 1, len(lines)) if not lines[i].startswith(" ")), len(lines))
    text = "".join([*lines[:start], f"{section}:\n", *lines[end:]]).replace("*features", "8")
    assert codes(text) == ["missing-value"]
