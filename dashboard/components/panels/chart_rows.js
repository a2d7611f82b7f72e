/** Rows under one another, the first of them shown and the rest on request; what a row is called. */

import { build } from "./dom.js";
import { rove } from "./roving.js";
import { countWords } from "./words.js";

/** `node` to place rows in, and the button below that shows all; how far it was opened is kept in `memory`. */
export function rowList(rows, { node, first = rows.length, memory, say, order = () => rows.keys() }) {
  const more = build("button", { type: "button", class: "gt-act gt-act-wide", "data-focus": "more", onclick: () => open() });

  function open() {
    memory.open = !memory.open;
    paint();
  }

  function paint() {
    const all = [...order()].map((at) => rows[at]);
    const shown = memory.open ? all : all.slice(0, first);
    node.replaceChildren(...shown);
    rove(shown);
    more.hidden = rows.length <= first;
    more.textContent = memory.open ? say("sheet.fewer") : say("sheet.all", { n: countWords(rows.length) });
  }

  paint();
  return { node, more, paint };
}

/** Name of a row: a button where it can be opened; its surface is the whole row. */
export function rowName({ label, patch }, at, emit) {
  if (!patch) return build("span", { text: label });
  return build("button", { type: "button", class: "gt-open", text: label, "data-focus": `row/${at}`, onclick: () => emit(patch) });
}

/** Words where there is no row. */
export function noRows(say) {
  return { node: build("p", { class: "gt-page-empty", text: say("sheet.no_rows") }) };
}
