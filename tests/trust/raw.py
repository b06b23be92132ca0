"""Requests that no decent program would send: broken HTTP, far too much of it, and far too slowly."""

from __future__ import annotations

import contextlib
import re
import socket
import time

from tests.trust.doors import Tally

_HEAD = b"Host: 127.0.0.1\r\nContent-Type: application/json\r\n"

_HEALTH = b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"


def _post(path: bytes, headers: bytes, body: bytes = b"") -> bytes:
    return b"POST " + path + b" HTTP/1.1\r\n" + _HEAD + headers + b"\r\n" + body


def broken(path: bytes) -> dict[str, bytes]:
    """Return broken requests for a door, by name."""
    get = b"GET " + path
    return {
        "nothing": b"\r\n\r\n",
        "binary": bytes(range(256)),
        "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 200,
        "no version": get + b"\r\n\r\n",
        "an unknown version": get + b" HTTP/9.9\r\nHost: x\r\n\r\n",
        "an unknown method": b"BREW " + path + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        "no host": get + b" HTTP/1.1\r\n\r\n",
        "a broken path": b"GET /\xff\xfe%zz%00/../..// HTTP/1.1\r\nHost: x\r\n\r\n",
        "a path of 100 kB": b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        "a whole address": b"GET http://example.org/ HTTP/1.1\r\nHost: x\r\n\r\n",
        "two thousand headers": get + b" HTTP/1.1\r\nHost: x\r\n" + b"A: b\r\n" * 2000 + b"\r\n",
        "a header of 100 kB": get + b" HTTP/1.1\r\nHost: x\r\nA: " + b"b" * 100_000 + b"\r\n\r\n",
        "a header without colon": get + b" HTTP/1.1\r\nHost: x\r\nhej\r\n\r\n",
        "a header with CPR": get + b" HTTP/1.1\r\nHost: x\r\n070761-4285\r\n\r\n",
        "a folded header": get + b" HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n",
        "a length that is none": _post(path, b"Content-Length: hej\r\n", b"{}"),
        "a negative length": _post(path, b"Content-Length: -1\r\n", b"{}"),
        "two lengths": _post(path, b"Content-Length: 2\r\nContent-Length: 30\r\n", b"{}"),
        "length and chunks": _post(
            path, b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", b"0\r\n\r\nGET / HTTP/1.1\r\n\r\n"
        ),
        "chunks that are none": _post(path, b"Transfer-Encoding: chunked\r\n", b"zz\r\nhej\r\n0\r\n\r\n"),
        "a negative chunk": _post(path, b"Transfer-Encoding: chunked\r\n", b"-5\r\nhej\r\n0\r\n\r\n"),
        "a chunk with a sign": _post(path, b"Transfer-Encoding: chunked\r\n", b"+3\r\nhej\r\n0\r\n\r\n"),
        "an empty length": _post(path, b"Content-Length:\r\n", b"{}"),
        "an Arabic length": _post(path, b"Content-Length: \xd9\xa2\r\n", b"{}"),
        "a length with a sign": _post(path, b"Content-Length: +2\r\n", b"{}"),
        "a chunk of 4 GB": _post(path, b"Transfer-Encoding: chunked\r\n", b"ffffffff\r\nhej\r\n0\r\n\r\n"),
        "chunks without end": _post(path, b"Transfer-Encoding: chunked\r\n", b"400\r\n" + b"a" * 1024 + b"\r\n") * 200,
        "another encoding": _post(path, b"Transfer-Encoding: gzip\r\nContent-Length: 2\r\n", b"{}"),
        "a length of 10 GB": _post(path, b"Content-Length: 10000000000\r\n", b"{"),
        "10 MB": _post(path, b"Content-Length: 10000000\r\n", b'{"message": "' + b"a" * 9_999_985 + b'"}'),
        "fifty requests at once": _post(path, b"Content-Length: 2\r\n", b"{}") * 50,
        "an upgrade": get + b" HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
        "h2c": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    }


def send(port: int, data: bytes, patience: float = 2.0) -> bytes:
    """Send bytes and return what comes back before it ends, or within some seconds."""
    said = b""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=patience) as door:
        with contextlib.suppress(OSError):
            door.sendall(data)
            door.shutdown(socket.SHUT_WR)
        while part := door.recv(65536):
            said += part
    return said


def try_all(port: int, path: bytes, tally: Tally) -> None:
    """Send all that is broken, and note answers that are failures or tell of code."""
    for name, data in broken(path).items():
        said = send(port, data)
        tally.sent["raw"] += 1
        for status in re.findall(rb"^HTTP/1\.[01] (\d{3})", said, re.MULTILINE):
            tally.statuses[int(status)] += 1
            if status.startswith(b"5"):
                tally.wrong.append(f"raw, {name} at port {port}: {said[:300]!r}")
        if b" 200 OK" not in send(port, _HEALTH):
            tally.wrong.append(f"raw, {name} at port {port}: nobody gets an answer any more")
        if re.search(rb"Traceback|File \"/|line \d+, in", said):
            tally.wrong.append(f"raw, {name}: tells of code")


def slow_body(port: int, path: bytes, most: float = 40.0) -> float:
    """Send half a body and wait; return after how many seconds the server ends it."""
    began = time.monotonic()
    with socket.create_connection(("127.0.0.1", port), timeout=most) as door:
        door.sendall(_post(path, b"Content-Length: 100\r\n", b'{"message": '))
        with contextlib.suppress(OSError):
            while door.recv(65536):
                pass
    return time.monotonic() - began
