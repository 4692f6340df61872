// What checks.py asks of a page. Each gives a list of strings.

// Everything that the page says: text, and the attributes that are read out.
function spoken() {
  const found = [document.title];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const silent = walker.currentNode.parentElement.closest("script, style, template, [lang]:not(html)");
    if (!silent) found.push(walker.currentNode.data);
  }
  for (const name of ["aria-label", "title", "placeholder", "alt"])
    for (const one of document.querySelectorAll(`[${name}]`)) found.push(one.getAttribute(name));
  return found.map((text) => text.replace(/\s+/g, " ").trim()).filter(Boolean);
}

// What makes a page scroll sideways.
function tooWide() {
  const most = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= most) return [];
  const wide = [...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > most + 1);
  return ["the page scrolls sideways", ...wide.slice(0, 3).map((one) => `${one.tagName}.${one.className} is too wide`)];
}

// What became of checks.HOSTILE.
function marked() {
  const found = window.hostile === undefined ? [] : ["a script of the text ran"];
  for (const one of document.querySelectorAll("hostile-x")) found.push(`an element came of it: ${one.outerHTML}`);
  const fields = [...document.querySelectorAll("input, textarea")].map((one) => one.value);
  const text = [document.title, document.body.textContent, ...fields].join("\n");
  if (text.includes(">49")) found.push("a formula was worked out");
  if (/&amp;|&lt;script|&quot;|&#\d+;/.test(text)) found.push("escaped twice");
  return found;
}
