"""The ceiling of signaling: the same WebSocket library, and what one page says goes to the other.

Nothing is checked, kept or numbered. Whoever connects first to a path waits there for the second.
"""

import sys

import uvloop
from websockets.asyncio.server import ServerConnection, serve

waiting: dict[str, ServerConnection] = {}
partners: dict[ServerConnection, ServerConnection] = {}


async def relay(socket: ServerConnection) -> None:
    name = str(await socket.recv())
    if other := waiting.pop(name, None):
        partners[socket], partners[other] = other, socket
    else:
        waiting[name] = socket
    await socket.send(name)
    async for text in socket:
        if (partner := partners.get(socket)) is not None:
            await partner.send(text)


async def main(port: int) -> None:
    async with serve(relay, "127.0.0.1", port, compression=None, ping_interval=None) as server:
        await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1])))
