// The finished app beside the conversation: an origin of its own, in a frame.

import { h, icon } from "./dom.js";

export class Preview {
  constructor() {
    this.url = null;
    this.address = h("span", { class: "address" });
    this.link = h("a", { class: "tool", target: "_blank", rel: "noopener", title: "Open in a new tab", "aria-label": "Open the app in a new tab" }, icon("open"));
    this.again = h("button", { class: "tool", type: "button", title: "Load again", "aria-label": "Load the app again", onclick: () => this.reload() }, icon("reload"));
    this.sizes = h("div", { class: "sizes", role: "group", "aria-label": "Width" },
      ["Full", "Tablet", "Phone"].map((name, index) =>
        h("button", { type: "button", "aria-pressed": index === 0 ? "true" : "false", onclick: (event) => this.#resize(name, event.currentTarget) }, name)));
    this.bar = h("div", { class: "preview-bar" }, this.again, this.address, this.sizes, this.link);
    this.stage = h("div", { class: "stage" });
    this.element = h("section", { class: "preview", "aria-label": "Your app" }, this.bar, this.stage);
    this.wait("Your app appears here", "");
  }

  wait(title, text) {
    if (this.url) return;
    this.bar.hidden = true;
    this.stage.replaceChildren(
      h("div", { class: "ghost" },
        h("div", { class: "ghost-window", "aria-hidden": "true" },
          h("i"), h("i"), h("i"), h("b"), h("b"), h("b"), h("b")),
        h("h2", {}, title), h("p", {}, text)));
  }

  show(url) {
    if (!url) return;
    let parsed;
    try {
      parsed = new URL(url);
    } catch {
      return;
    }
    if (!["http:", "https:"].includes(parsed.protocol) || parsed.href === this.url) return;
    this.url = parsed.href;
    this.bar.hidden = false;
    this.link.href = this.url;
    this.address.textContent = parsed.host.replace(/^(\d+)-([a-z0-9]{6})[a-z0-9]*/, "$1-$2…");
    this.frame = h("iframe", {
      title: "The app", src: this.url, allow: "clipboard-write",
      sandbox: "allow-scripts allow-same-origin allow-forms allow-modals allow-popups allow-downloads",
    });
    this.stage.replaceChildren(this.frame);
  }

  reload() {
    if (this.frame) this.frame.src = this.url;
  }

  #resize(name, button) {
    this.stage.dataset.size = name.toLowerCase();
    for (const other of this.sizes.children) other.setAttribute("aria-pressed", String(other === button));
  }
}
