// Languages of the editor, each loaded when the first file of its kind is opened.

import type { Extension } from "@codemirror/state";

type Load = () => Promise<Extension>;

const python: Load = async () => (await import("@codemirror/lang-python")).python();
const script = (jsx: boolean, typescript: boolean): Load => async () => (await import("@codemirror/lang-javascript")).javascript({ jsx, typescript });
const LOADERS: Record<string, Load> = {
  py: python,
  ts: script(false, true), tsx: script(true, true), mts: script(false, true),
  js: script(false, false), jsx: script(true, false), mjs: script(false, false), cjs: script(false, false),
  json: async () => (await import("@codemirror/lang-json")).json(),
  css: async () => (await import("@codemirror/lang-css")).css(),
  html: async () => (await import("@codemirror/lang-html")).html(),
  md: async () => (await import("@codemirror/lang-markdown")).markdown(),
  yml: async () => (await import("@codemirror/lang-yaml")).yaml(),
  yaml: async () => (await import("@codemirror/lang-yaml")).yaml(),
};

export async function languageOf(path: string): Promise<Extension> {
  const load = LOADERS[path.slice(path.lastIndexOf(".") + 1).toLowerCase()];
  return load ? load() : [];
}
