// Server-sent events out of a response's body, cut at blank lines.

import { decodeEvent, type RunEvent } from "./events";

export type Frame = { id: string; event: RunEvent };

export async function* frames(body: ReadableStream<Uint8Array>): AsyncGenerator<Frame[]> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const cut = split(rest + decoder.decode(value, { stream: true }));
      rest = cut.rest;
      if (cut.frames.length) yield cut.frames;
    }
  } finally {
    reader.cancel().catch(() => undefined);
  }
}

export function split(text: string): { frames: Frame[]; rest: string } {
  const blocks = text.split("\n\n");
  const rest = blocks.pop() ?? "";
  return { frames: blocks.map(parse).filter((frame) => frame !== null), rest };
}

function parse(block: string): Frame | null {
  let id = "";
  let data = "";
  for (const line of block.split("\n")) {
    if (line.startsWith("id: ")) id = line.slice(4);
    else if (line.startsWith("data: ")) data = line.slice(6);
  }
  const event = data ? decodeEvent(data) : null;
  return event === null ? null : { id, event };
}
