// What a shell writes -> lines of coloured text. Pure. It knows the line that the cursor is in, as a shell's own editing
// needs it, and no full screen: what moves beyond that line is passed over.

export type Style = { colour: number | null; isBold: boolean };
export type Cell = { text: string; style: Style };
export type Screen = { lines: Cell[][]; at: number; style: Style; rest: string };

const MOST_LINES = 2000;
const MOST_CELLS = 4000;
const PLAIN: Style = { colour: null, isBold: false };

export const emptyScreen: Screen = { lines: [[]], at: 0, style: PLAIN, rest: "" };

// Sequences: with parameters (CSI), with a text (OSC), others of one sign.
// eslint-disable-next-line no-control-regex
const SEQUENCE = /^\x1b(?:\[([0-9;?<=>!]*)[ -/]*([@-~])|\][^\x07\x1b]*(?:\x07|\x1b\\)|[()#%][0-9A-Za-z]|[^[\]()#%])/;
const LONGEST_SEQUENCE = 500;

export function written(screen: Screen, piece: string): Screen {
  let text = screen.rest + piece;
  const lines = screen.lines.slice();
  let row = (lines.at(-1) ?? []).slice();
  let { at, style } = screen;
  let rest = "";
  const put = (sign: string) => {
    while (row.length < at) row.push({ text: " ", style: PLAIN });
    if (at < MOST_CELLS) row[at++] = { text: sign, style };
  };
  while (text) {
    if (text[0] === "\x1b") {
      const found = SEQUENCE.exec(text);
      if (!found) {
        if (text.length < LONGEST_SEQUENCE) { rest = text; break; }
        text = text.slice(1);
        continue;
      }
      text = text.slice(found[0].length);
      const [count = 0] = numbers(found[1]);
      switch (found[2]) {
        case "m": style = styled(style, numbers(found[1])); break;
        case "C": at = Math.min(MOST_CELLS, at + (count || 1)); break;
        case "D": at = Math.max(0, at - (count || 1)); break;
        case "G": at = Math.max(0, Math.min(MOST_CELLS, (count || 1) - 1)); break;
        case "K": if (count === 0) row = row.slice(0, at); else if (count === 2) row = []; break;
        case "P": row.splice(at, count || 1); break;
        case "@": row.splice(at, 0, ...Array.from({ length: Math.min(count || 1, 200) }, () => ({ text: " ", style: PLAIN }))); break;
        case "J": if (count >= 2) { lines.length = 0; lines.push([]); row = []; at = 0; } else row = row.slice(0, at); break;
      }
      continue;
    }
    const sign = String.fromCodePoint(text.codePointAt(0) ?? 32);
    text = text.slice(sign.length);
    if (sign === "\n") {
      lines[lines.length - 1] = row;
      row = [];
      lines.push(row);
      if (lines.length > MOST_LINES) lines.shift();
    } else if (sign === "\r") at = 0;
    else if (sign === "\b") at = Math.max(0, at - 1);
    else if (sign === "\t") at = Math.min(MOST_CELLS, (Math.floor(at / 8) + 1) * 8);
    else if (sign >= " " && sign !== "\x7f") put(sign);
  }
  lines[lines.length - 1] = row;
  return { lines, at, style, rest };
}

// Neighbours of one style as one piece, to be drawn as text.
export function pieces(line: readonly Cell[]): Cell[] {
  const merged: Cell[] = [];
  for (const cell of line) {
    const last = merged.at(-1);
    if (last && last.style === cell.style) last.text += cell.text;
    else merged.push({ ...cell });
  }
  return merged;
}

const numbers = (given = ""): number[] => given.replace(/^[?<=>!]+/, "").split(";").map((one) => Math.min(9999, Number(one) || 0));

function styled(style: Style, codes: number[]): Style {
  let next = style;
  for (const code of codes) {
    if (code === 0) next = PLAIN;
    else if (code === 1) next = { ...next, isBold: true };
    else if (code === 22) next = { ...next, isBold: false };
    else if (code >= 30 && code <= 37) next = { ...next, colour: code - 30 };
    else if (code >= 90 && code <= 97) next = { ...next, colour: code - 90 };
    else if (code === 39) next = { ...next, colour: null };
    else if (code === 38 || code === 48) break;
  }
  return next;
}

const KEYS: Record<string, string> = {
  Enter: "\r", Backspace: "\x7f", Delete: "\x1b[3~", ArrowUp: "\x1b[A", ArrowDown: "\x1b[B", ArrowRight: "\x1b[C", ArrowLeft: "\x1b[D",
  Home: "\x1b[H", End: "\x1b[F", Tab: "\t",
};

type Press = { key: string; ctrlKey: boolean; altKey: boolean; metaKey: boolean; shiftKey: boolean };

// What a key sends to the shell; null: the key is the browser's. Shift Tab leaves the terminal.
export function sentBy({ key, ctrlKey, altKey, metaKey, shiftKey }: Press): string | null {
  if (metaKey || (key === "Tab" && shiftKey)) return null;
  if (ctrlKey && !altKey) return /^[a-z]$/i.test(key) && !(shiftKey && /^[cv]$/i.test(key)) && key.toLowerCase() !== "v" ? String.fromCharCode(key.toLowerCase().charCodeAt(0) - 96) : null;
  if (Object.hasOwn(KEYS, key)) return KEYS[key] ?? null;
  return [...key].length === 1 && (!altKey || ctrlKey) ? key : null;
}
