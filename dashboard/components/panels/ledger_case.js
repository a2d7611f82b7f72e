/** The whole of a case: what was reported, who is to act, and when it reached each stage. */

import { build, safeLink } from "./dom.js";

export function caseNode(open, { words, emit }) {
  const { case: line, description, facts, stages, broken, map, link } = open;
  return build("article", { class: "gt-ledger-case", "aria-label": line.id }, [
    build("header", { class: "gt-ledger-case-head" }, [
      build("strong", { text: `${line.what} · ${line.where}` }),
      build("span", { class: "gt-ledger-number", text: line.id }),
      anchor(words.map, map),
      anchor(words.link, link),
      build("button", { type: "button", class: "gt-act", text: words.close, onclick: () => emit({ options: { case: "" } }) }),
    ]),
    broken ? build("p", { class: "gt-ledger-broken", text: broken }) : null,
    build("p", { class: "gt-case-text", text: description }),
    build("ol", { class: "gt-life gt-ledger-stages" }, stages.map(stageNode)),
    build("dl", { class: "gt-ledger-facts" }, facts.map(factNode)),
  ]);
}

function anchor(text, href) {
  const address = safeLink(href);
  return address ? build("a", { class: "gt-act gt-act-link", href: address, text }) : null;
}

function stageNode({ name, at, gap, done }) {
  return build("li", { "data-done": done }, [
    build("span", { class: "gt-life-name", text: name }),
    build("span", { class: "gt-life-at", text: at }),
    gap ? build("span", { class: "gt-life-at", text: gap }) : null,
  ]);
}

function factNode({ name, value }) {
  return build("div", {}, [build("dt", { text: name }), build("dd", { text: value })]);
}
