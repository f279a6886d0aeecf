"""Rendered text, as a person sees it."""

from __future__ import annotations

from xonet.diagnostics import Diagnostic, Note, Source, in_order
from xonet.diagnostics._formats import Checked, Tally
from xonet.diagnostics.text import render


def diagnostic(text: str, spot: str, **more: object) -> Diagnostic:
    source = Source("networks/xo.yaml", text)
    start = text.index(spot)
    settings = {"code": "empty-output", "message": "a message", **more}
    return Diagnostic(span=source.span(start, start + len(spot)), **settings)  # type: ignore[arg-type]


def test_label_and_help() -> None:
    found = diagnostic(
        "\n" * 13 + "  - max_pool2d: {window: 9}\n",
        "9",
        message="a 9 × 9 window does not fit into 7 × 7 × 3",
        label="conv2d above gives 9 - 3 + 1 = 7",
        help="use a window of 7 or less",
    )
    assert render([found]) == (
        "networks/xo.yaml:14:26: error[empty-output] a 9 × 9 window does not fit into 7 × 7 × 3\n"
        "   14 |   - max_pool2d: {window: 9}\n"
        "      |                          ^ conv2d above gives 9 - 3 + 1 = 7\n"
        "      = help: use a window of 7 or less\n"
    )


def test_notes_and_warnings() -> None:
    source = Source("f.yaml", "a: 1\na: 2\n")
    note = Note("it stands here first", source.span(0, 1))
    found = Diagnostic("duplicate-key", "twice", source.span(5, 6), "warning", notes=(note, Note("keep calm")))
    assert render([found]) == (
        "f.yaml:2:1: warning[duplicate-key] twice\n"
        "    2 | a: 2\n"
        "      | ^\n"
        "      = note: f.yaml:1:1: it stands here first\n"
        "    1 | a: 1\n"
        "      | ^\n"
        "      = note: keep calm\n"
    )


def test_carets_stand_under_tabs_and_wide_characters() -> None:
    lines = render([diagnostic("漢字:\té\u0301 x: spot", "spot")]).splitlines()
    assert lines[1] == "    1 | 漢字:    é\u0301 x: spot"
    assert lines[2] == "      | " + " " * 14 + "^^^^"


def test_an_empty_span_gets_one_caret() -> None:
    assert render([diagnostic("a:", "")]).splitlines()[2] == "      | ^"


def test_a_span_of_several_lines_is_underlined_in_its_first() -> None:
    assert render([diagnostic("a: [1,\n 2]", "[1,\n 2]")]).splitlines()[1:] == ["    1 | a: [1,", "      |    ^^^"]


def test_a_long_line_is_cut_around_the_spot() -> None:
    line, under = render([diagnostic("x" * 5000 + "spot" + "y" * 5000, "spot")]).splitlines()[1:]
    assert len(line) < 200
    assert line[under.index("^") :].startswith("spot")


def test_what_could_steer_a_terminal_is_escaped() -> None:
    assert "\x1b" not in render([diagnostic("a: \x1b[2J", "a", message="no \x1b[2J", help="\x1b")])


def test_color_only_when_asked() -> None:
    found = diagnostic("a: 1", "1", help="no")
    assert "\x1b" not in render([found])
    assert "\x1b[1;31merror[empty-output]\x1b[0m" in render([found], color=True)


def tallied(*files: list[Diagnostic]) -> str:
    tally = Tally()
    assert len(list(tally(Checked("", found) for found in files))) == len(files)
    return str(tally)


def test_summary() -> None:
    error, warning = diagnostic("a", "a"), diagnostic("a", "a", severity="warning")
    assert tallied([]) == "nothing wrong in 1 file"
    assert tallied([error, error, warning], *[[]] * 1199) == "2 errors and 1 warning in 1,200 files"


def test_order_and_no_doubles() -> None:
    source = Source("f.yaml", "a: 1\nb: 2\n")
    second, first, same = (Diagnostic("c", "m", source.span(at, at + 1)) for at in (5, 0, 5))
    assert [found.span.line for found in in_order([second, first, same])] == [1, 2]
