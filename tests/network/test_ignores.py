"""`# xonet: ignore[code]`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.diagnostics.examples import BASE
from xonet.diagnostics import InvalidNetwork
from xonet.network import check, load

TWICE = BASE.replace("  - relu\n", "  - relu\n  - relu\n")


@pytest.fixture
def codes(tmp_path: Path):
    def found(text: str, **more: bool) -> list[str]:
        (tmp_path / "net.yaml").write_text(text)
        return [finding.code for finding in check(tmp_path / "net.yaml", **more)[1]]

    return found


@pytest.mark.parametrize(
    "ignored",
    [
        "  - relu\n  - relu  # xonet: ignore[activation-twice]\n",
        "  - relu\n  # xonet: ignore[activation-twice]\n  - relu\n",
        "  - relu\n  # xonet: ignore[ activation-twice ]\n  # for the lesson\n  - relu\n",
        "  - relu\n  - relu  # for the lesson  # xonet: ignore[activation-twice]\n",
        "  - relu\n  - relu  #xonet:ignore[activation-twice]\n",
    ],
)
def test_a_finding_is_hidden(codes, ignored: str) -> None:
    assert codes(TWICE) == ["activation-twice"]
    assert codes(BASE.replace("  - relu\n", ignored)) == []


THRICE = BASE.replace("  - relu\n", "  - relu\n" * 4)


@pytest.mark.parametrize(
    "text",
    [
        "# xonet: ignore-file[activation-twice]\n" + THRICE,
        THRICE + "# xonet: ignore-file[ activation-twice ]\n",
        THRICE.replace("layers:", "layers:  # xonet: ignore-file[activation-twice]"),
    ],
)
def test_findings_of_the_whole_file_are_hidden(codes, text: str) -> None:
    assert codes(THRICE) == ["activation-twice"] * 3
    assert codes(text) == []


def test_an_ignore_of_the_file_that_is_of_no_use(codes) -> None:
    assert codes("# xonet: ignore-file[activation-twice]\n" + BASE) == ["unused-ignore"]
    assert codes("# xonet: ignore-file\n" + BASE) == ["unused-ignore"]
    assert codes("# xonet: ignore-fil[activation-twice]\n" + THRICE)[0] == "unused-ignore"
    assert codes("# xonet: ignore-file[activation-twise]\n" + BASE) == ["unknown-code"]


@pytest.mark.parametrize("text", ['"a # xonet: ignore[x]"', "'a # xonet: ignore[x]'", "|\n  a # xonet: ignore[x]"])
def test_a_text_is_no_comment(codes, text: str) -> None:
    assert codes(BASE + f"description: {text}\n") == []


def test_a_comment_about_ignores_is_none(codes) -> None:
    assert codes("# write # xonet: ignore[x]\n" + BASE) == []


def test_an_error_is_hidden_and_still_keeps_the_network_from_running(codes, tmp_path: Path) -> None:
    assert codes(BASE.replace("{units: 2}", "{units: 3}").replace("output:", "#\noutput:")) == ["class-count"]
    assert codes(BASE.replace("units: 2", "units: 3").replace("O]}", "O]}  # xonet: ignore[class-count]")) == []
    with pytest.raises(InvalidNetwork):
        load(tmp_path / "net.yaml")


def test_what_was_not_judged_is_not_said_to_be_unused(codes) -> None:
    broken = TWICE.replace("[X, O]}", "[X, O]}  # xonet: ignore[dropout-last]").replace("window: 2", "window: 9")
    assert codes(broken) == ["empty-output"]
    absent = BASE.replace("count: 1000}}", "count: 1000}}  # xonet: ignore[missing-path]")
    assert codes(absent) == ["unused-ignore"]
    assert codes(absent, sees_data=False) == []
