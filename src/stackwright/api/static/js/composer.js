// Where a person writes. Enter sends, Shift+Enter breaks the line.

import { attachments } from "./attachments.js";
import { h, icon } from "./dom.js";

export function composer({ placeholder, label, onSend, onStop = null, rows = 1 }) {
  const input = h("textarea", { rows, placeholder, "aria-label": label, maxLength: 100000, name: "message" });
  const sendButton = h("button", { class: "send", type: "submit", title: "Send", "aria-label": "Send", disabled: true }, icon("send"));
  const stopButton = h("button", { class: "stop", type: "button", hidden: true, onclick: stop }, icon("stop"), h("span", {}, "Stop"));
  const attached = attachments({ onChange: () => input.focus() });
  const form = h("form", { class: "composer" }, attached.parts, input, h("div", { class: "buttons" }, attached.button, onStop ? stopButton : null, sendButton));
  attached.listen(form);

  function fit() {
    sendButton.disabled = input.value.trim() === "";
    input.style.height = "auto";
    input.style.height = `${Math.min(input.scrollHeight, 260)}px`;
  }
  async function submit(event) {
    event?.preventDefault();
    const text = input.value.trim();
    if (!text) return;
    input.value = "";
    fit();
    onSend(text, await attached.take());
  }
  function stop() {
    stopButton.disabled = true;
    stopButton.lastChild.textContent = "Stopping…";
    onStop();
  }
  input.addEventListener("input", fit);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) submit(event);
  });
  form.addEventListener("submit", submit);
  return {
    element: form,
    fill(text) { input.value = text; fit(); input.focus(); },
    focus() { input.focus(); },
    setRunning(isRunning) {
      if (stopButton.hidden !== !isRunning) {
        stopButton.hidden = !isRunning;
        stopButton.disabled = false;
        stopButton.lastChild.textContent = "Stop";
      }
    },
  };
}
