// Rules of the console that no compiler checks: which part may use which, and words that people need not know.

import ts from "typescript";
import { expect, it } from "vitest";

const SOURCES = import.meta.glob<string>("./**/*.{ts,tsx}", { query: "?raw", import: "default", eager: true });
const FILES = Object.entries(SOURCES).filter(([path]) => !/\.(test|d)\.tsx?$/.test(path))
  .map(([path, text]) => ts.createSourceFile(path.slice(2), text, ts.ScriptTarget.Latest, true, path.endsWith("x") ? ts.ScriptKind.TSX : ts.ScriptKind.TS));

// "features/chat/chat.tsx" and "../../shared/api/client" make "shared/api/client".
const resolved = (from: string, name: string): string => new URL(name, `file:///${from}`).pathname.slice(1);

// app → features → shared; a feature uses no other feature.
const mayUse = (from: string, to: string): boolean => {
  const [layer, feature] = from.split("/");
  const [used, other] = to.split("/");
  if (layer === "app" || from === "main.tsx") return true;
  if (layer === "features") return used === "shared" || (used === "features" && other === feature);
  return used === "shared" && layer === "shared";
};

function imported(file: ts.SourceFile): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const named = ts.isImportDeclaration(node) || ts.isExportDeclaration(node) ? node.moduleSpecifier
      : ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword ? node.arguments[0] : undefined;
    if (named && ts.isStringLiteralLike(named) && named.text.startsWith(".")) found.push(named.text);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

it("lets app use features, features use shared, and nothing the other way", () => {
  expect(mayUse("features/chat/chat.tsx", "features/code/tree")).toBe(false);
  expect(mayUse("shared/run/turn.ts", "features/chat/order")).toBe(false);
  const uses = FILES.flatMap((file) => imported(file).map((name) => [file.fileName, resolved(file.fileName, name)] as const));
  expect(uses.length).toBeGreaterThan(200);
  const wrong = uses.filter(([from, to]) => !mayUse(from, to)).map(([from, to]) => `${from} uses ${to}`);
  expect(wrong).toEqual([]);
});

// What only builders of the platform say. "a run" is a word of ours, "to run" is none.
const JARGON = /\b(sandbox(es)?|runs? id|gates?|witness(es)?|LLMs?|tokeni[sz]er|worktree|payload|backend error|endpoint|scaffold(ed|ing)?|a run|this run|the run|each run|HTTP \d|SSE|JSON|stack ?trace|workspace|offline model|manifest|digest)\b/i;

// Texts that people read: what stands between tags, and in attributes and strings that begin like a sentence.
const SPOKEN = new Set(["title", "label", "placeholder", "aria-label", "alt"]);

function spoken(file: ts.SourceFile): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isTypeNode(node)) return;
    if (ts.isJsxAttribute(node) && !SPOKEN.has(node.name.getText()) && node.initializer && ts.isStringLiteral(node.initializer)) return;
    if (ts.isJsxText(node)) found.push(node.text);
    else if ((ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddle(node) || ts.isTemplateTail(node)) && isSentence(node)) found.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(file);
  // What a frame may do is told to browsers.
  return found.map((text) => text.replaceAll(/\s+/g, " ").trim()).filter((text) => text && !text.startsWith("allow-"));
}

// Code words (class names, keys, addresses) have no capital at the beginning and no words with blanks between.
const isSentence = (node: { text: string; parent: ts.Node }): boolean => {
  const { text } = node;
  if (ts.isPropertyAssignment(node.parent) && node.parent.name === node) return false;
  return (/^[A-Z“]/.test(text) && !text.startsWith("/")) || (/[a-z] [a-z]/.test(text) && !/[[\]=:]|\b(flex|grid|text-|rounded|border)\b/.test(text));
};

it("says nothing that only builders of the platform understand", () => {
  expect(JARGON.test("The run's sandbox")).toBe(true);
  expect(JARGON.test("Run the app again")).toBe(false);
  const texts = FILES.flatMap((file) => spoken(file).map((text) => `${file.fileName}: ${text}`));
  expect(texts.length).toBeGreaterThan(300);
  expect(texts.filter((text) => JARGON.test(text.slice(text.indexOf(": "))))).toEqual([]);
});
