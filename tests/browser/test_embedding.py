"""The widget on another site, under that site's strict policy, by one script tag."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.async_api import BrowserContext, expect

from tests.browser.conftest import Guide, violations
from tests.conftest import Running


@pytest.fixture
def host(host_port: int, embedding: Running) -> Iterator[str]:
    """Another site with a page that embeds the chat, and styles that would spoil it without a shadow root."""
    page = f"""<!doctype html><html lang="en"><meta charset="utf-8"><title>Kommune</title>
    <link rel="stylesheet" href="/host.css"><script src="{embedding.url}/pulje-guide.js" defer></script>
    <main><h1>Kommune</h1><p>Tekst</p></main>
    <pulje-guide server="{embedding.url}/" pool="udsatte-boligomraader" title="Hjælp til puljer"
      texts='{{"launcher": "Få hjælp"}}'></pulje-guide>"""
    policy = f"default-src 'none'; script-src {embedding.url}; connect-src {embedding.url}; style-src 'self'"

    class Host(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            is_style = self.path.endswith(".css")
            body = "* { all: unset } button, p { display: none !important }" if is_style else page
            self.send_response(200)
            self.send_header("Content-Type", "text/css" if is_style else "text/html")
            self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", host_port), Host) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{host_port}/"
        server.shutdown()


async def test_it_works_on_another_site_under_a_strict_policy(context: BrowserContext, host: str) -> None:
    guide = Guide(await context.new_page())
    await guide.page.goto(host)
    launcher = guide.page.get_by_role("button", name="Få hjælp")
    await launcher.click()
    await expect(guide.page.get_by_role("dialog", name="Hjælp til puljer")).to_be_visible()
    await expect(guide.page.locator("pulje-guide")).to_have_attribute("lang", "da")
    await expect(guide.page.locator("pulje-guide")).not_to_have_attribute("title", "Hjælp til puljer")
    answer = await guide.say("Hvor mange penge er der i puljen?")
    await expect(answer).to_contain_text("1 mio. kr.")
    await answer.get_by_role("button", name="Ja").click()
    await expect(answer).to_contain_text("Tak for din vurdering.")
    await guide.page.reload()
    await expect(guide.items).to_have_count(3)
    assert (
        await guide.page.locator("pulje-guide .launcher").evaluate("node => getComputedStyle(node).display") != "none"
    )
    assert [one for one in await violations(guide.page) if "pulje-guide" in one] == []


async def test_removing_the_element_deletes_nothing(context: BrowserContext, host: str) -> None:
    guide = Guide(await context.new_page())
    asked: list[str] = []
    guide.page.on("request", lambda request: asked.append(request.url))
    await guide.page.goto(host)
    await guide.page.get_by_role("button", name="Få hjælp").click()
    await guide.say("hej")
    await guide.page.evaluate("document.querySelector('pulje-guide').remove()")
    assert not [url for url in asked if url.endswith("/delete")]
