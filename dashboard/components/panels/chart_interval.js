/** One estimate on a scale: bar = interval, dot = estimate, tick = raw value, dashes = reference. */

import { buildSvg } from "./dom.js";
import { clamped, linearScale, logScale } from "./chart_scale.js";

const RANGE = [2, 98];

/** A scale from values to per cent of the width, kept inside it. */
export function percentScale(domain, log = false) {
  return clamped((log ? logScale : linearScale)(domain, RANGE), RANGE);
}

/** An SVG as wide as its place; positions are per cent, so that nothing is measured. */
export function intervalNode(row, domain, { label, log = false, ticks = [] } = {}) {
  const at = percentScale(domain, log);
  const across = (value) => `${at(value).toFixed(2)}%`;
  const svg = buildSvg("svg", { class: "gt-ci", role: "img", "aria-label": label, "data-verdict": row.verdict, "data-muted": Boolean(row.muted) });
  const rule = (value, name) => buildSvg("line", { x1: across(value), x2: across(value), y1: "0", y2: "100%", class: name });
  svg.append(...ticks.map((tick) => rule(tick, "gt-ci-grid")));
  if (row.reference != null) svg.append(rule(row.reference, "gt-ci-reference"));
  svg.append(...marks(row, across));
  if (label) svg.append(buildSvg("title", { text: label }));
  return svg;
}

function marks({ lower, upper, point, raw }, across) {
  const found = [];
  if (lower != null || upper != null) {
    const ends = { x1: lower == null ? "0%" : across(lower), x2: upper == null ? "100%" : across(upper) };
    found.push(buildSvg("line", { ...ends, y1: "50%", y2: "50%", class: "gt-ci-bar" }));
  }
  if (raw != null) found.push(buildSvg("line", { x1: across(raw), x2: across(raw), y1: "26%", y2: "74%", class: "gt-ci-raw" }));
  if (point != null) found.push(buildSvg("circle", { cx: across(point), cy: "50%", class: "gt-ci-dot" }));
  return found;
}
