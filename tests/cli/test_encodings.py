"""Names that are no UTF-8, and terminals that have not every letter: all is said, escaped where it must be."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.command import command, environment
from xonet.cli import main

NAME = "n\udcff\u00fc"
ENVIRONMENTS = {
    "UTF-8": {"PYTHONIOENCODING": "utf-8"},
    "UTF-8, strict": {"PYTHONIOENCODING": "utf-8:strict"},
    "ASCII": {"PYTHONIOENCODING": "ascii"},
    "Latin-1": {"PYTHONIOENCODING": "latin-1"},
    "C": {"LC_ALL": "C"},
    "C, without UTF-8 mode": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
}
LINES = {
    "validate {n}.yaml": 0,
    "validate wrong{n}.yaml": 1,
    "validate folder{n}": 1,
    "validate wrong{n}.yaml --diff": 1,
    "validate gone{n}.yaml": 2,
    "run pictures{n}.yaml --out out{n}": 0,
    "evaluate {n}.yaml --out trained{n}": 0,
    "predict trained{n}/model.safetensors white{n}.png broken{n}.png gone{n}.png": 2,
    "predict trained{n}/model.safetensors pictures{n} --json": 0,
    "summary {n}.yaml": 0,
    "diff {n}.yaml pictures{n}.yaml": 0,
    "new {n}": 2,
    "catalogue {n}": 2,
    "{n}": 2,
    "run {n}.yaml --{n}=1": 2,
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all that the lines name."""
    from PIL import Image

    from tests.cli.conftest import SMALL

    folder = tmp_path_factory.mktemp("names")
    before = os.getcwd()
    os.chdir(folder)
    try:
        Path(f"{NAME}.yaml").write_text(SMALL.replace("name: small\n", ""))
        Path(f"wrong{NAME}.yaml").write_text(SMALL.replace("- relu", "- rleu"))
        os.mkdir(f"folder{NAME}")
        shutil.copy(f"wrong{NAME}.yaml", f"folder{NAME}/{NAME}.yaml")
        Image.new("L", (9, 9), 255).save("white.png")
        os.rename("white.png", f"white{NAME}.png")
        Path(f"broken{NAME}.png").write_text("no picture")
        for label in "XO":
            os.makedirs(f"pictures{NAME}/{label}")
            for number in range(10):
                Image.new("L", (9, 9), 10 * number + ord(label)).save("white.png")
                os.rename("white.png", f"pictures{NAME}/{label}/{number}{NAME}.png")
        os.symlink(f"pictures{NAME}", "pictures")
        sources = SMALL.split("  train: ")[0] + "  train: {images: {folder: pictures}}\n"
        text = sources + "training: {loss: cross_entropy, optimizer: {sgd: {learning_rate: 0.1}}, epochs: 1}\n"
        Path(f"pictures{NAME}.yaml").write_text(text)
        assert main(["run", f"{NAME}.yaml", "--set", "training.epochs=1", "--out", f"trained{NAME}"]) == 0
    finally:
        os.chdir(before)
    return folder


END = b"-- end of a command --"
ONE_BY_ONE = f"""
import os, sys
from xonet.__main__ import main
lines = [[]]
for word in sys.argv[1:]:
    lines.append([]) if word == "--next" else lines[-1].append(word)
for words in lines:
    sys.argv[1:] = words
    try:
        status = main()
    except SystemExit as end:
        status = end.code
    sys.stdout.flush()
    sys.stderr.flush()
    for stream in (1, 2):
        os.write(stream, b"%d" % status + {END!r})
"""
"""A process that runs several command lines, as each would be in one of its own: starting takes most of the time."""


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_every_verb(name: str, made: Path) -> None:
    lines = [[part.format(n=NAME) for part in line.split()] for line in LINES]
    words = [word for line in lines for word in ("--next", *line)][1:]
    done = subprocess.run(
        [sys.executable, "-c", ONE_BY_ONE, *words], cwd=made, env=environment(**ENVIRONMENTS[name]),
        capture_output=True, check=False,
    )  # fmt: skip
    *out, _ = done.stdout.split(END)
    *err, crash = done.stderr.split(END)
    assert not crash
    for (line, status), printed, told in zip(LINES.items(), out, err, strict=True):
        said = printed + told
        assert told.endswith(b"%d" % status) and b"Traceback" not in said, (line, said)
        named = line.startswith(("predict", "validate wrong", "validate gone", "validate folder"))
        assert not named or b"n\\udcff" in said, line


@pytest.mark.parametrize("form", ["concise", "github", "gitlab", "json", "junit", "sarif", "text"])
@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_every_format(form: str, encoding: str, made: Path) -> None:
    arguments = command("validate", f"wrong{NAME}.yaml", f"folder{NAME}", "--output-format", form)
    env = environment(PYTHONIOENCODING=encoding)
    printed = subprocess.run(arguments, cwd=made, env=env, capture_output=True, check=False)
    assert (printed.returncode, printed.stderr) == (1, b"")
    written = subprocess.run([*arguments, "--output-file", f"out{NAME}.{form}"], cwd=made, env=env, check=False)
    assert written.returncode == 1
    for raw in (printed.stdout, (made / f"out{NAME}.{form}").read_bytes()):
        if form == "junit":
            assert len(list(ElementTree.fromstring(raw).iter("failure"))) == 2
        elif form in ("gitlab", "json", "sarif"):
            assert json.loads(raw.decode(encoding))
        assert raw.count(b"unknown-layer") >= 2
