"""What libyaml says about text that is no YAML, in words for the person who typed it."""

from __future__ import annotations

import re

import yaml

from xonet.diagnostics import Diagnostic, Note, Source

_CONTROL = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_HIDDEN = re.compile("[\x85\u2028\u2029]|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""A line break of YAML 1.1 alone, or a control of the direction of writing: what a reader sees is not what is read."""

_WORDS = {
    "mapping values are not allowed in this context": (
        "a `:` cannot stand here",
        "put text that holds a `:` in quotes, or check how far this line is indented",
    ),
    "could not find expected ':'": ("a key without its `:`", "write `key: value`"),
    "did not find expected ',' or ']'": ("the list goes on where a `,` or `]` is due", "close it with `]`"),
    "did not find expected ',' or '}'": ("the mapping goes on where a `,` or `}` is due", "close it with `}`"),
    "did not find expected key": ("this line does not fit the lines above", "indent it as far as its neighbours"),
    "did not find expected '-' indicator": ("this line is no entry of the list above", "begin it with `- `"),
    "found unexpected end of stream": ("the file ends inside quotes", "close them"),
    "found unknown escape character": (
        "this escape has no meaning",
        "write \\\\ for a backslash, or use single quotes",
    ),
    "block sequence entries are not allowed in this context": (
        "a list cannot begin here",
        "begin it on a line of its own",
    ),
    "did not find expected node content": ("a value is missing here", "write one, or take the comma away"),
}
_PLACES = {
    "flow sequence": "the list begins here",
    "flow mapping": "the mapping begins here",
    "quoted scalar": "the quotes open here",
    "block mapping": "the mapping begins here",
    "block collection": "the list begins here",
    "simple key": "the key stands here",
}


def control_character(source: Source) -> Diagnostic | None:
    """The first character that no YAML text may hold."""
    match = _CONTROL.search(source.text)
    if match:
        message, help = f"a text holds no character U+{ord(match[0]):04X}", "take it away"
    elif match := _HIDDEN.search(source.text):
        what = "ends a line for some programs only" if match[0] in "\x85\u2028\u2029" else "turns text around"
        message = f"U+{ord(match[0]):04X} cannot be seen, and {what}"
        help = f'take it away; where a text needs it, write "\\u{ord(match[0]):04X}"'
    else:
        return None
    return Diagnostic("control-character", message, source.span(*match.span()), help=help)


def syntax_error(error: yaml.MarkedYAMLError, source: Source) -> Diagnostic:
    """The finding behind a scanner's or parser's error."""
    problem, context = error.problem or "", error.context or ""
    start = min(error.problem_mark.index if error.problem_mark else 0, len(source.text))
    span = source.span(start, min(start + 1, len(source.text)))
    character = source.text[start : start + 1]
    if character == "\t":
        return Diagnostic("tab", "a tab cannot indent", span, help="indent with spaces")
    if problem == "found character that cannot start any token":
        return Diagnostic("yaml-syntax", f"no value begins with `{character}`", span, help="put the value in quotes")
    message, help = _WORDS.get(problem, (f"this is no YAML: {problem}", ""))
    notes: tuple[Note, ...] = ()
    begin = error.context_mark
    if begin is not None and begin.index != start:
        said = next((words for part, words in _PLACES.items() if part in context), "")
        if said:
            notes = (Note(said, source.span(begin.index, begin.index + 1)),)
    return Diagnostic("yaml-syntax", message, span, notes=notes, help=help)
