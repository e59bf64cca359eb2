// Addresses of the app, and what its page tells of where it is. Pure; what the page says is not trusted.

export type Told = { route: string; canGoBack: boolean; canGoForward: boolean };
const MOST = 2000;

// What was typed as a route of the app: always a path of its own origin.
export function routeOf(typed: string): string {
  const text = typed.trim().replace(/^[a-z][a-z0-9+.-]*:\/*[^/]*/i, "").replaceAll("\\", "/");
  return `/${text.replace(/^\/+/, "")}`.slice(0, MOST);
}

// The address of a route, or null when `base` is not a web address.
export function addressOf(base: string, route: string): string | null {
  if (!/^https?:\/\//i.test(base)) return null;
  try {
    const url = new URL(route, base);
    return url.origin === new URL(base).origin ? url.href : null;
  } catch {
    return null;
  }
}

export function toldBy(data: unknown): Told | null {
  if (typeof data !== "object" || data === null) return null;
  const { from, route, canGoBack, canGoForward } = data as Record<string, unknown>;
  if (from !== "stackwright-preview" || typeof route !== "string" || !route.startsWith("/") || route.length > MOST) return null;
  return { route, canGoBack: canGoBack === true, canGoForward: canGoForward === true };
}

export type PageLine =
  | { kind: "log"; level: "log" | "warn" | "error"; text: string }
  | { kind: "request"; path: string; status: number; ms: number };
export type Picked = { kind: "picked"; text: string; selector: string };
// `base64` is a PNG; empty: none could be made.
export type Picture = { kind: "picture"; base64: string };
const MOST_BASE64 = 6_000_000;
const PNG = /^data:image\/png;base64,([A-Za-z0-9+/]+={0,2})$/;

// What the app's page tells of itself beside its place. A request without status is one that did not come through.
export function newsOf(data: unknown): PageLine | Picked | Picture | null {
  if (typeof data !== "object" || data === null) return null;
  const { from, kind, level, text, path, status, ms, selector, data: picture } = data as Record<string, unknown>;
  if (from !== "stackwright-preview") return null;
  const short = (value: unknown) => (typeof value === "string" ? value.slice(0, MOST) : "");
  if (kind === "log") return { kind, level: level === "warn" || level === "error" ? level : "log", text: short(text) };
  if (kind === "request" && typeof path === "string" && typeof status === "number" && typeof ms === "number")
    return { kind, path: short(path), status: Math.trunc(status), ms: Math.max(0, Math.round(ms)) };
  if (kind === "picked") return { kind, text: short(text).slice(0, 200), selector: short(selector).slice(0, 500) };
  if (kind === "picture") return { kind, base64: typeof picture === "string" && picture.length <= MOST_BASE64 ? (PNG.exec(picture)?.[1] ?? "") : "" };
  return null;
}

export const isBad = (line: PageLine): boolean => (line.kind === "log" ? line.level === "error" : line.status >= 400 || line.status === 0);

export const asText = (line: PageLine): string => (line.kind === "log" ? `${line.level}: ${line.text}` : `${line.status || "no answer"} ${line.path} (${line.ms} ms)`);

// The beginning of a message about an element that was pointed at.
export function aboutElement({ text, selector }: Picked, route: string, place: string | null): string {
  const named = text ? `“${text.slice(0, 80)}” ` : "";
  return `About ${named}(${[`\`${selector.replaceAll("`", "")}\``, `on ${route}`, place].filter(Boolean).join(", ")}): `;
}

// A role of the app, as it is shown.
export const titled = (role: string): string => role.charAt(0).toUpperCase() + role.slice(1).replaceAll("_", " ");
