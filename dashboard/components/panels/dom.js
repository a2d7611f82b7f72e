/**
 * Elements without markup: every word reaches the page as text, never as HTML.
 *
 * Case text is written by strangers. Nothing here parses a string as markup, and an
 * address becomes a link only when its scheme is harmless.
 */

const SVG_SPACE = "http://www.w3.org/2000/svg";
const SAFE_LINK = /^(?:https?:|blob:|\/(?!\/)|\.{1,2}\/|\?|#|[\w%][\w%.-]*(?:[/?#]|$))/iu;
const rowsOf = new WeakMap();

/** Make an element: `on…` become listeners, `text` becomes text, the rest attributes. */
export function build(tag, props = {}, children = []) {
  return fill(document.createElement(tag), props, children);
}

/** The same for SVG. */
export function buildSvg(tag, props = {}, children = []) {
  return fill(document.createElementNS(SVG_SPACE, tag), props, children);
}

function fill(node, props, children) {
  for (const [name, value] of Object.entries(props)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "text") setText(node, value);
    else setAttribute(node, name, value);
  }
  node.append(...children.filter((child) => child != null));
  return node;
}

/** Write text only when it differs, so that an update never disturbs a selection. */
export function setText(node, value) {
  const wanted = value == null ? "" : String(value);
  if (node.textContent !== wanted) node.textContent = wanted;
}

/** Set, or with null, undefined or false remove, one attribute; only when it differs. */
export function setAttribute(node, name, value) {
  if (value == null || value === false) {
    if (node.hasAttribute(name)) node.removeAttribute(name);
    return;
  }
  const wanted = value === true ? "" : String(value);
  if (node.getAttribute(name) !== wanted) node.setAttribute(name, wanted);
}

/** Set several attributes at once. */
export function setAttributes(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) setAttribute(node, name, value);
}

/**
 * Make the children of `parent` follow `items`, keeping the element of each key.
 *
 * `create(item)` makes an element once, `update(element, item, index)` runs every time.
 * Elements that keep their place are not touched, so focus and scroll survive.
 */
export function syncChildren(parent, items, keyOf, create, update = () => {}) {
  const before = rowsOf.get(parent) ?? new Map();
  const after = new Map();
  const focused = parent.getRootNode().activeElement;
  items.forEach((item, index) => {
    const key = keyOf(item, index);
    const row = before.get(key) ?? create(item);
    update(row, item, index);
    after.set(key, row);
  });
  for (const [key, row] of before) if (!after.has(key)) row.remove();
  inOrder(parent, [...after.values()]);
  rowsOf.set(parent, after);
  if (focused && parent.contains(focused) && parent.getRootNode().activeElement !== focused) {
    focused.focus({ preventScroll: true });
  }
}

function inOrder(parent, rows) {
  rows.forEach((row, index) => {
    if (parent.children[index] !== row) parent.insertBefore(row, parent.children[index] ?? null);
  });
}

/** An address that can be followed, or null for `javascript:` and its relatives. */
export function safeLink(address) {
  return typeof address === "string" && SAFE_LINK.test(address.trim()) ? address.trim() : null;
}

/** A function that runs once, `wait_ms` after its last call; `.now()` runs it at once. */
export function settled(wait_ms, action) {
  let timer = null;
  const run = () => {
    clearTimeout(timer);
    timer = null;
    action();
  };
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(run, wait_ms);
  };
  later.now = () => timer !== null && run();
  later.cancel = () => clearTimeout(timer);
  return later;
}
