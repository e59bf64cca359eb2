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
