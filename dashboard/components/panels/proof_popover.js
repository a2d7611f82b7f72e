/**
 * What is behind a number: a card that opens beside it with formula, parts, period and version.
 *
 * One card serves a whole page. A number that has something behind it is a button with a dotted
 * line; Enter, space or a click opens the card, Escape or a click elsewhere closes it. Marks of a
 * chart show it to a mouse that rests on them, too.
 */

import { build, setAttribute } from "./dom.js";
import { placeAcross, placeBeside } from "./proof_place.js";

const NARROW_PX = 560;
const REST_MS = 350;
const LEAVE_MS = 250;
const PARTS = ["formula", "numerator", "denominator", "interval", "n", "period", "filters", "version", "source"];
const proofs = new WeakMap();
const feet = new WeakMap();

/**
 * A number as text (or an element), or, with a proof, as a button that shows it.
 *
 * `proof` may be a function that works it out when it is asked for; `id` keeps focus through
 * updates; `label` is read aloud instead of the text; `spare` keeps it out of the order of Tab;
 * `foot` is an element below it that says the number, too, and is not to be covered.
 */
export function numberNode(shown, proof, { className = "", id, label, spare = false, foot } = {}) {
  const inside = typeof shown === "object" ? [shown] : [];
  const text = inside.length ? undefined : shown;
  const written = text === undefined ? {} : { text };
  if (!proof) return build("span", { class: className, ...written }, inside);
  const name = { "aria-label": label, "aria-haspopup": "dialog", "aria-expanded": "false", tabindex: spare ? "-1" : null };
  const node = build("button", { type: "button", class: `gt-proof ${className}`.trim(), ...written, "data-focus": id, ...name }, inside);
  proofs.set(node, proof);
  if (foot) feet.set(node, foot);
  return node;
}

/** A mouse that rests on `area` looks at what is behind `node`; one that leaves it stops looking. */
export function lookOnRest(area, node) {
  let timer = null;
  area.addEventListener("pointerenter", ({ pointerType }) => {
    if (pointerType === "mouse") timer = setTimeout(() => look(node), REST_MS);
  });
  area.addEventListener("pointerleave", () => {
    clearTimeout(timer);
    look(node, false);
  });
}

/** Ask the page's card to show, or no longer show, what is behind `node`. */
export function look(node, show = true) {
  node.dispatchEvent(new CustomEvent(show ? "gt-look" : "gt-unlook", { bubbles: true }));
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
  let kept = false;
  let leaving = null;

  function open(node, { keep }) {
    close();
    const told = proofs.get(node);
    const proof = typeof told === "function" ? told() : told;
    if (!proof) return;
    [anchor, kept] = [node, keep];
    element.replaceChildren(...cardParts(proof, node.textContent, say));
    setAttribute(element, "aria-label", [proof.title, proof.about].filter(Boolean).join(" · "));
    if (onTop) element.showPopover();
    else element.hidden = false;
    node.setAttribute("aria-expanded", "true");
    place();
    listen("addEventListener");
  }

  function close({ refocus = false } = {}) {
    clearTimeout(leaving);
    if (!anchor) return;
    listen("removeEventListener");
    if (onTop) element.hidePopover();
    else element.hidden = true;
    anchor.setAttribute("aria-expanded", "false");
    if (refocus) anchor.focus({ preventScroll: true });
    anchor = null;
  }

  function place() {
    const { left: start, right, top: head, bottom } = anchor.getBoundingClientRect();
    const foot = feet.get(anchor)?.getBoundingClientRect();
    const beside = { left: start, right, top: head, bottom: Math.max(bottom, foot?.bottom ?? 0) };
    const view = { width: window.innerWidth, height: window.innerHeight };
    const narrow = view.width <= NARROW_PX;
    element.style.maxHeight = "";
    element.classList.toggle("gt-pop-bottom", narrow);
    const { width, height } = element.getBoundingClientRect();
    const across = narrow ? placeAcross(beside, height, view) : null;
    element.classList.toggle("gt-pop-top", across?.side === "top");
    const { left, top, most } = across ?? placeBeside(beside, { width, height }, view);
    const at = narrow ? { left: "", top: "" } : { left: `${left}px`, top: `${top}px` };
    Object.assign(element.style, { ...at, maxHeight: `${most}px` });
  }

  const outside = (event) => {
    const path = event.composedPath();
    if (!path.includes(element) && !path.includes(anchor)) close();
  };
  const keys = (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    close({ refocus: kept });
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
    if (node === anchor && kept) return void close();
    open(node, { keep: true });
    if (byKey) element.focus({ preventScroll: true });
  }

  const looked = ({ target }) => (anchor && kept) || target === anchor || open(target, { keep: false });
  const unlooked = () => {
    if (anchor && !kept) leaving = setTimeout(() => kept || close(), LEAVE_MS);
  };
  const handlers = { click: clicked, "gt-look": looked, "gt-unlook": unlooked };
  for (const [name, handler] of Object.entries(handlers)) root.addEventListener(name, handler);
  element.addEventListener("pointerenter", () => clearTimeout(leaving));
  element.addEventListener("pointerleave", unlooked);
  return {
    element,
    /** After an update: a card whose number has gone closes quietly. */
    settle: () => anchor && !anchor.isConnected && close(),
    destroy() {
      close();
      for (const [name, handler] of Object.entries(handlers)) root.removeEventListener(name, handler);
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
    proof.about ? build("p", { class: "gt-proof-about", text: proof.about }) : null,
    build("dl", { class: "gt-proof-rows" }, rows),
    proof.note ? build("p", { class: "gt-proof-note", text: proof.note }) : null,
  ].filter(Boolean);
}
