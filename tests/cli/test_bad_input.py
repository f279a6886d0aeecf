"""What a user can get wrong outside the network file: one line that names the file, status 2, nothing half-written."""

from __future__ import annotations

import gzip
import json
import resource
import shutil
import struct
import subprocess
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.command import command, environment, leftovers, xonet
from xonet.cli import main

MODEL, CHECKPOINT = "runs/small/model.safetensors", "runs/small/checkpoint.safetensors"


@pytest.fixture
def refused(folder, capsys):
    """Runs what must fail; gives the one line it says."""

    def refused(*arguments):
        capsys.readouterr()
        before = sorted(path for path in folder.rglob("*") if path.is_file())
        assert main(list(map(str, arguments))) == 2
        out, err = capsys.readouterr()
        assert out == "" and err.count("\n") == 1 and err.startswith("xonet: "), err
        assert sorted(path for path in folder.rglob("*") if path.is_file()) == before
        return err.removeprefix("xonet: ").rstrip("\n")

    return refused


@pytest.fixture
def faulty(folder, capsys):
    """Runs a file whose data cannot be had; gives the one finding, which `validate` has word for word."""

    def faulty(*settings):
        arguments = ["small.yaml", *(part for setting in settings for part in ("--set", setting))]
        capsys.readouterr()
        assert main(["validate", *arguments, "--ignore", "batch-too-large"]) == 1
        found = capsys.readouterr().out
        assert main(["run", *arguments]) == 1
        out, err = capsys.readouterr()
        assert out == "" and err == found and err.endswith("1 error in 1 file\n")
        assert "= help: " in err and not Path("runs").exists()
        return err.partition("\n")[0]

    return faulty


@pytest.fixture
def trained(folder, capsys):
    """A folder where small.yaml was trained."""
    assert main(["run", "small.yaml", "--set", "training.epochs=1"]) == 0
    capsys.readouterr()
    return folder


def idx(kind, *shape, cut=0):
    values = np.random.default_rng(0).integers(0, 2, shape, np.uint8).tobytes()
    whole = struct.pack(f">BBBB{len(shape)}I", 0, 0, kind, len(shape), *shape) + values
    return whole[: len(whole) - cut]


IDX = "{idx: {images: images, labels: labels}}"


@pytest.mark.parametrize(
    ("images", "labels", "named"),
    [
        (None, idx(8, 20), "images"),
        (idx(8, 20, 9, 9), None, "labels"),
        (idx(8, 20, 9, 9, cut=1), idx(8, 20), "images"),
        (idx(8, 20, 9, 9)[:7], idx(8, 20), "images"),
        (b"", idx(8, 20), "images"),
        (idx(8, 20, 9, 9), idx(8, 20, cut=5), "labels"),
        (idx(8, 20, 9, 9), idx(8, 19), "labels"),
        (idx(8, 20), idx(8, 20), "images"),
        (idx(13, 20, 9, 9), idx(8, 20), "images"),
        (b"no idx at all, but some text", idx(8, 20), "images"),
        (gzip.compress(idx(8, 20, 9, 9))[:-20], idx(8, 20), "images"),
        (idx(8, 0, 9, 9), idx(8, 0), "images"),
    ],
)
@pytest.mark.parametrize("place", ["train", "test"])
def test_idx_files(faulty, folder, images, labels, named, place):
    for name, data in (("images", images), ("labels", labels)):
        if data is not None:
            Path(name).write_bytes(data)
    said = faulty(f"data.{place}={IDX}")
    assert said.startswith("--set:1:") and f"] {named}: " in said


def test_data_without_labels(faulty):
    Path("images").write_bytes(idx(8, 20, 9, 9))
    for place in ("train", "validation", "test"):
        said = faulty(f"data.{place}={{idx: {{images: images}}}}")
        assert said.endswith(f"error[missing-labels] data.{place} needs labels, but idx names no label file")


def test_too_few_for_a_share(faulty):
    assert "a share of 0.2" in faulty("data.train.xo.count=2")


@pytest.mark.parametrize("source", ["folder: letters", "list: letters.csv"])
@pytest.mark.parametrize("content", [b"", b"no picture", b"GIF89a no picture"])
def test_a_folder_with_a_picture_that_is_none(folder, capsys, source, content):
    """One that has the first bytes of a picture is found out when it is read, and told in the same way."""
    for name in "XO":
        Path("letters", name).mkdir(parents=True)
        for number in range(4):
            shutil.copy("white.png", f"letters/{name}/{number}.png")
    Path("letters/X/bad.gif").write_bytes(content)
    rows = [f"{path},{path.parent.name}\n" for path in sorted(Path("letters").rglob("*.*"))]
    Path("letters.csv").write_text("".join(rows))
    arguments = ["small.yaml", "--set", f"data.train={{images: {{{source}}}}}"]
    assert main(["validate", *arguments, "--select", "bad-data"]) == 1
    found = capsys.readouterr().out
    assert main(["run", *arguments]) == 1
    said = capsys.readouterr().err.splitlines()
    assert said[0].startswith(f"--set:1:{30 if source[0] == 'f' else 28}: error[bad-data] ")
    assert "letters/X/bad.gif: expected a picture" in said[0]
    assert said[3].startswith("      = help: delete it, or ") and not Path("runs").exists()
    assert found.splitlines() == said


def test_a_picture_that_is_none(refused, trained):
    Path("text.png").write_text("no picture")
    Path("empty.png").write_bytes(b"")
    Path("cut.png").write_bytes(Path("white.png").read_bytes()[:45])
    Path("folder.png").mkdir()
    for name in ("text.png", "empty.png", "cut.png", "folder.png", "none.png"):
        assert refused("predict", MODEL, name).startswith(f"{name}: ")


def test_pictures_of_every_kind_are_taken(trained, capsys):
    grey = Image.fromarray(np.arange(81, dtype=np.uint8).reshape(9, 9) * 3)
    deep = Image.fromarray(np.arange(81, dtype=np.uint16).reshape(9, 9) * 3 * 257)
    turned = Image.Exif()
    turned[0x0112] = 3
    kinds = {
        "grey.png": grey, "deep.png": deep, "color.png": grey.convert("RGB"), "palette.gif": grey.convert("P"),
        "alpha.png": grey.convert("LA"), "bit.png": grey.convert("1"), "cmyk.jpg": grey.convert("CMYK"),
        "large.png": grey.resize((90, 90)), "wide.bmp": grey.resize((18, 9)),
    }  # fmt: skip
    for name, kind in kinds.items():
        kind.save(name)
    grey.rotate(180).save("exif.png", exif=turned)
    assert main(["predict", "small.yaml", *kinds, "exif.png", "--json"]) == 0
    answers = {answer["picture"]: answer["scores"] for answer in json.loads(capsys.readouterr().out)}
    assert len(answers) == 10
    for name in ("deep.png", "color.png", "palette.gif", "alpha.png", "exif.png"):
        assert answers[name] == answers["grey.png"], name


@pytest.mark.parametrize("path", [MODEL, CHECKPOINT])
def test_a_damaged_file(refused, trained, path):
    """A few; tests/training/test_files.py tries many."""
    whole = Path(path).read_bytes()
    arguments = ["predict", "small.yaml", "white.png"] if path == MODEL else ["run", "small.yaml", "--resume"]
    places = (3, 40, whole.index(b"optimizer"), len(whole) // 2, len(whole) - 1)
    edited = [whole[:place] + bytes([whole[place] ^ 0x11]) + whole[place + 1 :] for place in places]
    for broken in [b"", whole[:8], whole[: len(whole) // 2], whole[:-1], *edited]:
        Path(path).write_bytes(broken)
        said = refused(*arguments, "--set", "training.epochs=2")
        assert said.startswith(f"{path}: expected a {Path(path).stem}"), said


def test_files_of_another_kind(refused, trained):
    shutil.copy(CHECKPOINT, "other.safetensors")
    assert refused("predict", "other.safetensors", "white.png") == (
        "other.safetensors: expected a model that xonet wrote, found checkpoint"
    )
    shutil.copy(MODEL, CHECKPOINT)
    assert refused("run", "small.yaml", "--resume", "--set", "training.epochs=2").endswith(
        "expected a checkpoint that xonet wrote, found model"
    )
    shutil.copy("white.png", MODEL)
    assert "cut short, or something else" in refused("predict", "small.yaml", "white.png")
    Path(MODEL).unlink()
    Path(MODEL).mkdir()
    assert refused("predict", "small.yaml", "white.png") == (f"{MODEL}: expected a model, found a folder")


@pytest.mark.parametrize(
    ("setting", "what"),
    [
        ("layers.0.conv2d.features=6", "of a different network (layers.0.conv2d.features is 5 there, 6 here)"),
        ("layers.1=relu", "of a different network (layers.1 is batch_norm there, relu here)"),
        ("input.invert=false", "of a different network (input.invert is true there, the default here)"),
        ("training.seed=1", "finished, and had different settings (training.seed is the default there, 1 here)"),
    ],
)
def test_a_checkpoint_of_another_network(refused, trained, setting, what):
    said = refused("run", "small.yaml", "--resume", "--set", setting, "--set", "training.epochs=1")
    assert said == f"runs/small/ is {what}: there is nothing to resume; without --resume, a new run starts"


def test_nothing_trained_and_nothing_to_resume(refused):
    assert refused("predict", "small.yaml", "white.png") == (
        f"{MODEL}: no trained model; train one first: xonet run small.yaml"
    )
    assert refused("evaluate", "small.yaml").startswith(f"{MODEL}: no trained model")
    assert refused("predict", "none.safetensors", "white.png") == "none.safetensors: no such model"


def test_no_checkpoint_to_resume_from(folder, capsys):
    assert main(["run", "small.yaml", "--resume"]) == 2
    assert capsys.readouterr().err == f"xonet: {CHECKPOINT}: no such checkpoint\n"


def test_a_file_where_a_folder_should_be(refused):
    Path("taken").write_text("")
    for out in ("taken", "taken/deeper"):
        said = refused("run", "small.yaml", "--out", out)
        assert said.startswith(f"{out}/model.safetensors: cannot be written: taken") and said.endswith(
            "is not a folder"
        )


def limited(size):
    """In the child: no file may become larger than this, as on a disk that is full."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


@pytest.mark.parametrize(("size", "named"), [(100, "history.jsonl"), (1000, "checkpoint.safetensors")])
def test_a_full_disk(trained, size, named):
    kept = {path: path.read_bytes() for path in Path("runs").rglob("*.*")}
    run = subprocess.run(
        command("run", "small.yaml", "--set", "training.epochs=2"),
        env=environment(), capture_output=True, text=True, check=False, preexec_fn=limited(size),
    )  # fmt: skip
    assert run.returncode == 2 and run.stdout == ""
    note, *lines = run.stderr.splitlines()
    assert note.startswith("note: runs/small/ holds another run (training.epochs is 1 there, 2 here")
    told, said = (line for line in lines if not line.startswith("epoch"))
    full = "cannot be written: File too large"
    assert told == f"xonet: runs/small-2/{named}: {full}; training continues, and this is retried after each epoch"
    assert said.startswith("xonet: runs/small-2/") and said.endswith(f"{full}; no checkpoint has been written yet")
    assert len(lines) == 4 and not leftovers(trained)
    assert {path: path.read_bytes() for path in kept} == kept
    assert {path.name for path in Path("runs").glob("small-2/*")} <= {"history.jsonl"}


def test_an_unreadable_network_file(refused, folder):
    assert refused("run", "none.yaml") == "none.yaml: No such file or directory"
    assert refused("run", str(folder)) == f"{folder}: Is a directory"


def test_one_line_from_a_real_process(trained):
    Path(MODEL).write_bytes(Path(MODEL).read_bytes()[:-3])
    run = xonet("predict", "small.yaml", "white.png", cwd=trained)
    assert run.returncode == 2 and run.stdout == ""
    expected = "expected a model (a safetensors file), found one that is cut short, or something else"
    assert run.stderr == f"xonet: {MODEL}: {expected}\n"
