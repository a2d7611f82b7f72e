/** Lines over days or numbers, with bands, marks and named stretches; values are read by hover or arrow keys. */

import { dayNumber } from "./calendar_days.js";
import { axisParts, frameOf } from "./chart_axes.js";
import { createReading } from "./chart_reading.js";
import { extentOf, linearScale, niceTop, niceStep, runsOf } from "./chart_scale.js";
import { build, buildSvg } from "./dom.js";

const HEIGHT = 220;

export function drawLines(block, scene) {
  const chart = build("div", { class: "gt-lines-chart", role: "img", "aria-label": block.summary });
  const positions = block.x.values.map((value) => (block.x.kind === "day" ? dayNumber(value) : Number(value)));
  const scale = Number.parseFloat(getComputedStyle(document.documentElement).getPropertyValue("--gt-u")) || 1;
  const reading = createReading(block, positions, scale, scene);

  function draw() {
    const width = Math.round(chart.clientWidth / scale);
    if (width < 40) return;
    const drawn = picture(block, positions, width, scene);
    chart.replaceChildren(drawn.svg);
    reading.over(drawn);
  }

  const sized = new ResizeObserver(draw);
  sized.observe(chart);
  const plot = reading.around(chart);
  const node = build("div", { class: "gt-lines" }, [legendNode(block.series), plot, reading.told, build("p", { class: "gt-lines-summary", text: block.summary })]);
  return { node, stop: () => sized.disconnect() };
}

/** Lowest and highest value to draw: from zero unless told otherwise, bands included. */
export function valueDomain({ series, y_from_zero: fromZero = true }) {
  const found = extentOf(...series.flatMap(({ values, lower, upper }) => [values, lower ?? [], upper ?? []]));
  if (!found) return [0, 1];
  const [least, most] = found;
  if (fromZero && least >= 0) return [0, niceTop(most)];
  const step = niceStep(most - least || Math.abs(most) || 1, 4);
  const low = Math.floor(least / step) * step;
  return [Number(low.toPrecision(12)), Number(Math.max(low + step, Math.ceil(most / step) * step).toPrecision(12))];
}

function picture(block, positions, width, { say }) {
  const values = valueDomain(block);
  const frame = frameOf(width, HEIGHT, values, block.unit, labelRows(block));
  const rows = { span: frame.top - 18 * labelRows(block) + 8, mark: frame.top - 10 };
  const known = extentOf(positions) ?? [0, 1];
  const x = linearScale(known, [frame.left, frame.right]);
  const y = linearScale(values, [frame.bottom, frame.top]);
  const svg = buildSvg("svg", { viewBox: `0 0 ${width} ${HEIGHT}`, "aria-hidden": "true" });
  svg.append(
    ...spanParts(block.spans ?? [], block.x.kind, x, { ...frame, label: rows.span }),
    ...axisParts({ block, frame, x, y, values, known, say }),
    ...block.series.flatMap((series, at) => seriesParts(series, at, positions, x, y)),
    ...markParts(block.marks ?? [], block.x.kind, x, { ...frame, label: rows.mark }),
  );
  const rule = buildSvg("line", { y1: frame.top, y2: frame.bottom, class: "gt-lines-rule", visibility: "hidden" });
  const dots = block.series.map((series, at) => buildSvg("circle", { r: 3.5, class: "gt-lines-dot", "data-tone": toneOf(series, at), visibility: "hidden" }));
  svg.append(rule, ...dots);
  const point = (at) => {
    rule.setAttribute("visibility", at < 0 ? "hidden" : "visible");
    if (at >= 0) for (const end of ["x1", "x2"]) rule.setAttribute(end, x(positions[at]));
    dots.forEach((dot, of) => {
      const value = at < 0 ? null : block.series[of].values[at];
      dot.setAttribute("visibility", value == null ? "hidden" : "visible");
      if (value != null) for (const [name, where] of [["cx", x(positions[at])], ["cy", y(value)]]) dot.setAttribute(name, where);
    });
  };
  return { svg, point, x, y };
}

/** Lines of labels above the drawing: one for named stretches, one for marks. */
function labelRows({ spans = [], marks = [] }) {
  return (spans.length ? 1 : 0) + (marks.length ? 1 : 0);
}

const TONES = ["a", "b", "c", "d"];

function toneOf({ tone }, at) {
  return tone ?? TONES[at % TONES.length];
}

function seriesParts(series, at, positions, x, y) {
  const { values, lower, upper, step } = series;
  const tone = toneOf(series, at);
  const parts = [];
  const banded = (i) => lower?.[i] != null && upper?.[i] != null;
  for (const run of lower && upper ? runsOf(values.map((_, i) => (banded(i) ? i : null))) : []) {
    const edge = (list, order) => linePath(order.map((i) => [x(positions[i]), y(list[i])]), step);
    const back = [...run].reverse();
    const path = `${edge(upper, run)}L${backPath(back.map((i) => [x(positions[i]), y(lower[i])]), step)}Z`;
    parts.push(buildSvg("path", { d: path, class: "gt-lines-band", "data-tone": tone }));
  }
  for (const run of runsOf(values)) {
    if (run.length > 1) {
      const path = linePath(run.map((i) => [x(positions[i]), y(values[i])]), step);
      parts.push(buildSvg("path", { d: path, class: "gt-lines-line", "data-tone": tone }));
    } else parts.push(buildSvg("circle", { cx: x(positions[run[0]]), cy: y(values[run[0]]), r: 2.5, class: "gt-lines-dot", "data-tone": tone }));
  }
  return parts;
}

/** SVG path through points; a step holds its value until the next point. */
export function linePath(points, step = false) {
  return points
    .map(([px, py], at) => {
      if (!at) return `M${round(px)} ${round(py)}`;
      return step ? `H${round(px)}V${round(py)}` : `L${round(px)} ${round(py)}`;
    })
    .join("");
}

/** The lower edge of a band from right to left; steps turn the other way round. */
function backPath(points, step) {
  return points.map(([px, py], at) => (at && step ? `V${round(py)}H${round(px)}` : `${at ? "L" : ""}${round(px)} ${round(py)}`)).join("");
}

function round(value) {
  return Number(value.toFixed(1));
}

function positionOf(value, kind) {
  return kind === "day" ? dayNumber(value) : Number(value);
}

function spanParts(spans, kind, x, frame) {
  return spans.flatMap(({ from, until, label }, at) => {
    const [left, right] = [from, until].map((end) => Math.min(frame.right, Math.max(frame.left, x(positionOf(end, kind)))));
    if (!(right > left)) return [];
    return [
      buildSvg("rect", { x: left, width: right - left, y: frame.label - 13, height: frame.bottom - frame.label + 13, class: "gt-lines-span", "data-odd": at % 2 === 1 }),
      right - left > 11 * label.length + 8 ? buildSvg("text", { x: left + 5, y: frame.label, class: "gt-lines-label", text: label }) : buildSvg("title", { text: label }),
    ];
  });
}

function markParts(marks, kind, x, frame) {
  let edge = -Infinity;
  return marks.flatMap(({ x: where, label }) => {
    const at = x(positionOf(where, kind));
    if (!(at >= frame.left && at <= frame.right)) return [];
    const width = 11 * String(label).length;
    const left = at + width + 6 > frame.right;
    const room = left ? at - width - 6 > edge : at > edge;
    if (room) edge = left ? at : at + width + 6;
    return [
      buildSvg("line", { x1: at, x2: at, y1: frame.label - 6, y2: frame.bottom, class: "gt-lines-mark" }),
      room ? buildSvg("text", { x: left ? at - 4 : at + 4, y: frame.label, "text-anchor": left ? "end" : "start", class: "gt-lines-label", text: label }) : buildSvg("title", { text: label }),
    ];
  });
}

function legendNode(series) {
  if (series.length < 2) return null;
  const items = series.map((one, at) => build("li", {}, [build("i", { "data-line": toneOf(one, at), "aria-hidden": "true" }), build("span", { text: one.name })]));
  return build("ul", { class: "gt-legend-sheet" }, items);
}
