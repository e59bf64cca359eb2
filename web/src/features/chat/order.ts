// The same list with one item a place earlier or later; null when it has no such place.
export function moved<T>(items: readonly T[], at: number, by: -1 | 1): T[] | null {
  const to = at + by;
  if (at < 0 || at >= items.length || to < 0 || to >= items.length) return null;
  const changed = [...items];
  changed.splice(to, 0, ...changed.splice(at, 1));
  return changed;
}
