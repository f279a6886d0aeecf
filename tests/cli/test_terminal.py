"""What is drawn on a terminal, and that nothing is drawn elsewhere."""

from __future__ import annotations

import os
import pty
import re
import signal
import subprocess

import pytest

from tests.command import command, environment, hear_ctrl_c

ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
SHORT = ["run", "small.yaml", "--set", "data.train.xo.count=3000"]


def on_a_terminal(*arguments, cwd, until=b"", **more):
    """(status, what a terminal gets to draw on stderr); with `until`, Ctrl-C as soon as that is drawn."""
    master, slave = pty.openpty()
    process = subprocess.Popen(
        command(*arguments), cwd=cwd, env=environment(TERM="xterm-256color", COLUMNS="100", **more),
        stdin=slave, stdout=subprocess.DEVNULL, stderr=slave, preexec_fn=hear_ctrl_c,
    )  # fmt: skip
    os.close(slave)
    drawn, sent = b"", False
    while True:
        try:
            part = os.read(master, 65536)
        except OSError:  # the other end is closed
            break
        if not part:
            break
        drawn += part
        if until and until in drawn and not sent:
            process.send_signal(signal.SIGINT)
            sent = True
    os.close(master)
    assert sent == bool(until)
    return process.wait(60), drawn.decode()


def test_a_bar_and_a_clean_end(folder):
    status, drawn = on_a_terminal(*SHORT, cwd=folder)
    assert status == 0
    assert "━" in drawn and "\x1b[" in drawn, "a bar"
    assert drawn.count("\x1b[?25l") == drawn.count("\x1b[?25h") == 1, "the cursor was hidden, and is back"
    text = [line.strip() for line in ESCAPE.sub("", drawn).replace("\r", "\n").split("\n")]
    for epoch in ("epoch 1/3  loss", "epoch 2/3  loss", "epoch 3/3  loss"):
        assert sum(line.startswith(epoch) for line in text) == 1
    # the bar's last line is erased, and nothing comes after it
    assert drawn.rstrip("\r\n").endswith("\x1b[2K")


def test_interrupted_under_the_bar(folder):
    status, drawn = on_a_terminal(*SHORT, "--set", "training.epochs=500", cwd=folder, until=b"epoch   2/500")
    assert status == 130 and "Traceback" not in drawn
    assert drawn.count("\x1b[?25h") == 1
    assert ESCAPE.sub("", drawn).split("\n")[-2].strip().startswith("xonet: interrupted; --resume continues from")


@pytest.mark.parametrize("how", ["NO_COLOR", "--color"])
def test_no_color(folder, how):
    colored = re.compile(r"\x1b\[[0-9;]*[0-9]m")
    assert colored.search(on_a_terminal(*SHORT, cwd=folder)[1])
    more = {"NO_COLOR": "1"} if how == "NO_COLOR" else {}
    arguments = [*SHORT, *(["--color", "never"] if how == "--color" else [])]
    status, drawn = on_a_terminal(*arguments, cwd=folder, **more)
    assert status == 0 and "epoch 3/3" in drawn
    assert {code.group() for code in colored.finditer(drawn)} <= {"\x1b[0m"}
