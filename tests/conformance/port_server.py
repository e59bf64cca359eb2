"""Runs inside a sandbox, by its own text: a server of HTTP, streams and WebSockets on a port."""

PROGRAM = """
import asyncio, base64, hashlib

async def serve(reader, writer):
    head = (await reader.readuntil(b"\\r\\n\\r\\n")).decode()
    lines = dict(l.lower().split(": ", 1) for l in head.split("\\r\\n")[1:] if l)
    exact = dict(l.split(": ", 1) for l in head.split("\\r\\n")[1:] if l)
    if lines.get("upgrade") == "websocket":
        key = next(v for k, v in exact.items() if k.lower() == "sec-websocket-key")
        digest = hashlib.sha1((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest()
        writer.write(b"HTTP/1.1 101 Switching Protocols\\r\\nUpgrade: websocket\\r\\n"
                     b"Connection: Upgrade\\r\\nSec-WebSocket-Accept: "
                     + base64.b64encode(digest) + b"\\r\\n\\r\\n")
        while True:
            first, second = await reader.readexactly(2)
            mask = await reader.readexactly(4)
            data = await reader.readexactly(second & 127)
            data = bytes(b ^ mask[i % 4] for i, b in enumerate(data))
            if first & 15 == 8:
                writer.write(bytes([0x88, len(data)]) + data)
                break
            writer.write(bytes([0x81, len(data) + 5]) + b"echo:" + data)
    elif head.startswith("GET /stream"):
        writer.write(b"HTTP/1.1 103 Early Hints\\r\\n\\r\\n")
        writer.write(b"HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n")
        for n in range(3):
            writer.write(b"2\\r\\n%d\\n\\r\\n" % n)
            await writer.drain()
        writer.write(b"0\\r\\n\\r\\n")
    elif head.startswith("GET /cut-off"):
        writer.write(b"HTTP/1.1 200 OK\\r\\nContent-Length: 1000\\r\\n\\r\\nhalf")
    elif head.startswith("POST"):
        body = await reader.readexactly(int(lines["content-length"]))
        writer.write(b"HTTP/1.1 200 OK\\r\\nContent-Length: %d\\r\\n\\r\\n" % len(body) + body)
    else:
        said = head.split(" ")[1] + " for " + lines["host"]
        writer.write(b"HTTP/1.0 200 OK\\r\\n\\r\\n" + said.encode())
    await writer.drain()
    writer.close()

async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 3000)
    open("/tmp/listening", "w").close()
    await server.serve_forever()

asyncio.run(main())
"""

TLS_PROGRAM = """
import http.server, ssl
server = http.server.ThreadingHTTPServer(("127.0.0.1", 8443), http.server.SimpleHTTPRequestHandler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain("cert.pem", "key.pem")
server.socket = context.wrap_socket(server.socket, server_side=True)
open("/tmp/listening", "w").close()
server.serve_forever()
"""
