// Which page is shown: `#/` the first one, `#/p/<id>` a project.

import { USER } from "./api.js";
import { h } from "./dom.js";
import { home } from "./home.js";
import { project } from "./project.js";

const main = document.getElementById("main");
let shown = null;
let firstMessage = null;

function open(id, text, attachments) {
  firstMessage = { text, attachments, user: USER };
  location.hash = `#/p/${encodeURIComponent(id)}`;
}

function show() {
  shown?.close();
  const match = /^#\/p\/([^/]+)$/.exec(location.hash);
  const message = firstMessage;
  firstMessage = null;
  shown = match ? project(decodeURIComponent(match[1]), message) : home(open);
  document.body.classList.toggle("at-work", Boolean(match));
  main.replaceChildren(shown.element);
}

window.addEventListener("hashchange", show);
window.addEventListener("unhandledrejection", (event) => {
  main.prepend(h("p", { class: "trouble", role: "alert" }, `This page made a mistake: ${event.reason?.message ?? event.reason}`));
});
show();
