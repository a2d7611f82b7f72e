/** The only way this folder makes elements: text by textContent, attributes by setAttribute, never markup. */

/** Make an element. `options`: `class`, `text`, `on` (event → listener); everything else is an attribute. */
export function element(tag, options = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "class") made.className = value;
    else if (name === "text") made.textContent = value;
    else if (name === "on")
      for (const [event, listener] of Object.entries(value)) made.addEventListener(event, listener);
    else made.setAttribute(name, value === true ? "" : String(value));
  }
  made.append(...children.filter(Boolean));
  return made;
}

const SVG = "http://www.w3.org/2000/svg";

/** A 24 × 24 line icon from path data. */
export function icon(...paths) {
  const drawing = document.createElementNS(SVG, "svg");
  for (const [name, value] of Object.entries({
    viewBox: "0 0 24 24",
    width: 18,
    height: 18,
    "aria-hidden": "true",
    class: "gt-icon",
  }))
    drawing.setAttribute(name, value);
  for (const d of paths) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", d);
    drawing.append(path);
  }
  return drawing;
}

/** A sentence from the dictionary with its `{names}` filled in; an unknown key shows itself, so that it is found. */
export function phrase(words, key, values = {}) {
  const template = words[key] ?? key;
  return template.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/** The dictionary of a language: `text` is either one dictionary or one per language. */
export function wordsFor(text, lang) {
  const chosen = text?.[lang];
  return chosen && typeof chosen === "object" ? chosen : (text ?? {});
}
