/** One line of the register: state, problem and place, office, report, stages as ticks, deadline. */

import { build, buildSvg, setAttribute, setText } from "./dom.js";
import { caseNode } from "./ledger_case.js";

const WIDTH = 120;
const HEIGHT = 22;
const EDGE = 5;
const MIDDLE = HEIGHT / 2;

export function createRow() {
  const status = build("span", { class: "gt-status" }, [build("span", { class: "gt-status-sign", "aria-hidden": "true" }), build("span", {})]);
  const what = build("span", { class: "gt-ledger-what" }, [build("b", {}), build("span", {}), build("small", {})]);
  const open = build("button", { type: "button", class: "gt-ledger-line gt-ledger-grid" }, [
    build("span", { class: "gt-ledger-cell" }, [status]),
    what,
    build("span", { class: "gt-ledger-office" }),
    build("span", { class: "gt-ledger-reported" }),
    build("span", { class: "gt-ledger-life" }),
    build("span", { class: "gt-ledger-time" }, [build("b", {}), build("small", {})]),
  ]);
  return build("li", {}, [open]);
}

export function paintRow(item, row, scene) {
  const isOpen = scene.open?.case?.id === row.id;
  const [status, what, office, reported, life, time] = item.firstChild.children;
  paintStatus(status.firstChild, row);
  setText(what.children[0], row.what);
  setText(what.children[1], row.where);
  setText(what.children[2], row.id);
  setText(office, row.office);
  setText(reported, row.reported);
  paintLife(life, row.life);
  setText(time.children[0], row.time);
  setText(time.children[1], row.returns);
  setAttribute(time, "data-late", row.late);
  setAttribute(item.firstChild, "aria-expanded", String(isOpen));
  item.firstChild.onclick = () => scene.emit({ options: { case: isOpen ? "" : row.id } });
  paintDetail(item, isOpen, scene);
}

function paintDetail(item, isOpen, scene) {
  const told = isOpen ? JSON.stringify(scene.open) : "";
  if ((item.dataset.told ?? "") === String(told.length && hash(told))) return;
  item.children[1]?.remove();
  item.dataset.told = String(told.length && hash(told));
  if (isOpen) item.append(caseNode(scene.open, scene));
}

/** A short number of a text, to see whether it is the same. */
function hash(text) {
  let sum = 7;
  for (const letter of text) sum = (sum * 31 + letter.codePointAt(0)) | 0;
  return sum;
}

export function paintStatus(chip, { status, sign, status_text: words }) {
  setAttribute(chip, "data-status", status);
  setText(chip.firstChild, sign);
  setText(chip.lastChild, words);
}

function paintLife(holder, life) {
  const told = JSON.stringify(life);
  if (holder.dataset.told === told) return;
  holder.dataset.told = told;
  holder.replaceChildren(lifeNode(life));
}

/** Position on the track of a share of the time from report to end. */
export function placeOf(share) {
  return EDGE + share * (WIDTH - 2 * EDGE);
}

/** Ticks of the stages on a line from report to end; what runs past the deadline is red. */
export function lifeNode({ stages, due, end, closed, words }) {
  const line = (from, until, name) => buildSvg("line", { x1: placeOf(from), x2: placeOf(until), y1: MIDDLE, y2: MIDDLE, class: name });
  const tick = (x, half, name) => buildSvg("line", { x1: placeOf(x), x2: placeOf(x), y1: MIDDLE - half, y2: MIDDLE + half, class: name });
  const svg = buildSvg("svg", { class: "gt-life-track", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": words });
  svg.append(buildSvg("title", { text: words }), line(0, end, "gt-life-run"));
  if (due != null && due < end) svg.append(line(due, end, "gt-life-late"));
  svg.append(...stages.map(({ x }) => tick(x, 4, "gt-life-tick")));
  if (due != null) svg.append(buildSvg("path", { d: dueMark(placeOf(due)), class: "gt-life-due" }));
  const last = { cx: placeOf(end), cy: MIDDLE, r: 3, class: closed ? "gt-life-closed" : "gt-life-open" };
  svg.append(buildSvg("circle", last));
  return svg;
}

function dueMark(x) {
  return `M${x - 3.5} 1L${x + 3.5} 1L${x} 6.5Z`;
}
