"""What an editor shows with the schema, asked of the real yaml-language-server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.editors.client import VARIABLE, Client, server
from xonet.diagnostics import Source
from xonet.layers import LAYERS
from xonet.network import check_text
from xonet.network.schema import FILE

ROOT = Path(__file__).parents[2]
NETWORKS = sorted((ROOT / "networks").rglob("*.yaml"))
WRONG = """
    augment_no_list class_twice colon_with_nothing empty_entry flag_as_word foreign_conv2d foreign_sgd foreign_strides
    integer_as_text kernel_of_three missing_knob missing_loss missing_width name_as_number name_with_slash
    negative_learning_rate no_layers number_as_flag one_class padding_in_capitals rate_too_high unknown_initializer
    unknown_key unknown_key_of_input unknown_layer unknown_loss unknown_optimizer unknown_source unknown_word_layer
    zero_units
""".split()

pytestmark = pytest.mark.skipif(
    not server(),
    reason=f"needs node and yaml-language-server: npm install yaml-language-server@2.0.0, or {VARIABLE}=its program",
)

TEXT = """\
xonet: 1
input: {height: 9, width: 9}
layers:
  -\x20
  - conv2d:
      features: 3
     \x20
training:
  optimizer:
    s
"""


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    client = Client(server(), FILE)
    yield client
    client.close()


@pytest.mark.parametrize("name", WRONG)
def test_the_same_lines_as_validate(name: str, client: Client) -> None:
    path = ROOT / "tests" / "wrong" / f"{name}.yaml"
    text = path.read_text()
    ours = {
        found.span.line for found in check_text(Source(name, text), root=path.parent)[1] if found.severity == "error"
    }
    shown = [found for found in client.open(path, text) if found["severity"] == 1]
    assert ours
    assert {found["range"]["start"]["line"] + 1 for found in shown} == ours, shown


@pytest.mark.parametrize("path", NETWORKS, ids=lambda path: path.stem)
def test_nothing_is_wrong_with_the_networks(path: Path, client: Client) -> None:
    shown = [found for found in client.open(path, path.read_text()) if found["severity"] == 1]
    assert not shown


def test_every_layer_is_offered_with_its_help(client: Client) -> None:
    path = ROOT / "offered.yaml"
    client.open(path, TEXT)
    offered = client.completion(path, 3, 4)
    for word, layer in LAYERS.members.items():
        assert layer.summary() in offered[word]


def test_every_knob_of_a_layer_is_offered_with_its_help(client: Client) -> None:
    path = ROOT / "knobs.yaml"
    client.open(path, TEXT)
    offered = client.completion(path, 6, 6)
    for name, knob in LAYERS.members["conv2d"].fields.items():
        assert name == "features" or knob.help in offered[name]
    assert "features" not in offered, "it is written already"


def test_optimizers_are_offered(client: Client) -> None:
    path = ROOT / "optimizers.yaml"
    client.open(path, TEXT)
    assert {"sgd", "adam"} <= set(client.completion(path, 9, 5))


def test_hover_shows_help(client: Client) -> None:
    path = ROOT / "hover.yaml"
    client.open(path, TEXT)
    assert LAYERS.members["conv2d"].fields["features"].help in client.hover(path, 5, 8)
    assert LAYERS.members["conv2d"].summary() in client.hover(path, 4, 6)
