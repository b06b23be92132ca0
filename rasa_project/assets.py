"""The files that the website sends: what stands in web/static/, and the widget, joined into one file."""

from __future__ import annotations

import gzip
import hashlib
import json
import mimetypes
import re
from dataclasses import dataclass
from functools import cache

from sanic.request import Request
from sanic.response import HTTPResponse

from puljeguiden import settings

_WEB = settings.ROOT / "web"
_WIDGET_PARTS = ("texts", "cpr", "server", "draw", "element")
_FOREVER = "public, max-age=31536000, immutable"
_TEXT = ("text/", "image/svg+xml", "application/javascript")
# Strings, templates and regular expressions stay as they are; elsewhere spaces around signs can go.
_LITERAL = r'"(?:\\.|[^"\\])*"|`[^`]*`|/(?![*/ ])(?:\\.|\[(?:\\.|[^\]])*\]|[^/\\\n\[])+/[a-z]*'
_SPACED = re.compile(rf"({_LITERAL})| *([=?:&|+<>*{{}}(),;\[\]!-]+) *")


@dataclass(frozen=True)
class Asset:
    """A file ready to send; `packed` where that saves something. `digest` changes when the file does."""

    body: bytes
    packed: bytes | None
    kind: str
    digest: str


def asset(body: bytes, name: str) -> Asset:
    """Return a file ready to send; its name tells its type."""
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    kind = "font/woff2" if name.endswith(".woff2") else kind
    packed = gzip.compress(body, 9, mtime=0) if kind.startswith(_TEXT) else None
    charset = "; charset=utf-8" if packed else ""
    return Asset(body, packed, kind + charset, hashlib.sha256(body).hexdigest()[:12])


@cache
def static() -> tuple[str, dict[str, Asset]]:
    """Return a digest of all files in web/static/, which is part of their addresses, and the files by path."""
    folder = _WEB / "static"
    files = {
        file.relative_to(folder).as_posix(): asset(file.read_bytes(), file.name)
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }
    digests = "".join(f"{name} {file.digest}\n" for name, file in files.items())
    return hashlib.sha256(digests.encode()).hexdigest()[:12], files


@cache
def description() -> Asset:
    """Return the description of the doors (OpenAPI)."""
    return asset((_WEB / "openapi.json").read_bytes(), "openapi.json")


@cache
def widget() -> Asset:
    """Return the widget: the parts in web/widget/ as one script, without comments and needless white space."""
    folder = _WEB / "widget"
    style = re.sub(r"/\*.*?\*/", "", (folder / "style.css").read_text(encoding="utf-8"), flags=re.DOTALL)
    style = re.sub(r"\s*([{};,])\s*|(?<=:) ", r"\1", style).replace(";}", "}").strip()
    parts = "".join((folder / f"{part}.js").read_text(encoding="utf-8") for part in _WIDGET_PARTS)
    lines = [re.sub(r"\s// .*", "", line.strip()) for line in parts.splitlines()]
    code = "\n".join(line for line in lines if not re.match(r"//|/\*\*|\*[ /]|$", line))
    code = _SPACED.sub(lambda found: found[1] or found[2], code)
    code = re.sub(r"(?<=[{(,;])\n|\n(?=[)}\]])", "", code)
    script = f'(()=>{{"use strict";const STYLE={json.dumps(style, ensure_ascii=False)};\n{code}\n}})();\n'
    return asset(script.encode(), "pulje-guide.js")


def send(request: Request, file: Asset, given_digest: str | None, brief: str = "no-cache") -> HTTPResponse:
    """Return a file: for good where its address holds its digest, otherwise to be asked for again soon."""
    headers = {
        "Cache-Control": _FOREVER if given_digest else brief,
        "ETag": f'W/"{file.digest}"',
        "Vary": "Accept-Encoding",
    }
    if request.headers.get("if-none-match") == headers["ETag"]:
        return HTTPResponse(status=304, headers=headers)
    if file.packed and "gzip" in request.headers.get("accept-encoding", ""):
        return HTTPResponse(file.packed, headers={**headers, "Content-Encoding": "gzip"}, content_type=file.kind)
    return HTTPResponse(file.body, headers=headers, content_type=file.kind)
