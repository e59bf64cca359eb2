// Opens xterm.js on a page whose policy forbids style elements and style attributes: what it writes into them goes
// where the policy allows it, into adopted style sheets and the elements' `style` objects.

import type { Terminal } from "@xterm/xterm";

// The one private place of xterm.js that is used: it gives characters their exact colours.
type Inside = { _core?: { _renderService?: { _renderer?: { value?: { _rowFactory?: { _addStyle?: (element: HTMLElement, style: string) => void } } } } } };

// All its style elements are made while it opens. Returns what takes their rules from the page again.
export function openStrictly(screen: Terminal, host: HTMLElement): () => void {
  const sheets: CSSStyleSheet[] = [];
  const create = document.createElement.bind(document);
  document.createElement = ((name: string, options?: ElementCreationOptions) => (name === "style" ? sheetAsElement(create, sheets) : create(name, options))) as Document["createElement"];
  try {
    screen.open(host);
  } finally {
    Reflect.deleteProperty(document, "createElement");
  }
  const rows = (screen as unknown as Inside)._core?._renderService?._renderer?.value?._rowFactory;
  if (rows) rows._addStyle = (element, style) => { element.style.cssText += style; };
  return () => { document.adoptedStyleSheets = document.adoptedStyleSheets.filter((sheet) => !sheets.includes(sheet)); };
}

// Stands where the style element would; its text becomes an adopted style sheet.
function sheetAsElement(create: Document["createElement"], sheets: CSSStyleSheet[]): HTMLElement {
  const sheet = new CSSStyleSheet();
  sheets.push(sheet);
  document.adoptedStyleSheets.push(sheet);
  const element = create("span");
  element.hidden = true;
  Object.defineProperty(element, "textContent", { get: () => "", set: (css: string) => sheet.replaceSync(css) });
  return element;
}
