// Where the preview is: the addresses that were opened from here, with a way back. Pure.

export type Places = { list: readonly string[]; at: number };

export const start: Places = { list: ["/"], at: 0 };
export const placeOf = ({ list, at }: Places): string => list[at] ?? "/";
export const canGo = ({ list, at }: Places, by: -1 | 1): boolean => list[at + by] !== undefined;
export const moved = (places: Places, by: -1 | 1): Places => (canGo(places, by) ? { ...places, at: places.at + by } : places);

export function opened(places: Places, path: string): Places {
  if (path === placeOf(places)) return places;
  const list = [...places.list.slice(0, places.at + 1), path].slice(-100);
  return { list, at: list.length - 1 };
}

// What was typed as a route of the app: always a path of its own origin.
export function routeOf(typed: string): string {
  const text = typed.trim().replace(/^[a-z][a-z0-9+.-]*:\/*[^/]*/i, "").replaceAll("\\", "/");
  return `/${text.replace(/^\/+/, "")}`.slice(0, 2000);
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
