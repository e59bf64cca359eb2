// Of the element that the Tab key has reached: what it is, and whether anything shows that it has the focus.
// null for the page itself. The focus goes on from here, though the element loses it.
() => {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  const told = () => {
    for (const one of document.getAnimations()) try { one.finish(); } catch { one.cancel(); }
    return [element, element.parentElement].filter(Boolean).map(one => {
      const style = getComputedStyle(one);
      const outline = style.outlineStyle === 'none' || style.outlineWidth === '0px' ? '' :
        [style.outlineStyle, style.outlineWidth, style.outlineColor].join(' ');
      return [outline, style.boxShadow, style.borderColor, style.borderWidth, style.backgroundColor, style.color,
        style.textDecoration, style.opacity, style.transform].join('|');
    }).join('#');
  };
  const focused = told();
  element.blur();
  return {html: element.outerHTML.slice(0, 120), isShown: focused !== told()};
}
