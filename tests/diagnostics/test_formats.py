"""Every output format, read back as its readers read it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from jsonschema import Draft7Validator
from junitparser import JUnitXml

from tests.test_wrong import FILES, FOLDER, findings
from xonet.diagnostics import Diagnostic, Note, Source
from xonet.diagnostics._formats import Checked, Report, formats, load_format
from xonet.diagnostics._places import uri, with_fingerprints
from xonet.diagnostics.codes import codes

STRANGE = "50% of: a, b\nsecond \x07 line <&\"'> 😀"
"""A message with all that needs an escape somewhere."""


@pytest.fixture(scope="module")
def report() -> Report:
    """All findings of the corpus, and a file without any."""
    return Report([*(Checked(str(file), findings(file)) for file in FILES), Checked("networks/fine.yaml", [])])


@pytest.fixture
def strange() -> Report:
    source = Source("nets/a b/100%,é:😀.yaml", "name: 😀😀 x\n")
    note = Note(STRANGE, source.span(0, 4))
    finding = Diagnostic("bad-name", STRANGE, source.span(9, 10), notes=(note,), help=STRANGE)
    return Report([Checked(source.name, [finding])])


def found_in(report: Report) -> list[Diagnostic]:
    return [found for file in report.files for found in file.diagnostics]


def written(format: str, report: Report) -> str:
    text = "".join(load_format(format).write(report))
    assert not text or text.endswith("\n")
    return text


def test_there_are_seven() -> None:
    assert formats() == ["concise", "github", "gitlab", "json", "junit", "sarif", "text"]


@pytest.mark.parametrize("format", formats())
def test_nothing_found(format: str) -> None:
    text = written(format, Report([Checked("fine.yaml", [])]))
    assert ("findings" in text) == (format == "json")


def test_concise(report: Report, strange: Report) -> None:
    lines = written("concise", report).splitlines()
    assert len(lines) == len(found_in(report))
    for line, found in zip(lines, found_in(report), strict=True):
        match = re.match(r"(.*?):(\d+):(\d+): (error|warning)\[([a-z0-9-]+)\] .", line)
        assert match and match.groups()[1:] == (
            str(found.span.line), str(found.span.column), found.severity, found.code,
        )  # fmt: skip
    assert written("concise", strange).count("\n") == 1


def test_json(report: Report) -> None:
    read = json.loads(written("json", report))
    assert read["files"] == len(FILES) + 1 and read["errors"] + read["warnings"] == len(read["findings"])
    for entry, found in zip(read["findings"], found_in(report), strict=True):
        assert (entry["code"], entry["line"], entry["column"]) == (found.code, found.span.line, found.span.column)
        assert (entry["fix"] is None) == (found.fix is None)
    assert any(entry["fix"] for entry in read["findings"])


def parsed_commands(text: str) -> list[tuple[str, dict[str, str], str]]:
    """Workflow commands as GitHub's runner parses them (actions/runner, ActionCommand.cs)."""
    commands = []
    for line in text.splitlines():
        assert line.startswith("::")
        head, _, data = line[2:].partition("::")
        name, _, properties = head.partition(" ")
        pairs = dict(pair.split("=", 1) for pair in properties.split(","))
        commands.append((name, {key: unescaped(value, True) for key, value in pairs.items()}, unescaped(data, False)))
    return commands


def unescaped(text: str, is_property: bool) -> str:
    for escape, character in [("%0D", "\r"), ("%0A", "\n"), *([("%3A", ":"), ("%2C", ",")] * is_property)]:
        text = text.replace(escape, character)
    return text.replace("%25", "%")


def test_github(report: Report, strange: Report) -> None:
    commands = parsed_commands(written("github", report))
    assert len(commands) == len(found_in(report))
    for (name, properties, data), found in zip(commands, found_in(report), strict=True):
        assert name == found.severity and properties["title"] == f"xonet[{found.code}]"
        assert data.startswith(found.message) and found.help in data
        assert found.span.source.name == "--set" or properties["line"] == str(found.span.line)
    ((_, properties, data),) = parsed_commands(written("github", strange))
    assert properties["file"] == "nets/a b/100%,é:😀.yaml" and data.startswith(STRANGE)


def test_gitlab(report: Report, strange: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(FOLDER)
    read = json.loads(written("gitlab", report))
    assert len(read) == len(found_in(report))
    for entry in read:
        assert entry["description"] and entry["check_name"] in codes()
        assert entry["severity"] in ("info", "minor", "major", "critical", "blocker")
        assert not entry["location"]["path"].startswith(("/", "./")) and entry["location"]["lines"]["begin"] >= 1
    assert len({entry["fingerprint"] for entry in read}) == len(read)


def test_sarif(report: Report, strange: Report) -> None:
    schema = json.loads((Path(__file__).parents[1] / "schemas" / "sarif-schema-2.1.0.json").read_text())
    # format "uri" and the like are checked too: a relative reference with a space in it is none
    validator = Draft7Validator(schema, format_checker=Draft7Validator.FORMAT_CHECKER)
    for each in (report, strange, Report([])):
        read = json.loads(written("sarif", each))
        assert list(validator.iter_errors(read)) == []
        run = read["runs"][0]
        for result in run["results"]:
            assert all(fix["artifactChanges"][0]["replacements"] for fix in result.get("fixes", []))
            assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
    place = json.loads(written("sarif", strange))["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert unquote(place["artifactLocation"]["uri"]) == "nets/a b/100%,é:😀.yaml"
    assert re.fullmatch(r"[A-Za-z0-9_.~/%-]+", place["artifactLocation"]["uri"])
    # two characters before the x take two units each
    assert (place["region"]["startColumn"], place["region"]["endColumn"]) == (12, 13)


def test_junit(report: Report, strange: Report) -> None:
    for each in (report, strange):
        read = JUnitXml.fromstring(written("junit", each).encode())
        errors = [found for found in found_in(each) if found.severity == "error"]
        failures = [result for suite in read for case in suite for result in case.result]
        assert read.failures == len(failures) == len(errors) and read.errors == 0
        assert sorted(result.type for result in failures) == sorted(found.code for found in errors)
        for suite in read:
            names = [case.name for case in suite]
            assert len(set(names)) == len(names) == suite.tests
    (case,) = (case for suite in JUnitXml.fromstring(written("junit", report).encode()) for case in suite
               if case.classname == "networks/fine.yaml")  # fmt: skip
    assert case.is_passed and case.name == "valid"


def test_fingerprints_outlive_a_moved_line(tmp_path: Path) -> None:
    from xonet.network import check

    path = tmp_path / "net.yaml"
    text = (FOLDER / "kernel_too_large.yaml").read_text()
    path.write_text(text)
    before = check(path)[1]
    path.write_text("# a new line\n" + text)
    after = check(path)[1]
    assert before[0].span.line + 1 == after[0].span.line
    assert before[0].pointer == after[0].pointer == "/layers/0/conv2d/kernel_size"
    marks = [[mark for _, mark in with_fingerprints(Checked("net.yaml", found))] for found in (before, after)]
    assert marks[0] == marks[1]
    assert len(set(with_fingerprints(Checked("net.yaml", before * 3)))) == 3


def test_uris(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert uri(Source("./nets/../a#b.yaml", "")) == "a%23b.yaml"
    assert uri(Source(str(tmp_path / "nets" / "a.yaml"), "")) == "nets/a.yaml"
    assert uri(Source("/elsewhere/a.yaml", "")) == "file:///elsewhere/a.yaml"
