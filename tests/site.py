"""A small website on this machine that tests fetch pages from."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Site:
    """Pages by path: what they answer (status, type, body). What was asked is kept."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.pages: dict[str, tuple[int, str, bytes]] = {}
        self.moved: dict[str, str] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []

    def put(self, path: str, body: str | bytes, kind: str = "text/html; charset=utf-8", status: int = 200) -> str:
        """Give a page its content, and return its address."""
        self.pages[path] = (status, kind, body if isinstance(body, bytes) else body.encode())
        return self.url + path

    def paths(self) -> list[str]:
        """Return what was asked for, robots.txt aside."""
        return [path for path, _ in self.asked if path != "/robots.txt"]


@contextmanager
def serving() -> Iterator[Site]:
    """Serve a site until the end; its pages carry an ETag."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append((self.path, dict(self.headers)))
            status, kind, body = site.pages.get(self.path, (404, "text/plain", b""))
            tag = f'"{hash(body)}"'
            if self.path in site.moved:
                self.send_response(302)
                self.send_header("Location", site.moved[self.path])
                body = b""
            elif status == 200 and self.headers.get("If-None-Match") == tag:
                self.send_response(304)
                body = b""
            else:
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("ETag", tag)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site = Site(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
