"""What people type who know other tools is answered with what it is called here."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.command import environment
from xonet.cli import main
from xonet.diagnostics import InvalidNetwork
from xonet.network import loads


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("train net.yaml", "write xonet run"),
        ("trian net.yaml", "write xonet run"),
        ("fit", "write xonet run"),
        ("eval", "write xonet evaluate"),
        ("check", "write xonet validate"),
        ("net.yaml", "write xonet run net.yaml"),
        ("run net.yaml --epochs 3", "write --set training.epochs=3"),
        ("run net.yaml --batch_size=8", "write --set training.batch_size=8"),
        ("run net.yaml --gpu 0", "xonet runs on the CPU"),
        ("run net.yaml --treads 3", "did you mean --threads?"),
        ("validate net.yaml --format json", "write --output-format"),
    ],
)
def test_a_word_of_other_tools(typed: str, hint: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(typed.split())
    assert left.value.code == 2 and hint in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "said"),
    [("Adam", "it is adam here"), ("MSELoss", "write squared_error"), ("ReduceLROnPlateau", "write cosine")],
)
def test_the_catalogue_knows_names_from_elsewhere(name: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["catalogue", name]) == 2
    assert said in capsys.readouterr().err
    assert main(["layers", "cosine"]) == 0
    assert capsys.readouterr().out.startswith("schedule cosine")


def test_an_invalid_network_says_its_first_error() -> None:
    with pytest.raises(InvalidNetwork) as caught:
        loads("xonet: 1\ninput: {height: 4, width: 4}\nlayers:\n  - rleu\n  - dens: {units: 2}\n", "net.yaml")
    assert str(caught.value).startswith("net.yaml:4:5: there is no layer rleu (help: did you mean relu?); and 1 more")


@pytest.mark.parametrize("streams", [">&-", "2>&-", "<&-", ">&- 2>&- <&-", "2>/dev/full"])
@pytest.mark.parametrize("verb", ["layers", "schema", "validate small.yaml", "summary small.yaml", "--version"])
def test_streams_that_are_closed(verb, streams, folder) -> None:
    line = f"{sys.executable} -m xonet {verb} {streams}"
    done = subprocess.run(["sh", "-c", line], cwd=folder, env=environment(), capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("verb", ["layers", "schema", "validate small.yaml"])
def test_a_full_stdout_is_told(verb, folder) -> None:
    line = f"{sys.executable} -m xonet {verb} >/dev/full"
    done = subprocess.run(["sh", "-c", line], cwd=folder, env=environment(), capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (2, "xonet: stdout: No space left on device\n")
