/**
 * What is behind a number: a card that opens beside it with formula, parts, period and version.
 *
 * One card serves a whole page. A number that has something behind it is a button with a dotted
 * line; Enter, space or a click opens the card, Escape or a click elsewhere closes it.
 */

import { build, setAttribute } from "./dom.js";
import { sheetCorner } from "./popover.js";

const NARROW_PX = 560;
const PARTS = ["formula", "numerator", "denominator", "interval", "n", "period", "filters", "version", "source"];
const proofs = new WeakMap();

/** A number as text, or, with a proof, as a button that shows it; `id` keeps focus through updates. */
export function numberNode(text, proof, { className = "", id } = {}) {
  if (!proof) return build("span", { class: className, text });
  const node = build("button", { type: "button", class: `gt-proof ${className}`.trim(), text, "data-focus": id });
  node.setAttribute("aria-haspopup", "dialog");
  node.setAttribute("aria-expanded", "false");
  proofs.set(node, proof);
  return node;
}

/** Lines of the card: name of the part and its words, only for parts that are there. */
export function proofLines(proof, say) {
  return PARTS.filter((part) => proof[part]).map((part) => {
    const told = proof[part];
    const counted = typeof told === "object";
    return { name: counted ? told.name : say(`proof.${part}`), text: counted ? told.value : String(told), part };
  });
}

/** The card of a page: `element` goes into the page, clicks inside `root` on numbers open it. */
export function createProofCard(root, say) {
  const element = build("div", { class: "gt-pop gt-proof-card", role: "dialog", tabindex: "-1" });
  const onTop = typeof element.showPopover === "function";
  if (onTop) element.setAttribute("popover", "manual");
  else element.hidden = true;
  let anchor = null;

  function open(node) {
    close();
    anchor = node;
    element.replaceChildren(...cardParts(proofs.get(node), node.textContent, say));
    setAttribute(element, "aria-label", proofs.get(node).title);
    if (onTop) element.showPopover();
    else element.hidden = false;
    node.setAttribute("aria-expanded", "true");
    place();
    listen("addEventListener");
  }

  function close({ refocus = false } = {}) {
    if (!anchor) return;
    listen("removeEventListener");
    if (onTop) element.hidePopover();
    else element.hidden = true;
    anchor.setAttribute("aria-expanded", "false");
    if (refocus) anchor.focus({ preventScroll: true });
    anchor = null;
  }

  function place() {
    const narrow = window.innerWidth <= NARROW_PX;
    element.classList.toggle("gt-pop-bottom", narrow);
    if (narrow) return void Object.assign(element.style, { left: "", top: "" });
    const { width, height } = element.getBoundingClientRect();
    const corner = sheetCorner(anchor.getBoundingClientRect(), { width, height }, window.innerWidth, window.innerHeight);
    Object.assign(element.style, { left: `${corner.left}px`, top: `${corner.top}px` });
  }

  const outside = (event) => {
    const path = event.composedPath();
    if (!path.includes(element) && !path.includes(anchor)) close();
  };
  const keys = (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    close({ refocus: true });
  };
  const follow = (event) => (event.composedPath().includes(element) ? undefined : close());

  function listen(verb) {
    document[verb]("pointerdown", outside, true);
    document[verb]("keydown", keys, true);
    window[verb]("resize", follow);
    window[verb]("scroll", follow, true);
  }

  function clicked(event) {
    const node = event.target.closest?.(".gt-proof");
    if (!node || !proofs.has(node)) return;
    event.preventDefault();
    event.stopPropagation();
    const byKey = event.detail === 0;
    if (node === anchor) return close();
    open(node);
    if (byKey) element.focus({ preventScroll: true });
  }

  root.addEventListener("click", clicked);
  return {
    element,
    /** After an update: a card whose number has gone closes quietly. */
    settle: () => anchor && !anchor.isConnected && close(),
    destroy() {
      close();
      root.removeEventListener("click", clicked);
      element.remove();
    },
  };
}

function cardParts(proof, shown, say) {
  const rows = proofLines(proof, say).map(({ name, text, part }) =>
    build("div", { class: "gt-proof-row", "data-part": part }, [build("dt", { text: name }), build("dd", { text })]),
  );
  return [
    build("div", { class: "gt-proof-head" }, [
      build("span", { class: "gt-proof-title", text: proof.title }),
      build("strong", { class: "gt-proof-value", text: proof.value ?? shown }),
    ]),
    build("dl", { class: "gt-proof-rows" }, rows),
    proof.note ? build("p", { class: "gt-proof-note", text: proof.note }) : null,
  ].filter(Boolean);
}
