/** A small line of a course, oldest first, its last value as a dot. */

import { buildSvg } from "./dom.js";
import { extentOf, linearScale, runsOf } from "./chart_scale.js";

const WIDTH = 96;
const HEIGHT = 30;
const EDGE = 4;

/** `values` may hold nulls: the line is broken there. `label` says the course in words. */
export function sparkNode(values, label, domain) {
  const extent = domain && extentOf(values) ? domain : extentOf(values);
  const svg = buildSvg("svg", { class: "gt-spark", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": label });
  if (!extent) return svg;
  const x = linearScale([0, Math.max(1, values.length - 1)], [EDGE, WIDTH - EDGE]);
  const y = linearScale(extent, [HEIGHT - EDGE, EDGE]);
  const path = runsOf(values)
    .map((run) => run.map((at, step) => `${step ? "L" : "M"}${x(at).toFixed(1)} ${y(values[at]).toFixed(1)}`).join(""))
    .join("");
  const last = values.findLastIndex((value) => value != null);
  svg.append(
    buildSvg("title", { text: label }),
    buildSvg("path", { d: path, class: "gt-spark-line" }),
    buildSvg("circle", { cx: x(last), cy: y(values[last]), r: 3, class: "gt-spark-dot" }),
  );
  return svg;
}
