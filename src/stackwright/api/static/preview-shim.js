// Runs in pages of an application while the console shows them in its frame; see preview_shim.py.
(() => {
  if (parent === window) return;
  const FROM = "stackwright-preview", MOST = 2000, A_SECOND = 40;
  const say = (news) => parent.postMessage({ from: FROM, ...news }, "*");

  const tell = () => say({
    route: location.pathname + location.search + location.hash,
    canGoBack: Boolean(window.navigation?.canGoBack),
    canGoForward: Boolean(window.navigation?.canGoForward),
  });
  for (const name of ["pushState", "replaceState"]) {
    const change = history[name];
    history[name] = function (...given) { const done = change.apply(this, given); tell(); return done; };
  }
  for (const name of ["popstate", "hashchange", "pageshow"]) addEventListener(name, tell);

  // What the page writes and asks for, at most so much a second: a page in a loop must not drown the console.
  let second = 0, said = 0;
  const line = (news) => {
    const now = Math.floor(performance.now() / 1000);
    if (now !== second) { second = now; said = 0; }
    if (++said <= A_SECOND) say(news);
  };
  const short = (value) => {
    try {
      if (typeof value === "string") return value.slice(0, MOST);
      if (value instanceof Error) return String(value.stack || value).slice(0, MOST);
      return (JSON.stringify(value) ?? String(value)).slice(0, MOST);
    } catch { return "…"; }
  };
  for (const level of ["log", "info", "warn", "error", "debug"]) {
    const write = console[level];
    console[level] = function (...given) {
      line({ kind: "log", level, text: given.slice(0, 20).map(short).join(" ").slice(0, MOST) });
      return write.apply(this, given);
    };
  }
  addEventListener("error", (event) => { if (event.message) line({ kind: "log", level: "error", text: short(event.error ?? event.message) }); });
  addEventListener("unhandledrejection", (event) => line({ kind: "log", level: "error", text: short(event.reason) }));
  try {
    new PerformanceObserver((list) => {
      for (const one of list.getEntries()) {
        const url = new URL(one.name, location.href);
        if (one.initiatorType !== "fetch" && one.initiatorType !== "xmlhttprequest" && !(one.responseStatus >= 400)) continue;
        const path = url.origin === location.origin ? url.pathname + url.search : url.origin + url.pathname;
        line({ kind: "request", path: path.slice(0, MOST), status: one.responseStatus || 0, ms: Math.round(one.duration) });
      }
    }).observe({ type: "resource", buffered: true });
  } catch { /* An old browser tells no requests. */ }

  // A picture of an element, or of what is seen of the page. What makes it is loaded when it is wanted.
  const picture = async (element) => {
    let data = "";
    try {
      if (!window.stackwrightPicture) await new Promise((resolve, reject) => {
        const script = Object.assign(document.createElement("script"), { src: "/__stackwright/picture.js", type: "module", onload: resolve, onerror: reject });
        document.head.append(script);
        script.remove();
      });
      data = await window.stackwrightPicture(element);
    } catch { /* The console says that there is none. */ }
    say({ kind: "picture", data });
  };

  // Pointing at an element: the next press is taken from the page.
  let isPicking = false, framed = null;
  const unframe = () => { if (framed) framed.style.outline = framed.dataset.stackwrightOutline ?? ""; if (framed) delete framed.dataset.stackwrightOutline; framed = null; };
  const over = (event) => {
    if (event.target === framed || !(event.target instanceof HTMLElement)) return;
    unframe();
    framed = event.target;
    framed.dataset.stackwrightOutline = framed.style.outline;
    framed.style.outline = "2px solid #6d78ff";
  };
  const name = (element) => {
    const id = element.id && /^[\w-]{1,60}$/.test(element.id) ? `#${element.id}` : "";
    if (id) return element.localName + id;
    const same = [...(element.parentElement?.children ?? [])].filter((one) => one.localName === element.localName);
    return element.localName + (same.length > 1 ? `:nth-of-type(${same.indexOf(element) + 1})` : "");
  };
  const selector = (element) => {
    const parts = [];
    for (let at = element; at && at !== document.body && parts.length < 6; at = at.parentElement) {
      parts.unshift(name(at));
      if (parts[0].includes("#")) break;
    }
    return parts.join(" > ");
  };
  const stop = () => {
    isPicking = false;
    unframe();
    for (const [type, heard] of HEARD) removeEventListener(type, heard, true);
  };
  const take = (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    if (event.type !== "click") return;
    const element = event.target instanceof Element ? event.target : document.body;
    stop();
    const words = element.getAttribute("aria-label") || element.getAttribute("placeholder") || element.innerText || element.textContent || "";
    say({ kind: "picked", text: words.trim().replace(/\s+/g, " ").slice(0, 200), selector: selector(element).slice(0, 500) });
    picture(element);
  };
  const left = (event) => { if (event.key === "Escape") { stop(); say({ kind: "picked", text: "", selector: "" }); } };
  const HEARD = [["mouseover", over], ["click", take], ["pointerdown", take], ["mousedown", take], ["submit", take], ["keydown", left]];
  const pick = () => {
    if (isPicking) return;
    isPicking = true;
    for (const [type, heard] of HEARD) addEventListener(type, heard, true);
  };

  addEventListener("message", (event) => {
    if (event.source !== parent || event.data?.to !== FROM) return;
    if (event.data.go === "back" && window.navigation?.canGoBack) navigation.back();
    if (event.data.go === "forward" && window.navigation?.canGoForward) navigation.forward();
    if (event.data.go === "pick") pick();
    if (event.data.go === "unpick") stop();
    if (event.data.go === "picture") picture(null);
  });
  tell();
})();
