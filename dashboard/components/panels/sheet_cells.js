/** One cell of a table: text, number, status, stamp, interval or course. */

import { intervalNode } from "./chart_interval.js";
import { sparkNode } from "./chart_spark.js";
import { build, safeLink } from "./dom.js";
import { cellProof } from "./proof_parts.js";
import { numberNode } from "./proof_popover.js";
import { cellWords, DASH } from "./sheet_order.js";
import { stampNode } from "./sheet_stamp.js";

/** The element of a cell; in a row that can be opened, the first is its button or link. */
export function cellNode(cell, column, scene) {
  const rich = cell != null && typeof cell === "object" ? cell : {};
  const text = cellWords(cell);
  const main = mainNode({ ...rich, proof: behind(rich, text, column, scene) }, text, column, scene);
  if (!rich.note && !rich.tone) return main;
  return build("span", { class: "gt-cell", "data-tone": rich.tone }, [
    main,
    rich.note ? build("span", { class: "gt-cell-note", text: rich.note }) : null,
  ]);
}

/** What is behind a cell: its own proof, else that of its column, worked out when it is opened. */
function behind({ proof }, text, column, { cells, columns }) {
  if (proof || !column.proof || text === DASH) return proof;
  return () => cellProof(column.proof, text, cells, columns);
}

function mainNode(rich, text, column, { patch, href, emit, id, tokens }) {
  if (rich.stamp) return opened(provenStamp(rich, text, tokens, id), { patch, href, emit, id });
  if (rich.status || rich.icon) return statusNode(rich, text);
  if (column.kind === "interval" && rich.lower != null) return intervalCell(rich, text, column, id);
  if (column.kind === "spark" && rich.values) return numberNode(sparkNode(rich.values, text), rich.proof, { id: `proof/${id}` });
  if (patch || href) return opened(build("span", { text }), { patch, href, emit, id });
  return numberNode(text, rich.proof, { id: `proof/${id}` });
}

function provenStamp(rich, text, tokens, id) {
  const stamp = stampNode(rich, text, tokens);
  return rich.proof ? numberNode(stamp, rich.proof, { id: `proof/${id}` }) : stamp;
}

/** The button or link that opens a row; its surface is the whole row. */
function opened(inside, { patch, href, emit, id }) {
  if (patch) return build("button", { type: "button", class: "gt-open", "data-focus": `row/${id}`, onclick: () => emit(patch) }, [inside]);
  const address = safeLink(href);
  return address ? build("a", { class: "gt-open", href: address, "data-focus": `row/${id}` }, [inside]) : inside;
}

function statusNode({ icon, status }, text) {
  return build("span", { class: "gt-status", "data-status": status }, [
    icon ? build("span", { class: "gt-status-sign", "aria-hidden": "true", text: icon }) : null,
    build("span", { text }),
  ]);
}

function intervalCell(rich, text, column, id) {
  const { domain = [rich.lower, rich.upper], reference } = column;
  return build("span", { class: "gt-ci-cell" }, [
    intervalNode({ ...rich, reference: rich.reference ?? reference }, domain, { label: text }),
    numberNode(text, rich.proof, { className: "gt-ci-text", id: `proof/${id}` }),
  ]);
}
