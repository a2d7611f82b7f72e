/** A table whose headings sort, whose rows may be buttons, and whose numbers show what is behind them. */

import { noRows, rowList } from "./chart_rows.js";
import { cellNode } from "./sheet_cells.js";
import { build, setAttribute } from "./dom.js";
import { nextOrder, sortedRows, sortValue } from "./sheet_order.js";

const NUMERIC = ["number", "interval", "spark"];

export function drawTable(block, scene) {
  const { columns, rows, title = "", first } = block;
  const { say, memory, lang } = scene;
  if (!rows.length) return noRows(say);
  if (memory.order && memory.order.column >= columns.length) memory.order = null;
  const headings = columns.map((column, at) => headingNode(column, at, say, () => sortBy(at)));
  const lines = rows.map((row, at) => rowNode(row, at, block, scene));
  const order = () => sortedRows(rows, memory.order, lang);
  const body = rowList(lines, { say, memory, first, order, node: build("tbody", {}) });

  function sortBy(at) {
    memory.order = nextOrder(memory.order, at, NUMERIC.includes(columns[at].kind));
    body.paint();
    told();
  }

  function told() {
    headings.forEach((heading, at) => setAttribute(heading, "aria-sort", sortWord(memory.order, at)));
  }

  told();
  const table = build("table", {}, [
    build("caption", { class: "gt-offscreen", text: title }),
    build("thead", {}, [build("tr", {}, headings)]),
    body.node,
  ]);
  const scroll = build("div", { class: "gt-page-scroll", "data-scroll": "", tabindex: "0", role: "region", "aria-label": title }, [table]);
  return { node: build("div", { class: "gt-table" }, [scroll, body.more]) };
}

function sortWord(order, at) {
  if (order?.column !== at) return "none";
  return order.down ? "descending" : "ascending";
}

function headingNode({ name, kind, unit, hint }, at, say, sort) {
  const text = unit ? say("sheet.heading", { name, unit }) : name;
  const button = build("button", { type: "button", class: "gt-sort", title: hint, "data-focus": `sort/${at}`, onclick: sort }, [
    build("span", { text }),
    build("span", { class: "gt-sort-mark", "aria-hidden": "true" }),
  ]);
  return build("th", { scope: "col", class: kindClass(kind) }, [button]);
}

function rowNode({ cells, patch, href, tone }, at, { columns, rows }, scene) {
  const line = build("tr", { "data-tone": tone, class: patch || href ? "gt-row-live" : "" });
  columns.forEach((column, where) => {
    const open = where === 0 ? { patch, href } : {};
    const most = column.bar ? mostOf(rows, where) : null;
    const inside = cellNode(cells[where], column, { ...scene, ...open, cells, columns, id: `${at}/${where}` });
    const cell = build(where === 0 ? "th" : "td", { scope: where === 0 ? "row" : null, class: kindClass(column.kind) }, [inside]);
    if (most) {
      cell.classList.add("gt-page-bar");
      cell.style.setProperty("--share", String(Math.max(0, Number(sortValue(cells[where])) || 0) / most));
    }
    line.append(cell);
  });
  return line;
}

const mosts = new WeakMap();

/** Largest number of a column, worked out once per table. */
function mostOf(rows, at) {
  const found = mosts.get(rows) ?? new Map();
  mosts.set(rows, found);
  if (!found.has(at)) found.set(at, Math.max(0, ...rows.map(({ cells }) => Number(sortValue(cells[at])) || 0)) || 1);
  return found.get(at);
}

function kindClass(kind = "text") {
  return kind === "number" ? "gt-page-number" : `gt-col-${kind}`;
}
