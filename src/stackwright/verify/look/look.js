/* What a person would see at once: content that is cut off, hidden, covered, or wider than the screen. */
(() => {
  const named = (element) => {
    const text = (element.innerText || element.getAttribute("aria-label") || "").replace(/\s+/g, " ").trim().slice(0, 40);
    const classes = typeof element.className === "string" && element.className ? "." + element.className.split(/\s+/)[0] : "";
    return `<${element.tagName.toLowerCase()}${element.id ? "#" + element.id : classes}>${text ? ` “${text}”` : ""}`;
  };
  const isShown = (element) => element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true });
  const found = [];
  const body = getComputedStyle(document.body);
  const isDrawnByTheBrowser = body.marginTop === "8px" && body.marginLeft === "8px" && /^"?Times New Roman"?$|^serif$/.test(body.fontFamily);
  if (isDrawnByTheBrowser && document.body.innerText.trim()) found.push("the page has no style of its own: no style sheet came with it");
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > width + 1 && getComputedStyle(document.documentElement).overflowX !== "hidden") {
    const scrolls = (element) => {
      for (let parent = element.parentElement; parent && parent !== document.body; parent = parent.parentElement)
        if (getComputedStyle(parent).overflowX !== "visible") return true;
      return false;
    };
    const wide = [...document.body.querySelectorAll("*")].filter((one) => one.getBoundingClientRect().right > width + 1 && !scrolls(one));
    const culprit = wide.at(-1);
    found.push(`the page is ${document.documentElement.scrollWidth} px wide on a screen of ${width} px and scrolls sideways` + (culprit ? `; ${named(culprit)} reaches beyond` : ""));
  }
  for (const main of document.querySelectorAll("main, [role=main]")) {
    if (main.textContent.trim().length < 10) continue;
    const box = main.getBoundingClientRect();
    if (!isShown(main) || main.innerText.trim() === "" || box.width < 20 || box.height < 10 || box.right < 5 || box.left > width - 5)
      found.push(`the main content ${named(main)} is hidden`);
  }
  const dialog = document.querySelector("[role=dialog], [role=alertdialog], dialog[open]");
  for (const main of dialog ? [] : document.querySelectorAll("main, [role=main]")) {
    const box = main.getBoundingClientRect();
    const top = Math.max(box.top, 0), bottom = Math.min(box.bottom, innerHeight);
    const points = [0.25, 0.5, 0.75].flatMap((x) => [0.25, 0.5, 0.75].map((y) => [box.left + box.width * x, top + (bottom - top) * y]));
    const over = points.map(([x, y]) => document.elementFromPoint(x, y)).filter((one) => one && !main.contains(one) && !one.contains(main));
    if (box.height > 10 && isShown(main) && over.length === points.length) found.push(`${named(over[0])} covers the main content`);
  }
  for (const element of document.body.querySelectorAll("h1, h2, h3, button, a, label, th, td, dd, p")) {
    const style = getComputedStyle(element);
    if (element.clientWidth < 20 || element.clientHeight < 8 || !isShown(element) || style.clipPath !== "none" || style.clip !== "auto") continue;
    const isCut = ["hidden", "clip"].includes(style.overflowX) && style.textOverflow !== "ellipsis" && element.scrollWidth > element.clientWidth + 2;
    if (isCut && style.webkitLineClamp === "none" && element.innerText.trim()) found.push(`the text of ${named(element)} is cut off`);
  }
  for (const image of document.images)
    if (image.complete && image.naturalWidth === 0 && image.src && isShown(image)) found.push(`the picture ${image.src.slice(0, 120)} does not load`);
  return [...new Set(found)].slice(0, 6);
})();
