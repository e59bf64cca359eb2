import { expect, it } from "vitest";
import { decodeEvent } from "./events";
import { frames, split } from "./sse";

const frame = (seq: number) => `id: r:${seq}\ndata: {"type":"agent_start","seq":${seq},"run_id":"r"}\n\n`;

it("cuts whole frames and keeps the rest", () => {
  const cut = split(`${frame(1)}: heartbeat\n\n${frame(2)}id: r:3\nda`);
  expect(cut.frames.map((one) => one.id)).toEqual(["r:1", "r:2"]);
  expect(cut.rest).toBe("id: r:3\nda");
});
it("passes over what is no event", () => {
  expect(split("data: nonsense\n\ndata: 5\n\ndata: {}\n\n").frames).toEqual([]);
  expect(decodeEvent('{"type":"x"}')).toBeNull();
});
it("reads a body that arrives byte by byte, characters of several bytes included", async () => {
  const bytes = new TextEncoder().encode(`id: r:1\ndata: {"type":"agent_thinking","seq":1,"run_id":"r","token":"é🙂"}\n\n`);
  const body = new ReadableStream<Uint8Array>({
    start(out) {
      for (const byte of bytes) out.enqueue(Uint8Array.of(byte));
      out.close();
    },
  });
  const got = [];
  for await (const batch of frames(body)) got.push(...batch);
  expect(got).toMatchObject([{ id: "r:1", event: { token: "é🙂" } }]);
});
