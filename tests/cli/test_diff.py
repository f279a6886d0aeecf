"""`xonet diff`: files, git revisions, what it fails on, and what it cannot do."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from xonet.cli import main

OLD = (
    "xonet: 1\ninput: {height: 9, width: 9}\nlayers: [{dense: {units: 2}}]\n"
    "output: {classes: [X, O]}\ndata: {pictures: {xo: {count: 1}}}\n"
)
NEW = OLD.replace("[{dense", "[{conv2d: {features: 2, kernel_size: 3}}, {dense")
WRONG = OLD.replace("dense", "dens")

Capture = pytest.CaptureFixture[str]


def git(*arguments: str) -> None:
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *identity, *arguments], check=True, capture_output=True)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two network files, outside any repository."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    for name, text in (("old.yaml", OLD), ("new.yaml", NEW), ("wrong.yaml", WRONG)):
        Path(name).write_text(text)
    return tmp_path


@pytest.fixture
def repository(folder: Path) -> Path:
    """The same in a repository whose `nets/net.yaml` was old, then wrong, and is new now."""
    git("init", "-q", "-b", "main")
    Path("nets").mkdir()
    for text, tag in ((OLD, "first"), (WRONG, "second"), (OLD, "third")):
        Path("nets/net.yaml").write_text(text)
        git("add", "nets")
        git("commit", "-q", "-m", tag)
        git("tag", tag)
    Path("nets/net.yaml").write_text(NEW)
    return folder


def test_two_files(folder: Path, capsys: Capture) -> None:
    assert main(["diff", "old.yaml", "new.yaml"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("--- old.yaml\n+++ new.yaml\n\n+ layers.0 conv2d: {features: 2, kernel_size: 3}\n")
    assert err == ""
    assert main(["diff", "--format", "json", "--", "old.yaml", "old.yaml"]) == 0
    assert json.loads(capsys.readouterr().out)["same"] is True


def test_standard_input(folder: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(NEW.encode())))
    assert main(["diff", "old.yaml", "-", "--format", "markdown"]) == 0
    assert "- added `layers.0` **conv2d**" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("change", "there", "back"),
    [
        ("any", 1, 1),
        ("layers", 1, 1),
        ("more-macs", 1, 0),
        ("more-memory", 1, 0),
        ("more-parameters", 1, 0),
        ("input-output", 0, 0),
        ("input-output,more-macs", 1, 0),
    ],
)
def test_fail_on(change: str, there: int, back: int, folder: Path, capsys: Capture) -> None:
    assert main(["diff", "old.yaml", "new.yaml", "--fail-on", change]) == there
    out, err = capsys.readouterr()
    assert "layers.0" in out, "what changed is printed all the same"
    assert err == (f"xonet: failed on {change.split(',')[-1]}\n" if there else "")
    assert main(["diff", "new.yaml", "old.yaml", "--fail-on", change]) == back
    assert main(["diff", "old.yaml", "old.yaml", "--fail-on", change]) == 0


@pytest.mark.parametrize(
    ("old", "new"), [("[X, O]", "[O, X]"), ("width: 9", "width: 9, invert: true"), ("width: 9", "width: 8")]
)
def test_fail_on_input_and_output(old: str, new: str, folder: Path) -> None:
    Path("other.yaml").write_text(OLD.replace(old, new))
    assert main(["diff", "old.yaml", "other.yaml", "--fail-on", "layers", "--fail-on", "input-output"]) == 1
    assert main(["diff", "old.yaml", "other.yaml", "--fail-on", "layers"]) == 0


def test_an_invalid_side_is_its_findings(folder: Path, capsys: Capture) -> None:
    assert main(["diff", "old.yaml", "wrong.yaml"]) == 1
    out, err = capsys.readouterr()
    assert out == "" and err.startswith("wrong.yaml:3:11: error[unknown-layer]") and "1 error in 1 file" in err
    assert main(["diff", "wrong.yaml", "wrong.yaml"]) == 1
    assert "2 errors in 2 files" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["a.yaml", "b.yaml", "c.yaml"],
        ["a.yaml", "b.yaml", "--from", "HEAD"],
        ["-"],
        ["-", "-"],
        ["a.yaml", "--fail-on", "less"],
        ["a.yaml", "--format", "html"],
    ],
)
def test_usage(arguments: list[str], folder: Path, capsys: Capture) -> None:
    try:
        status = main(["diff", *arguments])
    except SystemExit as left:
        status = int(str(left.code))
    assert status == 2
    assert "xonet diff: " in capsys.readouterr().err


def test_a_file_that_is_not_there(folder: Path, capsys: Capture) -> None:
    assert main(["diff", "old.yaml", "none.yaml"]) == 2
    assert capsys.readouterr().err == "xonet: none.yaml: No such file or directory\n"


def test_the_working_tree_against_the_last_commit(repository: Path, capsys: Capture) -> None:
    assert main(["diff", "nets/net.yaml"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("--- nets/net.yaml (HEAD)\n+++ nets/net.yaml (working tree)\n\n+ layers.0 conv2d")
    git("commit", "-q", "-a", "-m", "fourth")
    assert main(["diff", "nets/net.yaml"]) == 0
    assert "the same network" in capsys.readouterr().out


def test_two_revisions(repository: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    assert main(["diff", "nets/net.yaml", "--from", "first", "--to", "third"]) == 0
    assert "the same network" in capsys.readouterr().out
    monkeypatch.chdir("nets")
    git("commit", "-q", "-a", "-m", "fourth")
    assert main(["diff", "net.yaml", "--to", "HEAD", "--from", "HEAD~1"]) == 0
    assert "+ layers.0 conv2d" in capsys.readouterr().out
    monkeypatch.chdir("/")
    assert main(["diff", str(repository / "nets" / "net.yaml"), "--from", "first"]) == 0
    assert "+ layers.0 conv2d" in capsys.readouterr().out


def test_a_file_whose_folder_is_gone(repository: Path, capsys: Capture) -> None:
    git("rm", "-q", "-r", "-f", "nets")
    assert main(["diff", "nets/net.yaml", "--from", "first", "--to", "third"]) == 0
    assert "the same network" in capsys.readouterr().out


def test_an_invalid_revision_of_the_file(repository: Path, capsys: Capture) -> None:
    assert main(["diff", "nets/net.yaml", "--from", "second"]) == 1
    assert capsys.readouterr().err.startswith("second:nets/net.yaml:3:11: error[unknown-layer]")
    Path("nets/net.yaml").write_bytes(b"\xff")
    git("commit", "-q", "-a", "-m", "bytes")
    assert main(["diff", "nets/net.yaml", "--from", "first", "--to", "HEAD"]) == 1
    assert capsys.readouterr().err.startswith("HEAD:nets/net.yaml:1:1: error[not-utf8]")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nets/net.yaml", "--from", "nowhere"], "nowhere: git knows no such revision"),
        (["nets/net.yaml", "--from", ""], ": git knows no such revision"),
        (["nets/net.yaml", "--from", "HEAD:nets"], "HEAD:nets: git knows no such revision"),
        (["nets/net.yaml", "--from=--output=stolen"], "--output=stolen: a revision cannot start with -"),
        (["nets/net.yaml", "--to=-p"], "-p: a revision cannot start with -"),
        (["old.yaml"], "old.yaml: not in HEAD"),
        (["--", "--output=stolen"], "--output=stolen: not in HEAD"),
    ],
)
def test_what_git_cannot_give_is_one_line(
    arguments: list[str], message: str, repository: Path, capsys: Capture
) -> None:
    assert main(["diff", *arguments]) == 2
    assert capsys.readouterr() == ("", f"xonet: {message}\n")
    assert not list(repository.rglob("stolen"))


def test_outside_a_repository(folder: Path, capsys: Capture) -> None:
    assert main(["diff", "old.yaml"]) == 2
    err = capsys.readouterr().err
    assert err.startswith("xonet: old.yaml: not a git repository")
    assert err.endswith("; to compare two files, name both\n") and err.count("\n") == 1


def test_without_git(folder: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(folder))
    assert main(["diff", "old.yaml"]) == 2
    assert capsys.readouterr().err == "xonet: git is not installed; to compare two files, name both\n"


def test_no_numbers_are_imported(folder: Path) -> None:
    environment = {"PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-X", "importtime", "-m", "xonet", "diff", "old.yaml", "new.yaml"]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=True)
    imported = {line.rsplit("|", 1)[1].strip() for line in done.stderr.splitlines() if "|" in line}
    assert not imported & {"numpy", "numba", "PIL", "rich", "safetensors"}
