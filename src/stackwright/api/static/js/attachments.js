// Pictures and text files that go with a message: chosen, pasted or dropped.

import { h, icon } from "./dom.js";

const MAX_FILES = 5;
const MAX_BYTES = 10_000_000;

export function attachments({ onChange }) {
  let files = [];
  const list = h("ul", { class: "attached", hidden: true, "aria-label": "Attachments" });
  const trouble = h("p", { class: "trouble", role: "alert", hidden: true });
  const picker = h("input", { type: "file", multiple: true, hidden: true, accept: "image/png,image/jpeg,image/gif,image/webp,text/*,.md,.csv,.json",
    onchange: () => { add(picker.files); picker.value = ""; } });
  const button = h("button", { class: "attach", type: "button", title: "Attach pictures or text files", "aria-label": "Attach files", onclick: () => picker.click() }, icon("clip"));

  function add(added) {
    const all = [...files, ...added];
    complain("");
    if (all.length > MAX_FILES) return complain(`A message may have ${MAX_FILES} attachments.`);
    if (all.reduce((sum, file) => sum + file.size, 0) > MAX_BYTES) return complain("The attachments of a message may have 10 MB.");
    files = all;
    draw();
  }
  function remove(file) {
    files = files.filter((one) => one !== file);
    draw();
  }
  function complain(text) {
    trouble.textContent = text;
    trouble.hidden = !text;
  }
  function draw() {
    list.hidden = files.length === 0;
    list.replaceChildren(...files.map((file) =>
      h("li", {}, h("span", {}, file.name),
        h("button", { type: "button", title: `Remove ${file.name}`, "aria-label": `Remove ${file.name}`, onclick: () => remove(file) }, icon("cross", 13)))));
    onChange();
  }
  function listen(place) {
    place.addEventListener("paste", (event) => {
      if (!event.clipboardData.files.length) return;
      event.preventDefault();
      add(event.clipboardData.files);
    });
    place.addEventListener("dragover", (event) => event.preventDefault());
    place.addEventListener("drop", (event) => {
      event.preventDefault();
      add(event.dataTransfer.files);
    });
  }
  return {
    parts: [list, trouble, picker],
    button,
    listen,
    // What a request carries; the files are given away.
    async take() {
      const taken = files;
      files = [];
      complain("");
      draw();
      return Promise.all(taken.map(async (file) => ({ name: file.name || "pasted.png", data: await addressOf(file) })));
    },
  };
}

function addressOf(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.onerror = () => reject(new Error(`${file.name} cannot be read.`));
    reader.readAsDataURL(file);
  });
}

// Below a message: what came with it, as the platform keeps it.
export function drawAttachments(sent) {
  if (!sent?.length) return null;
  return h("div", { class: "sent" }, sent.map((one) =>
    one.url
      ? h("a", { href: one.url, target: "_blank", rel: "noopener" }, h("img", { src: one.url, alt: one.name, loading: "lazy" }))
      : h("span", { class: "file" }, one.name)));
}
