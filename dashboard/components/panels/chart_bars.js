/** Stacked bars on one scale, each with its number in words. */

import { noRows, rowList, rowName } from "./chart_rows.js";
import { build } from "./dom.js";
import { lookOnRest, numberNode } from "./proof_popover.js";
import { countWords } from "./words.js";

export function drawBars({ rows, legend = [], first }, scene) {
  if (!rows.length) return noRows(scene.say);
  const most = Math.max(...rows.map(({ parts }) => totalOf(parts)), 0) || 1;
  const proofs = new Map(legend.map(({ name, proof }) => [name, proof]));
  const nodes = rows.map((row, at) => barRow(row, at, { most, proofs }, scene));
  const list = rowList(nodes, { ...scene, first, node: build("ul", { class: "gt-bars-rows" }) });
  const keys = legend.map(({ name, tone }) => build("li", {}, [build("i", { "data-bar": tone, "aria-hidden": "true" }), build("span", { text: name })]));
  return { node: build("div", { class: "gt-bars" }, [keys.length ? build("ul", { class: "gt-legend-sheet" }, keys) : null, list.node, list.more]) };
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

function barRow(row, at, { most, proofs }, { emit }) {
  const parts = row.parts
    .filter(({ value }) => Number(value) > 0)
    .map((part, place) => partNode(part, row, most, proofs.get(part.name), `${at}/${place}`));
  return build("li", { class: `gt-bars-row${row.patch ? " gt-row-live" : ""}` }, [
    build("span", { class: "gt-bars-name", title: row.label }, [rowName(row, at, emit)]),
    build("span", { class: "gt-bars-track", role: "group", "aria-label": barWords(row) }, parts),
    numberNode(row.text, row.proof, { className: "gt-bars-text", id: `proof/${at}` }),
  ]);
}

function partNode(part, row, most, proof, id) {
  const text = partText(part);
  const inside = build("span", { "data-letters": Math.min(text.length, MOST_LETTERS), text });
  const told = proof && { ...proof, value: text, about: `${row.label} · ${part.name}` };
  const node = numberNode(inside, told, { className: "gt-bars-part", id: `part/${id}`, label: `${part.name} ${text}` });
  node.setAttribute("data-bar", part.tone);
  node.style.setProperty("--share", part.value / most);
  if (told) lookOnRest(node, node);
  else node.title = `${part.name} ${text}`;
  return node;
}
