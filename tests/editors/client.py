"""A small client of the language server protocol, enough to ask yaml-language-server what an editor would ask."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from itertools import count
from pathlib import Path
from typing import Any

VARIABLE = "YAML_LANGUAGE_SERVER"
"""Names the server's program; without it, the one on the path or in the repository's node_modules is taken."""


def server() -> str:
    """The path of the server's program; empty where there is none."""
    here = Path(__file__).parents[2] / "node_modules" / ".bin"
    named = os.environ.get(VARIABLE, "yaml-language-server")
    return (shutil.which(named) or shutil.which(named, path=str(here)) or "") if shutil.which("node") else ""


class Client:
    """One server process with the schema for every .yaml file."""

    def __init__(self, program: str, schema: Path) -> None:
        self._process = subprocess.Popen([program, "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._numbers = count(1)
        self._settings = {
            "yaml": {
                "schemas": {schema.as_uri(): "*.yaml"},
                "schemaStore": {"enable": False},
                "validate": True,
                "completion": True,
                "hover": True,
            }
        }
        wants = {"workspace": {"configuration": True}, "textDocument": {"publishDiagnostics": {}}}
        self.ask("initialize", {"processId": os.getpid(), "rootUri": None, "capabilities": wants})
        self._tell("initialized", {})
        self._tell("workspace/didChangeConfiguration", {"settings": self._settings})

    def close(self) -> None:
        """End the server."""
        self.ask("shutdown", None)
        self._tell("exit", None)
        self._process.communicate(timeout=10)

    def open(self, path: Path, text: str) -> list[dict[str, Any]]:
        """Open a text as the file at `path`, and give the diagnostics that the server has for it."""
        document = {"uri": path.as_uri(), "languageId": "yaml", "version": 1, "text": text}
        self._tell("textDocument/didOpen", {"textDocument": document})
        while True:
            message = self._read()
            if message.get("method") == "textDocument/publishDiagnostics":
                said: dict[str, Any] = message["params"]
                if said["uri"] == document["uri"]:
                    return list(said["diagnostics"])

    def completion(self, path: Path, line: int, character: int) -> dict[str, str]:
        """What is offered at a place, counted from 0: each label with its documentation."""
        found = self.ask("textDocument/completion", _place(path, line, character))
        return {item["label"]: _words(item.get("documentation", "")) for item in found["items"]}

    def hover(self, path: Path, line: int, character: int) -> str:
        """What is said about the word at a place, counted from 0."""
        found = self.ask("textDocument/hover", _place(path, line, character))
        return _words(found["contents"]) if found else ""

    def ask(self, method: str, parameters: Any) -> Any:
        """Send a request, and wait for its answer."""
        number = next(self._numbers)
        self._send({"id": number, "method": method, "params": parameters})
        while True:
            message = self._read()
            if message.get("id") == number and "method" not in message:
                assert "error" not in message, message
                return message.get("result")

    def _tell(self, method: str, parameters: Any) -> None:
        self._send({"method": method, "params": parameters})

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self._process.stdin.flush()

    def _read(self) -> dict[str, Any]:
        """The next message; what the server asks on its way is answered."""
        assert self._process.stdout
        length = 0
        while line := self._process.stdout.readline().strip():
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        assert length, "the server went away"
        message: dict[str, Any] = json.loads(self._process.stdout.read(length))
        if "id" in message and "method" in message:
            self._send({"id": message["id"], "result": self._answer(message)})
        return message

    def _answer(self, message: dict[str, Any]) -> Any:
        if message["method"] != "workspace/configuration":
            return None
        return [self._settings.get(item.get("section"), {}) for item in message["params"]["items"]]


def _place(path: Path, line: int, character: int) -> dict[str, Any]:
    return {"textDocument": {"uri": path.as_uri()}, "position": {"line": line, "character": character}}


def _words(content: Any) -> str:
    return str(content["value"] if isinstance(content, dict) else content)
