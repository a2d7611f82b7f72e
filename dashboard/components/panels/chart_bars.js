/** Stacked bars on one scale, each with its number in words. */

import { build } from "./dom.js";
import { numberNode } from "./proof_popover.js";
import { countWords } from "./words.js";

export function drawBars({ rows, legend = [], first = rows.length }, scene) {
  const { say, memory } = scene;
  if (!rows.length) return { node: build("p", { class: "gt-page-empty", text: say("sheet.no_rows") }) };
  const most = Math.max(...rows.map(({ parts }) => totalOf(parts)), 0) || 1;
  const nodes = rows.map((row, at) => barRow(row, at, most, scene));
  const list = build("ul", { class: "gt-bars-rows" });
  const more = build("button", { type: "button", class: "gt-act gt-act-wide", "data-focus": "more", onclick: () => open() });

  function open() {
    memory.open = !memory.open;
    paint();
  }

  function paint() {
    list.replaceChildren(...(memory.open ? nodes : nodes.slice(0, first)));
    more.hidden = rows.length <= first;
    more.textContent = memory.open ? say("sheet.fewer") : say("sheet.all", { n: countWords(rows.length) });
  }

  paint();
  const keys = legend.map(({ name, tone }) => build("li", {}, [build("i", { "data-bar": tone, "aria-hidden": "true" }), build("span", { text: name })]));
  return { node: build("div", { class: "gt-bars" }, [keys.length ? build("ul", { class: "gt-legend-sheet" }, keys) : null, list, more]) };
}

/** Texts this long or longer need the widest room, see sheet.css. */
const MOST_LETTERS = 6;

/** Length of a bar: its parts added up, missing and negative ones as nothing. */
export function totalOf(parts) {
  return parts.reduce((sum, { value }) => sum + Math.max(0, Number(value) || 0), 0);
}

/** A bar in words: what each part holds. */
export function barWords({ label, parts, text }) {
  const told = parts.filter(({ value }) => Number(value) > 0).map((part) => `${part.name} ${partText(part)}`);
  return [label, text, ...told].filter(Boolean).join(" · ");
}

function partText({ text, value }) {
  return text ?? countWords(Number.isInteger(value) ? value : Number(value).toFixed(1));
}

function barRow(row, at, most, { emit }) {
  const words = barWords(row);
  const name = row.patch
    ? build("button", { type: "button", class: "gt-open", text: row.label, "data-focus": `row/${at}`, onclick: () => emit(row.patch) })
    : build("span", { text: row.label });
  const parts = row.parts
    .filter(({ value }) => Number(value) > 0)
    .map((part) => {
      const text = partText(part);
      const inside = build("span", { "data-letters": Math.min(text.length, MOST_LETTERS), text });
      const node = build("span", { class: "gt-bars-part", "data-bar": part.tone, title: `${part.name} ${text}` }, [inside]);
      node.style.setProperty("--share", part.value / most);
      return node;
    });
  return build("li", { class: `gt-bars-row${row.patch ? " gt-row-live" : ""}` }, [
    build("span", { class: "gt-bars-name", title: row.label }, [name]),
    build("span", { class: "gt-bars-track", role: "img", "aria-label": words }, parts),
    numberNode(row.text, row.proof, { className: "gt-bars-text", id: `proof/${at}` }),
  ]);
}
