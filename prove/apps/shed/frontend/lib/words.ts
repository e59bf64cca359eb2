const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
const MONTH = new Intl.DateTimeFormat("en-GB", { month: "long", year: "numeric", timeZone: "UTC" });

/** 1250 → €12.50 */
export function euros(cents: number): string {
  return `€${(cents / 100).toFixed(2)}`;
}

/** What a person typed as euros; NaN if it is no amount. */
export function centsOf(typed: string): number {
  return Math.round(Number(typed.trim().replace(",", ".") || "0") * 100);
}

/** "2026-12-14" → 14 Dec 2026 */
export function dayOf(iso: string): string {
  return DAY.format(new Date(`${iso}T00:00:00Z`));
}

/** "2026-12" → December 2026 */
export function monthOf(iso: string): string {
  return MONTH.format(new Date(`${iso}-01T00:00:00Z`));
}

/** "garden, power" → ["garden", "power"] */
export function tagsOf(typed: string): string[] {
  return [...new Set(typed.split(",").map((tag) => tag.trim()))].filter(Boolean);
}
