"""Links and pipes that came with somebody's repository: nothing outside of the working folder is written."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from xonet.cli import main
from xonet.files import write_whole

SMALL = """\
xonet: 1
input: {height: 9, width: 9}
layers: [{dense: {units: 2}}]
output: {classes: [X, O]}
data: {train: {xo: {count: 40, noise: 0.1}}, test: {xo: {count: 10, noise: 0.1}}}
training: {loss: cross_entropy, optimizer: {sgd: {learning_rate: 0.1}}, epochs: 1}
"""
FILES = ("model.safetensors", "checkpoint.safetensors", "result.json", "history.jsonl")


@pytest.fixture
def here(tmp_path, monkeypatch) -> Path:
    """The working folder, with a network, beside a folder that is not to be touched."""
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "mine").write_text("mine")
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "small.yaml").write_text(SMALL)
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path / "here"


@pytest.fixture(autouse=True)
def untouched(here):
    """Nothing outside is another afterwards."""
    yield
    outside = here.parent / "outside"
    assert [path.name for path in outside.iterdir()] == ["mine"] and (outside / "mine").read_text() == "mine"


def run(*more: str) -> int:
    return main(["run", "small.yaml", "--engine", "reference", *more])


@pytest.mark.parametrize("name", [*FILES, *(f".{name}.part" for name in FILES), ".part", "unfinished"])
def test_a_link_in_the_runs_folder(here, name):
    (here / "runs" / "small").mkdir(parents=True)
    (here / "runs" / "small" / name).symlink_to(here.parent / "outside" / "mine" if "." in name else "../../../outside")
    for _ in range(2):
        assert run() == 0
    found = [path for path in here.glob("runs/*/model.safetensors") if not path.is_symlink()]
    assert found


@pytest.mark.parametrize("name", [".model.safetensors.part", ".part"])
def test_a_pipe_in_the_runs_folder(here, name):
    (here / "runs" / "small").mkdir(parents=True)
    os.mkfifo(here / "runs" / "small" / name)
    assert run() == 0


def test_the_runs_folder_is_a_link(here, capsys):
    (here / "runs").mkdir()
    (here / "runs" / "small").symlink_to(here.parent / "outside")
    assert run() == 0
    assert "runs/small is a link: this one goes to runs/small-2/" in capsys.readouterr().err
    assert (here / "runs" / "small-2" / "model.safetensors").is_file()


@pytest.mark.parametrize("more", [[], ["--overwrite"], ["--resume"]])
def test_the_folder_of_all_runs_is_a_link(here, capsys, more):
    (here / "runs").symlink_to(here.parent / "outside")
    assert run(*more) == 2
    assert "is a link to" in capsys.readouterr().err
    (here / "elsewhere").mkdir()
    (here / "runs").unlink()
    (here / "runs").symlink_to("elsewhere")
    assert run() == 0, "inside of the working folder a link may lead anywhere"


def test_a_link_that_appears_while_a_file_is_written(here, monkeypatch):
    """Whatever is put into the folder at any moment: the file is whole, and nothing outside is written."""
    rng, fsync, mine = random.Random(0), os.fsync, here.parent / "outside" / "mine"
    path = here / "file"

    def attack(handle: int) -> None:
        fsync(handle)
        for name in ("file", ".file.part", f".xonet-{rng.randrange(10**8)}"):
            if rng.random() < 0.5:
                (here / name).unlink(missing_ok=True)
                (here / name).symlink_to(mine)

    monkeypatch.setattr(os, "fsync", attack)
    for number in range(300):
        if rng.random() < 0.3:
            path.unlink(missing_ok=True)
            path.symlink_to(mine)
        write_whole(path, str(number), through=False)
        assert path.read_text() == str(number) and not path.is_symlink()


SECRET = "root:x:0:0"


@pytest.fixture
def secret(here):
    """A file elsewhere that nobody is to read in a log."""
    folder = here.parent.parent / f"{here.parent.name}-elsewhere"
    folder.mkdir()
    (folder / "secret").write_text(f"{SECRET}\n{SECRET}: [\n")
    return folder / "secret"


@pytest.mark.parametrize("path", ["nets", "nets/x.yaml", "."])
@pytest.mark.parametrize("format", ["text", "json", "sarif", "github", "junit"])
def test_a_link_that_leads_out_is_a_finding_and_not_read(here, secret, capsys, path, format):
    (here / "nets").mkdir()
    (here / "nets" / "x.yaml").symlink_to(secret)
    assert main(["validate", path, "--output-format", format]) == 1
    out, err = capsys.readouterr()
    assert "link-outside" in out and SECRET not in out + err


def test_a_link_inside_is_read(here, capsys):
    (here / "nets").mkdir()
    (here / "nets" / "x.yaml").symlink_to("../small.yaml")
    assert main(["validate", "nets"]) == 0


@pytest.mark.parametrize("row", [SECRET, f"small.yaml,{SECRET}", f"{SECRET},X", f"{SECRET},X,O"])
def test_a_list_elsewhere_is_not_quoted(here, secret, capsys, row):
    secret.write_text(f"{row}\n")
    (here / "net.yaml").write_text(SMALL.replace("{xo: {count: 40, noise: 0.1}}", f"{{images: {{list: {secret}}}}}"))
    for verb in ("validate", "run"):
        assert main([verb, "net.yaml"]) == 1
        out, err = capsys.readouterr()
        assert SECRET not in out + err and "secret:1: expected" in out + err


def test_a_name_that_begins_a_line_with_a_command(here, capsys):
    for name in ("::error::x.yaml", "##vso[task.x]y.yaml", "a\n::error::z.yaml"):
        (here / name).write_text("xonet: 1\n")
    for format in ("text", "concise", "github"):
        main(["validate", ".", "--output-format", format])
        out, err = capsys.readouterr()
        lines = (out + err).splitlines()
        assert format == "github" or not [line for line in lines if line.lstrip().startswith(("::", "##"))]
        assert not [line for line in lines if line.startswith("::error::")]


def test_a_folder_that_cannot_be_read_is_told(here, capsys, monkeypatch):
    (here / "closed").mkdir()
    scandir = os.scandir

    def refuse(path):
        if str(path) == "closed":
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert main(["validate", ".", "--no-data"]) == 2
    out, err = capsys.readouterr()
    assert err == "xonet: closed: Permission denied\n" and "nothing wrong in 1 file" in out


def test_folders_a_thousand_deep(here, capsys):
    deepest = "d"
    for _ in range(1100):
        os.mkdir(deepest)
        deepest += "/d"
    (here / "d" / "x.yaml").write_text(SMALL)
    assert main(["validate", "d", "--no-data"]) == 0
    (here / "d" / "x.yaml").unlink()
    os.removedirs(os.path.dirname(deepest))  # pytest's own way of removing it is too deep


@pytest.mark.parametrize(
    "verb",
    [
        ["validate", "small.yaml", "--output-file", "out/mine"], ["validate", "small.yaml", "--output-file", "link"],
        ["schema", "--write", "link"], ["schema", "--write", "out/new"], ["new", "out/new"],
        ["validate", "--fix", "wrong.yaml"], ["validate", "--diff", "wrong.yaml"],
        ["run", "small.yaml", "--out", "out"],
        ["run", "small.yaml", "--out", "out/new", "--overwrite"], ["run", "small.yaml", "--out", "out", "--resume"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_no_verb_writes_through_a_link_that_leads_out(here, secret, capsys, verb):
    (here / "link").symlink_to("../outside/mine")
    (here / "out").symlink_to("../outside")
    secret.write_text(SMALL.replace("dense", "Dense"))
    (here / "wrong.yaml").symlink_to(secret)
    assert main(verb) == 2
    out, err = capsys.readouterr()
    assert "is a link" in err and err.splitlines()[-1].startswith("xonet: ") and "-  " not in out
    assert "Dense" in secret.read_text()


def test_a_history_that_never_ends_is_not_read(here):
    assert run("--out", "out", "--set", "training.epochs=1") == 0
    (here / "out" / "history.jsonl").unlink()
    (here / "out" / "history.jsonl").symlink_to("/dev/zero")
    assert run("--out", "out", "--set", "training.epochs=2", "--resume") == 0


def test_a_pipe_in_the_place_of_kernels_is_not_opened(here, monkeypatch, capsys):
    monkeypatch.setenv("XONET_CACHE_DIR", str(here / "cache"))
    (here / "cache" / ("0" * 24)).mkdir(parents=True)
    os.mkfifo(here / "cache" / ("1" * 24))
    assert main(["cache", "--clear"]) == 0
    assert [path.name for path in (here / "cache").iterdir()] == ["1" * 24]
