"""A separate action server is asked over connections that stay open."""

from __future__ import annotations

import asyncio

import pytest
from aiohttp import ClientError

from rasa_project import remote_actions
from rasa_project.remote_actions import ActionServer

ANSWER = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 13\r\n\r\n{"events":[]}'


class Server:
    """Answers every request the same, and counts the connections."""

    def __init__(self) -> None:
        self.connections = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        while head := await self._head(reader):
            length = next(int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
            await reader.readexactly(length)
            writer.write(ANSWER)
        writer.close()

    @staticmethod
    async def _head(reader: asyncio.StreamReader) -> bytes:
        try:
            return await reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError:  # the client is gone
            return b""


async def test_messages_share_a_connection_until_it_is_closed() -> None:
    counting = Server()
    server = await asyncio.start_server(counting.serve, "127.0.0.1", 0)
    address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/webhook"
    for _ in range(5):
        assert await ActionServer(address).request(json={"next_action": "action_answer"}) == {"events": []}
    assert counting.connections == 1
    await asyncio.gather(*(ActionServer(address).request(json={}) for _ in range(3)))
    assert counting.connections == 3
    await remote_actions.close()
    assert await ActionServer(address).request(json={}) == {"events": []}
    assert counting.connections == 4
    await remote_actions.close()
    await stopped(server)


async def stopped(server: asyncio.AbstractServer) -> None:
    """Stop a server, and let it notice that its clients are gone."""
    server.close()
    await server.wait_closed()
    await asyncio.sleep(0.05)


async def test_a_server_that_is_away_is_told_and_asked_again() -> None:
    counting = Server()
    server = await asyncio.start_server(counting.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    endpoint = ActionServer(f"http://127.0.0.1:{port}/webhook")
    await endpoint.request(json={})
    await remote_actions.close()
    await stopped(server)
    with pytest.raises(ClientError):
        await endpoint.request(json={})
    server = await asyncio.start_server(counting.serve, "127.0.0.1", port)
    assert await endpoint.request(json={}) == {"events": []}
    await remote_actions.close()
    await stopped(server)
