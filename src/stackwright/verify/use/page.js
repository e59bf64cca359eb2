/* Laid into every page of a check that uses it: what is shown, what can be filled, pressed and read. */
(() => {
  if (window.__proof) return;
  const proof = (window.__proof = { changes: 0 });
  let next = 1;
  new MutationObserver((list) => {
    proof.changes += list.filter((one) => one.attributeName !== "data-proof").length;
  }).observe(document, { subtree: true, childList: true, attributes: true, characterData: true });

  const isShown = (element) => {
    const box = element.getBoundingClientRect();
    const options = { checkOpacity: true, checkVisibilityCSS: true };
    return box.width > 1 && box.height > 1 && element.checkVisibility(options);
  };
  const MAX_LINES = 3000, MAX_CHARS = 500000;
  const short = (text) => (text ?? "").replace(/\s+/g, " ").trim().slice(0, 80);
  const byIds = (ids) => (ids ?? "").split(/\s+/).map((id) => document.getElementById(id)?.innerText ?? "").join(" ");
  const nameOf = (element) =>
    short(element.getAttribute("aria-label")) || short(byIds(element.getAttribute("aria-labelledby"))) ||
    short(element.innerText) || short(element.value) || short(element.title) ||
    short(element.querySelector("img")?.alt) || short(element.querySelector("title")?.textContent);
  const labelOf = (field) =>
    short(field.labels?.[0]?.innerText) || short(field.getAttribute("aria-label")) ||
    short(byIds(field.getAttribute("aria-labelledby"))) || short(field.placeholder) || short(field.name);
  const idOf = (element) => {
    if (!element.dataset.proof) element.dataset.proof = String(next++);
    return element.dataset.proof;
  };
  const FIELDS = "input:not([type=hidden]):not([type=submit]):not([type=button]):not([type=reset]):not([type=image]), select, textarea";
  const BUTTONS = "button, [role=button], input[type=button], input[type=submit], summary, [role=menuitem], [role=tab]";
  const fieldOf = (field) => ({
    id: idOf(field),
    kind: field.tagName === "INPUT" ? field.type : field.tagName.toLowerCase(),
    label: labelOf(field), name: field.name, mode: field.inputMode, help: field.autocomplete ?? "", value: field.value, checked: field.checked === true,
    isRequired: field.required || field.getAttribute("aria-required") === "true",
    min: field.min ?? "", max: field.max ?? "", step: field.step ?? "", pattern: field.pattern ?? "",
    maxLength: field.maxLength > 0 ? field.maxLength : null,
    options: field.tagName === "SELECT" ? [...field.options].filter((one) => !one.disabled).map((one) => one.value) : [],
  });
  const isSubmit = (button) =>
    (button.tagName === "BUTTON" || button.tagName === "INPUT") && button.type === "submit" && button.form !== null;
  const usable = (root, selector) => [...root.querySelectorAll(selector)].filter((one) => isShown(one) && !one.matches(":disabled, [aria-disabled=true]"));

  const groupOf = (field) => {
    for (let parent = field.parentElement; parent && parent !== document.body; parent = parent.parentElement)
      if (usable(parent, BUTTONS).length > 0) return parent;
    return null;
  };
  /** Forms, and fields without one together with the nearest button. Filters have none or reset only. */
  proof.forms = () => {
    const roots = new Map();
    for (const field of usable(document, FIELDS)) {
      if (field.readOnly) continue;
      const root = field.form ?? groupOf(field);
      if (root) roots.set(root, [...(roots.get(root) ?? []), field]);
    }
    return [...roots].map(([root, fields]) => {
      const buttons = usable(root, BUTTONS);
      const submit = buttons.find(isSubmit) ?? (root.tagName === "FORM" ? undefined : buttons.at(-1));
      return {
        id: idOf(root), isForm: root.tagName === "FORM", fields: fields.map(fieldOf),
        submit: submit ? idOf(submit) : null, submitName: submit ? nameOf(submit) : "",
        isDialog: root.closest("[role=dialog], [role=alertdialog], dialog") !== null,
      };
    });
  };
  /** What can be pressed beside the sending of forms. */
  proof.buttons = () =>
    usable(document, `${BUTTONS}, a[href="#"], a[href=""], a[href^="javascript:"]`).filter((one) => !isSubmit(one)).map((one) => ({
      id: idOf(one), name: nameOf(one), isShell: one.closest("header, nav, aside") !== null,
      isChosen: ["aria-pressed", "aria-selected", "aria-checked"].some((key) => one.getAttribute(key) === "true") ||
        (one.hasAttribute("aria-current") && one.getAttribute("aria-current") !== "false"),
    }));
  /** How many dialogs and menus lie over the page. */
  proof.covers = () =>
    [...document.querySelectorAll("[role=dialog], [role=alertdialog], [role=menu], [role=listbox], dialog[open]")].filter(isShown).length;
  proof.links = () => [...new Set([...document.querySelectorAll("a[href]")].filter((one) => one.origin === location.origin && !one.hasAttribute("download"))
    .map((one) => one.pathname + one.search))];
  proof.textLinks = () => usable(document, "a[href]").map((one) => ({ id: idOf(one), name: nameOf(one) }));
  proof.lines = () => [...new Set(document.body.innerText.slice(0, MAX_CHARS).split("\n").map(short).filter(Boolean))].slice(0, MAX_LINES);
  /** What a person reads without opening anything: the options of a select are no part of a list. */
  proof.texts = () => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const parent = node.parentElement;
      if (parent && isShown(parent) && !parent.closest("select, datalist, script, style")) found.push(node.textContent);
    }
    return found.join("\n").slice(0, MAX_CHARS);
  };
  /** How many times fields complain in a way that a person sees. */
  proof.complaints = () =>
    usable(document, "[aria-invalid=true], [role=alert], :user-invalid").length;
  /** What stands nearest to a text with its controls: its row, card or page. */
  const nearest = (text) => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (!node.textContent.includes(text) || !node.parentElement || !isShown(node.parentElement)) continue;
      if (node.parentElement.closest("[data-sonner-toaster], [role=status], [role=alert], select, script")) continue;
      for (let row = node.parentElement; row && row !== document.body; row = row.parentElement) {
        const controls = usable(row, `${BUTTONS}, a[href]`).filter((one) => !isSubmit(one) || one.form.querySelector(FIELDS) === null);
        const others = controls.filter((one) => one.tagName !== "A" || !one.innerText.includes(text));
        if (others.length > 0 || row.matches("tr, li, article, main"))
          return { row, controls };
      }
    }
    return null;
  };
  proof.rowOf = (text) =>
    nearest(text)?.controls.map((one) => ({ id: idOf(one), name: nameOf(one), isLink: one.tagName === "A", isText: one.innerText.includes(text) })) ?? null;
  proof.rowText = (text) => nearest(text)?.row.innerText.slice(0, MAX_CHARS) ?? "";
})();
