"""What libyaml says about text that is not valid YAML, in words for the person who typed it."""

from __future__ import annotations

import re

import yaml

from xonet.diagnostics import Diagnostic, Note, Source

CONTROL = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_HIDDEN = re.compile("[\x85\u2028\u2029]|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""A line break of YAML 1.1 alone, or a control of the direction of writing: what a reader sees is not what is read."""

_WORDS = {
    "mapping values are not allowed in this context": (
        "a `:` is not allowed here",
        "put text that contains a `:` in quotes, or check the indentation of this line",
    ),
    "could not find expected ':'": ("a key without its `:`", "write `key: value`"),
    "did not find expected ',' or ']'": ("a `,` or `]` is missing from the list", "close it with `]`"),
    "did not find expected ',' or '}'": ("a `,` or `}` is missing from the mapping", "close it with `}`"),
    "did not find expected key": ("this line does not match the lines above", "indent it like its neighbours"),
    "did not find expected '-' indicator": ("this line is not an entry of the list above", "start it with `- `"),
    "found unexpected end of stream": ("the file ends inside quotes", "close them"),
    "found unknown escape character": (
        "this escape sequence is not valid",
        "write \\\\ for a backslash, or use single quotes",
    ),
    "block sequence entries are not allowed in this context": (
        "a list cannot start here",
        "start it on a line of its own",
    ),
    "did not find expected node content": ("a value is missing here", "write one, or remove the comma"),
}
_PLACES = {
    "flow sequence": "the list starts here",
    "flow mapping": "the mapping starts here",
    "quoted scalar": "the quote opens here",
    "block mapping": "the mapping starts here",
    "block collection": "the list starts here",
    "simple key": "the key is here",
}


def control_character(source: Source) -> Diagnostic | None:
    """The first character that is not allowed in YAML."""
    match = CONTROL.search(source.text)
    if match:
        message, help = f"the character U+{ord(match[0]):04X} is not allowed in YAML", "remove it"
    elif match := _HIDDEN.search(source.text):
        what = (
            "ends a line in some programs only" if match[0] in "\x85\u2028\u2029" else "reverses the direction of text"
        )
        message = f"U+{ord(match[0]):04X} is invisible, and {what}"
        help = f'remove it; where a text needs it, write "\\u{ord(match[0]):04X}"'
    else:
        return None
    return Diagnostic("control-character", message, source.span(*match.span()), help=help)


def syntax_error(error: yaml.MarkedYAMLError, source: Source) -> Diagnostic:
    """The finding for a scanner's or parser's error."""
    problem, context = error.problem or "", error.context or ""
    start = min(error.problem_mark.index if error.problem_mark else 0, len(source.text))
    span = source.span(start, min(start + 1, len(source.text)))
    character = source.text[start : start + 1]
    if character == "\t":
        return Diagnostic("tab", "tabs cannot be used for indentation", span, help="indent with spaces")
    if problem == "found character that cannot start any token":
        return Diagnostic(
            "yaml-syntax", f"a value cannot start with `{character}`", span, help="put the value in quotes"
        )
    message, help = _WORDS.get(problem, (f"this is not valid YAML: {problem}", ""))
    notes: tuple[Note, ...] = ()
    begin = error.context_mark
    if begin is not None and begin.index != start:
        said = next((words for part, words in _PLACES.items() if part in context), "")
        if said:
            notes = (Note(said, source.span(begin.index, begin.index + 1)),)
    return Diagnostic("yaml-syntax", message, span, notes=notes, help=help)
