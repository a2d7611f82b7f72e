/** Short lists side by side: what changed, whose, how late. */

import { build, safeLink } from "./dom.js";
import { numberNode } from "./proof_popover.js";

const ARROWS = { up: "▲", down: "▼" };

export function drawLists({ lists }, scene) {
  return { node: build("div", { class: "gt-lists" }, lists.map((list, at) => listNode(list, at, scene))) };
}

function listNode({ title, note, rows, empty, proof }, at, { emit }) {
  const lines = rows.map((row, line) => rowNode({ proof, ...row }, `${at}/${line}`, emit));
  return build("section", { class: "gt-list" }, [
    build("h3", { class: "gt-list-title", text: title }),
    note ? build("p", { class: "gt-list-note", text: note }) : null,
    rows.length ? build("ul", {}, lines) : build("p", { class: "gt-page-empty", text: empty ?? "" }),
  ]);
}

function rowNode({ name, text, detail, verdict = "none", direction, href, patch, proof }, id, emit) {
  const address = safeLink(href);
  const label = patch
    ? build("button", { type: "button", class: "gt-open", text: name, "data-focus": `list/${id}`, onclick: () => emit(patch) })
    : address
      ? build("a", { class: "gt-open", href: address, target: "_self", text: name, "data-focus": `list/${id}` })
      : build("span", { text: name });
  const arrow = ARROWS[direction] ? build("span", { "aria-hidden": "true", text: `${ARROWS[direction]} ` }) : null;
  const told = proof && { ...proof, value: text, about: [name, detail].filter(Boolean).join(" · ") };
  return build("li", { class: `gt-list-row${patch || address ? " gt-row-live" : ""}`, title: [name, detail, text].filter(Boolean).join(" · ") }, [
    build("span", { class: "gt-list-name" }, [label]),
    build("span", { class: "gt-list-text", "data-verdict": verdict }, [arrow, numberNode(text, told, { id: `proof/list/${id}` })]),
    detail ? build("span", { class: "gt-list-detail", text: detail }) : null,
  ]);
}
