"""One YAML text to a tree of nodes, each with its place.

A small composer over libyaml's events: PyYAML's own forgets places, coerces by YAML 1.1, silently drops the first of
two equal keys, and runs what tags ask for.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import yaml

from xonet.diagnostics import Diagnostic, Note, Source, Span
from xonet.language.events import end_of, value_start
from xonet.language.limits import DEPTH, FINDINGS, VALUES
from xonet.language.nodes import Node
from xonet.language.scalars import resolve
from xonet.language.settings import Setting, put
from xonet.language.syntax import control_character, syntax_error
from xonet.language.words import closest

_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class _Anchored(NamedTuple):
    """A value that aliases stand for, how many values it is, and how many levels lie below it."""

    node: Node
    size: int
    height: int


class _Stop(Exception):
    """Reading on makes no sense; the finding that says why is written down."""


class Composer:
    """Composes one text."""

    def __init__(self, source: Source, settings: list[Setting], text: str | None = None) -> None:
        self.source, self.settings = source, settings
        self.text = source.text if text is None else text
        self.findings: list[Diagnostic] = []
        self.anchors: dict[str, _Anchored] = {}
        self.open: set[str] = set()
        self.values = 0
        self.unfolded = 0
        self.deepest = 0
        self.events: Iterator[Any] = iter(())

    def document(self, empty: bool = False) -> Node | None:
        """The one mapping of the text; with `empty`, the one value of any kind, where nothing is null."""
        fault = control_character(self.source)
        if fault:
            self.findings.append(fault)
            return None
        self.events = yaml.parse(self.text, Loader=_LOADER)
        try:
            return self._document(empty)
        except yaml.MarkedYAMLError as error:
            self.findings += self._refused(error, empty)
        except _Stop:
            pass
        return None

    def _refused(self, error: yaml.MarkedYAMLError, empty: bool) -> list[Diagnostic]:
        """What is wrong where the parser went no further.

        Newer releases of libyaml limit nesting, too, and look ahead, so they may refuse a level far inside before they
        hand over the one that is too deep for us: what stands before the place they refuse shows it.
        """
        mark = error.problem_mark
        if error.problem == "exceeded maximum nesting depth" and mark and mark.index < len(self.text):
            before = Composer(self.source, self.settings, self.text[: mark.index])
            before.document(empty)
            return before.findings
        return [syntax_error(error, self.source)]

    def _document(self, empty: bool) -> Node | None:
        next(self.events)
        first = next(self.events)
        if isinstance(first, yaml.StreamEndEvent):
            if empty:
                return Node(None, self._span(len(self.text), len(self.text)))
            self._fault("empty-file", "the file has no content", 0, 0, help="start with `xonet: 1`, or run `xonet new`")
            return None
        event = next(self.events)
        root = self._node(event, (), 0)
        next(self.events)
        after = next(self.events)
        if not isinstance(after, yaml.StreamEndEvent):
            start = after.start_mark.index
            self._fault(
                "several-documents", "a second document starts here", start, start + 3, help="use one file per network"
            )
        if not empty and not isinstance(root.value, dict):
            self.findings.append(
                Diagnostic(
                    "not-a-mapping", "a network file is a mapping of keys", root.span, help="start with `xonet: 1`"
                )
            )
        return root

    def _node(self, event: Any, path: tuple[str | int, ...], depth: int) -> Node:
        """The node that begins with `event`, at `path` of the file."""
        if len(self.findings) >= FINDINGS:
            raise _Stop
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event, depth)
        start, tag = value_start(self.text, event)
        if tag:
            self._fault("tag", "tags are not supported", *tag, help="remove the tag; use quotes for text")
        self._go_to(depth, start, start + 1)
        if self.values - self.unfolded > VALUES:
            self._fault(
                "too-many-values", f"a file holds at most {VALUES:,} values", start, start + 1, help="use fewer"
            )
            raise _Stop
        values, deepest = self.values, self.deepest
        self.values, self.deepest = values + 1, depth
        if event.anchor:
            self.open.add(event.anchor)
        if isinstance(event, yaml.ScalarEvent):
            end = max(start, start + len(self.text[start : end_of(event)].rstrip()))
            value = resolve(event.value) if event.style in (None, "") and not tag else event.value
            node = Node(value, self._span(start, end))
        elif isinstance(event, yaml.SequenceStartEvent):
            node = self._sequence(start, path, depth)
        else:
            node = self._mapping(start, path, depth)
        if event.anchor:
            node = self._set(node, path)
            self.open.discard(event.anchor)
            self.anchors[event.anchor] = _Anchored(node, self.values - values, self.deepest - depth)
        self.deepest = max(deepest, self.deepest)
        return node

    def _set(self, node: Node, path: tuple[str | int, ...]) -> Node:
        """An anchored node with the settings that reach into it, so that its aliases have them too."""
        words = [str(step) for step in path]
        for setting in self.settings:
            if setting.path == words:
                node = setting.node
            elif setting.path[: len(words)] == words:
                # What goes wrong is said later, once, for the whole file.
                put(node, setting.path[len(words) :], setting.node, add=False)
        return node

    def _go_to(self, depth: int, start: int, end: int) -> None:
        """Note how deep values nest, and stop where that is too deep."""
        if depth > DEPTH:
            self._fault("too-deep", f"values are nested more than {DEPTH} deep", start, end, help="use fewer levels")
            raise _Stop
        self.deepest = max(self.deepest, depth)

    def _alias(self, event: Any, depth: int) -> Node:
        start, end = event.start_mark.index, end_of(event)
        span = self._span(start, end)
        if event.anchor in self.open:
            self._fault(
                "alias-loop",
                f"*{event.anchor} is used inside the value it stands for",
                start,
                end,
                help="write out the value",
            )
            return Node(None, span, span)
        if event.anchor not in self.anchors:
            close = closest(event.anchor, self.anchors)
            self._fault(
                "unknown-alias",
                f"no earlier value is marked &{event.anchor}",
                start,
                end,
                help=f"did you mean *{close}?"
                if close
                else f"mark the value with &{event.anchor} where it first appears",
            )
            return Node(None, span, span)
        node, size, height = self.anchors[event.anchor]
        self._go_to(depth + height, start, end)
        self.values += size
        self.unfolded += size
        if self.unfolded > VALUES:
            self._fault(
                "too-many-aliases", f"the aliases stand for more than {VALUES:,} values", start, end, help="use fewer"
            )
            raise _Stop
        return Node(node.value, span, node.span, node.keys)

    def _sequence(self, start: int, path: tuple[str | int, ...], depth: int) -> Node:
        items: list[Node] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            items.append(self._node(event, (*path, len(items)), depth + 1))
        return Node(items, self._collection(start, event, items))

    def _mapping(self, start: int, path: tuple[str | int, ...], depth: int) -> Node:
        node = Node({}, self._span(start, start))
        merged: list[Node] = []
        everything: list[Node] = []
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key, span = self._key(event, depth)
            value = self._node(next(self.events), (*path, key or ""), depth + 1)
            everything.append(value)
            if key == "<<" and event.style in (None, ""):
                merged += value.value if isinstance(value.value, list) else [value]
            elif key in node.keys:
                note = Note(f"{key} is first given here", node.keys[key])
                self.findings.append(
                    Diagnostic("duplicate-key", f"{key} is given twice", span, notes=(note,), help="keep one")
                )
            elif key is not None:
                node.value[key], node.keys[key] = value, span
        node.span = self._collection(start, event, everything)
        for other in merged:
            self._merge(node, other)
        return node

    def _key(self, event: Any, depth: int) -> tuple[str | None, Span]:
        """A key and its place, a number as it was typed; None where it is neither, which is a finding."""
        node = self._node(event, (), depth + 1)
        if isinstance(event, yaml.ScalarEvent) and type(node.value) in (str, int, float):
            return event.value, node.span
        shown = event.value if isinstance(event, yaml.ScalarEvent) else "this"
        self.findings.append(
            Diagnostic(
                "key-not-a-word",
                f"a key must be a word or a number, not {shown}",
                node.span,
                help=f'write "{event.value}" in quotes' if isinstance(event, yaml.ScalarEvent) else "write a word",
            )
        )
        return None, node.span

    def _merge(self, node: Node, other: Node) -> None:
        """Take in what `<<` names, unless that would hide one value behind another."""
        if other.origin == other.span:
            return  # an alias of nothing, which is a finding already
        if not isinstance(other.value, dict):
            self.findings.append(
                Diagnostic("merge", "<< merges a mapping, and this is not one", other.span, help="remove <<")
            )
            return
        for key, value in other.value.items():
            if key in node.keys:
                note = Note(f"{key} is also merged in here", other.span)
                help = f"keep one {key}: a value hidden by another is easily misread"
                self.findings.append(
                    Diagnostic("merge-overrides", f"{key} is given twice", node.keys[key], notes=(note,), help=help)
                )
            else:
                node.value[key] = Node(value.value, other.span, value.span, value.keys)
                node.keys[key] = other.span

    def _collection(self, start: int, end: Any, items: list[Node]) -> Span:
        """The place of a list or mapping; one in block style ends with its last value, not at the next token."""
        if end_of(end) > end.start_mark.index or not items:
            return self._span(start, max(start, end_of(end)))
        first, last = self._span(start, start), items[-1].span
        return Span(self.source, first.line, first.column, last.end_line, last.end_column)

    def _span(self, start: int, end: int) -> Span:
        return self.source.span(start, end)

    def _fault(self, code: str, message: str, start: int, end: int, *, help: str = "") -> None:
        self.findings.append(Diagnostic(code, message, self._span(start, end), help=help))
