// CodeMirror. It lives in a shadow root: there its styles are adopted style sheets, which the page's policy allows.

import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { bracketMatching, foldGutter, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState, type Extension } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { useEffect, useRef } from "react";
import { languageOf } from "./languages";

const COLOURS = HighlightStyle.define([
  { tag: [tags.keyword, tags.modifier, tags.operatorKeyword], color: "light-dark(#7a2fa0, #d3a3f5)" },
  { tag: [tags.string, tags.special(tags.string)], color: "light-dark(#156b3c, #8ed6a5)" },
  { tag: [tags.number, tags.bool, tags.null], color: "light-dark(#9a4a00, #f0b377)" },
  { tag: [tags.comment], color: "light-dark(#66625a, #9a9aa5)", fontStyle: "italic" },
  { tag: [tags.function(tags.variableName), tags.function(tags.propertyName)], color: "light-dark(#2c3fae, #a9b2ff)" },
  { tag: [tags.typeName, tags.className, tags.tagName], color: "light-dark(#8a2b2b, #ff9d94)" },
  { tag: [tags.attributeName, tags.propertyName], color: "light-dark(#4d4a00, #dccf7a)" },
  { tag: tags.heading, fontWeight: "650" },
  { tag: tags.link, textDecoration: "underline" },
]);
const LOOK = EditorView.theme({
  "&": { height: "100%", color: "var(--color-ink)", backgroundColor: "var(--color-paper)", fontSize: "0.8125rem" },
  ".cm-scroller": { fontFamily: "var(--font-mono)", lineHeight: "1.25rem" },
  ".cm-content": { caretColor: "var(--color-ink)", paddingBlock: "0.5rem" },
  ".cm-cursor": { borderLeftColor: "var(--color-ink)" },
  "&.cm-focused": { outline: "none" },
  ".cm-gutters": { backgroundColor: "var(--color-paper)", color: "var(--color-soft)", border: "none" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "light-dark(#1c1b190a, #ffffff0a)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { background: "light-dark(#cfd3f7, #3a3f78)" },
  ".cm-panels": { backgroundColor: "var(--color-sunk)", color: "var(--color-ink)", borderColor: "var(--color-line)" },
  ".cm-panel input, .cm-panel button": { font: "inherit", color: "var(--color-ink)", background: "var(--color-paper)", border: "1px solid var(--color-line)", borderRadius: "6px" },
  ".cm-matchingBracket": { backgroundColor: "var(--color-tint)" },
});

type Props = {
  path: string; text: string; isReadOnly: boolean; line: number | null; follows?: boolean;
  onChange: (text: string) => void; onSave: () => void;
};

export default function Editor({ path, text, isReadOnly, line, follows = false, onChange, onSave }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const parts = useRef({ language: new Compartment(), access: new Compartment() });
  const latest = useRef({ onChange, onSave });
  latest.current = { onChange, onSave };

  useEffect(() => {
    const shadow = host.current?.shadowRoot ?? host.current?.attachShadow({ mode: "open" });
    if (!shadow) return;
    const { language, access } = parts.current;
    const made = new EditorView({
      parent: shadow as unknown as HTMLElement, root: shadow,
      state: EditorState.create({ doc: text, extensions: [basics(path, () => latest.current.onSave()), access.of(readOnly(isReadOnly)), language.of([]),
        EditorView.updateListener.of((update) => { if (update.docChanged) latest.current.onChange(update.state.doc.toString()); })] }),
    });
    view.current = made;
    let isGone = false;
    void languageOf(path).then((extension) => { if (!isGone) made.dispatch({ effects: language.reconfigure(extension) }); });
    return () => { isGone = true; made.destroy(); view.current = null; };
    // The view is made anew for another file only; its text is brought in below.
  }, [path]);

  useEffect(() => {
    view.current?.dispatch({ effects: parts.current.access.reconfigure(readOnly(isReadOnly)) });
  }, [isReadOnly, path]);

  useEffect(() => {
    const now = view.current;
    if (!now || now.state.doc.toString() === text) return;
    now.dispatch({ changes: difference(now.state.doc.toString(), text) });
    if (follows) now.dispatch({ effects: EditorView.scrollIntoView(now.state.doc.length) });
  }, [text, path, follows]);

  useEffect(() => {
    const now = view.current;
    if (!now || line === null) return;
    const place = now.state.doc.line(Math.min(Math.max(1, line), now.state.doc.lines)).from;
    now.dispatch({ selection: { anchor: place }, effects: EditorView.scrollIntoView(place, { y: "center" }) });
    now.focus();
  }, [line, path]);

  return <div ref={host} className="h-full min-h-0 overflow-hidden" data-editor />;
}

function basics(path: string, save: () => void): Extension {
  return [
    lineNumbers(), foldGutter(), history(), drawSelection(), indentOnInput(), bracketMatching(), highlightActiveLine(), highlightActiveLineGutter(),
    highlightSelectionMatches(), search({ top: true }), syntaxHighlighting(COLOURS), LOOK, indentUnit.of(path.endsWith(".py") ? "    " : "  "),
    EditorView.contentAttributes.of({ "aria-label": `Text of ${path}`, spellcheck: "false", tabindex: "0" }),
    keymap.of([{ key: "Mod-s", preventDefault: true, run: () => { save(); return true; } }, ...defaultKeymap, ...historyKeymap, ...searchKeymap, indentWithTab]),
  ];
}

const readOnly = (is: boolean): Extension => [EditorState.readOnly.of(is), EditorView.editable.of(!is)];

// The one piece that differs: the cursor and what was undone survive outside of it.
export function difference(before: string, after: string): { from: number; to: number; insert: string } {
  let from = 0;
  while (from < before.length && from < after.length && before[from] === after[from]) from += 1;
  let end = 0;
  while (end < before.length - from && end < after.length - from && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1;
  return { from, to: before.length - end, insert: after.slice(from, after.length - end) };
}
