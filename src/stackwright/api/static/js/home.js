// The first thing one sees: what do you want to build, and what was built before.

import { getJson, randomId, USER } from "./api.js";
import { composer } from "./composer.js";
import { ago, h } from "./dom.js";

const EXAMPLES = [
  ["Todo list", "Create a todo app with FastAPI and Next.js"],
  ["Library", "A library with books, authors and loans with due dates"],
  ["Issue tracker", "An issue tracker with priorities low, medium and high"],
  ["Recipes", "Recipes with ingredients and steps"],
  ["Invoices", "Invoices for clients with line items and a total"],
];
const SMALL = new Set(["a", "an", "the", "with", "and", "for", "of", "to", "app", "create", "build", "make", "me", "my"]);

export function home(open) {
  const box = composer({
    placeholder: "A library with books, authors and loans with due dates…",
    label: "What do you want to build?",
    rows: 3,
    onSend: (text, attachments) => open(idFrom(text), text, attachments),
  });
  const cost = h("p", { class: "estimate" });
  const list = h("div", { class: "projects" });
  const element = h("div", { class: "home" },
    h("section", { class: "hero" },
      h("h1", {}, "What do you want to build?"),
      h("p", { class: "lead" }, "One sentence becomes a running web application, with a database, checked in a real browser before it is called done."),
      box.element,
      cost,
      h("div", { class: "chips", role: "group", "aria-label": "Examples" },
        EXAMPLES.map(([name, text]) => h("button", { type: "button", onclick: () => box.fill(text) }, name)))),
    list);
  showProjects(list);
  showEstimate(cost);
  queueMicrotask(() => box.focus());
  return { element, close() {} };
}

async function showEstimate(line) {
  try {
    line.textContent = (await getJson(`/api/estimate?user_id=${encodeURIComponent(USER)}`)).sentence;
  } catch {
    line.textContent = ""; // the page works without it
  }
}

async function showProjects(list) {
  try {
    const { projects } = await getJson(`/api/users/${encodeURIComponent(USER)}/projects?limit=24`);
    if (!projects.length) return;
    list.replaceChildren(
      h("h2", {}, "Your projects"),
      h("ul", {}, projects.map((project) =>
        h("li", {}, h("a", { href: `#/p/${encodeURIComponent(project.id)}` },
          h("strong", {}, project.name), h("span", {}, `${project.id} · ${ago(project.updated_at)}`))))));
  } catch (error) {
    list.replaceChildren(h("p", { class: "trouble", role: "alert" }, `Your projects cannot be shown: ${error.message}`));
  }
}

function idFrom(sentence) {
  const words = sentence.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  const name = words.filter((word) => !SMALL.has(word)).slice(0, 3).join("-").slice(0, 40);
  return `${name || "app"}-${randomId(6)}`;
}
