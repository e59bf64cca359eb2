// Shows a page in its dark theme, whatever the browser's own setting is: others who use the same Chromium change that
// setting for all its pages while they connect. To be run in each new document, before the page's own scripts.
(() => {
  const dark = text => String(text)
    .replace(/\(\s*prefers-color-scheme\s*:\s*dark\s*\)/gi, '(min-width: 0px)')
    .replace(/\(\s*prefers-color-scheme\s*:\s*light\s*\)/gi, '(max-width: 0px)');
  const asked = window.matchMedia.bind(window);
  window.matchMedia = query => asked(dark(query));
  const change = media => {
    if (media.mediaText.includes('prefers-color-scheme')) media.mediaText = dark(media.mediaText);
  };
  const within = (rules, left) => {
    for (const rule of rules) {
      if (left.count-- < 0) return;
      if (rule.media) change(rule.media);
      if (rule.cssRules) within(rule.cssRules, left);
    }
  };
  // The style sheets of now; called again before anybody looks.
  window.__showDark = () => {
    const left = {count: 200000};
    for (const sheet of document.styleSheets) {
      change(sheet.media);
      try { within(sheet.cssRules, left); } catch { /* of another origin */ }
    }
    const root = document.documentElement;
    if (getComputedStyle(root).colorScheme.includes('dark')) root.style.colorScheme = 'dark';
  };
})();
