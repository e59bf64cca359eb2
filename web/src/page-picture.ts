// Loaded into a page of the app when a person wants a picture of it; never part of the console's own page.

import { domToPng } from "modern-screenshot";

const LONGEST_PX = 1600;
const FETCH_LIMIT_MS = 5000;

declare global {
  interface Window { stackwrightPicture?: (element: Element | null) => Promise<string> }
}

// A PNG as data URL: of the element, or of what is seen of the page.
window.stackwrightPicture = (element) => {
  const box = element?.getBoundingClientRect() ?? { width: innerWidth, height: innerHeight };
  const scale = Math.min(1, LONGEST_PX / Math.max(1, box.width, box.height));
  const usual = { scale, timeout: FETCH_LIMIT_MS, backgroundColor: groundOf(element) };
  if (element) return domToPng(element, usual);
  const style = { transform: `translate(${-scrollX}px, ${-scrollY}px)`, transformOrigin: "0 0" };
  return domToPng(document.documentElement, { ...usual, width: innerWidth, height: innerHeight, style });
};

function groundOf(element: Element | null): string {
  for (let at: Element | null = element ?? document.body; at; at = at.parentElement) {
    const colour = getComputedStyle(at).backgroundColor;
    if (colour !== "transparent" && !colour.endsWith(", 0)")) return colour;
  }
  return "#ffffff";
}
