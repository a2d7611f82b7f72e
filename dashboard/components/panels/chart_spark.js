/** A small line of a course, oldest first, its last value as a dot. */

import { buildSvg } from "./dom.js";
import { extentOf, linearScale, runsOf } from "./chart_scale.js";

const WIDTH = 96;
const HEIGHT = 30;
const EDGE = 4;

/**
 * `values` may hold nulls: the line is broken there. `label` says the course in words; `texts` say each value, shown
 * where one points; `usual` is a range drawn behind the line, `domain` what the height stands for.
 */
export function sparkNode(values, label, { domain, texts, usual } = {}) {
  const found = extentOf(usual ? [...values, ...usual] : values);
  const extent = domain && found ? domain : found;
  const svg = buildSvg("svg", { class: "gt-spark", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": label });
  if (!extent) return svg;
  const x = linearScale([0, Math.max(1, values.length - 1)], [EDGE, WIDTH - EDGE]);
  const y = linearScale(extent, [HEIGHT - EDGE, EDGE]);
  const path = runsOf(values)
    .map((run) => run.map((at, step) => `${step ? "L" : "M"}${x(at).toFixed(1)} ${y(values[at]).toFixed(1)}`).join(""))
    .join("");
  const last = values.findLastIndex((value) => value != null);
  if (usual) svg.append(buildSvg("rect", { x: 0, width: WIDTH, y: y(usual[1]), height: y(usual[0]) - y(usual[1]), class: "gt-spark-usual" }));
  svg.append(buildSvg("path", { d: path, class: "gt-spark-line" }), buildSvg("circle", { cx: x(last), cy: y(values[last]), r: 3, class: "gt-spark-dot" }));
  if (texts) svg.append(...values.map((value, at) => stepNode(value, texts[at], x(at), y, values.length)));
  else svg.prepend(buildSvg("title", { text: label }));
  return svg;
}

/** What one points at: a column as wide as a step, its dot shown and its value told. */
function stepNode(value, text, x, y, steps) {
  const wide = (WIDTH - 2 * EDGE) / Math.max(1, steps - 1);
  const parts = [buildSvg("title", { text }), buildSvg("rect", { x: x - wide / 2, width: wide, y: 0, height: HEIGHT, class: "gt-spark-hit" })];
  if (value != null) parts.push(buildSvg("circle", { cx: x, cy: y(value), r: 3, class: "gt-spark-here" }));
  return buildSvg("g", { class: "gt-spark-step" }, parts);
}
