/** The frame of a line chart: margins, grid, tick words. */

import { dayTicks, niceTicks, tickText } from "./chart_scale.js";
import { buildSvg } from "./dom.js";
import { dayWords } from "./words.js";

const LETTER = 7;
const TOP = 18;
const LABEL_ROW = 18;
const FOOT = 24;
const TICK_EVERY = 90;

/** Edges of the drawing area in design pixels: room for the widest tick, and for `rows` of labels on top. */
export function frameOf(width, height, [low, high], unit, rows = 0) {
  const widest = Math.max(...[low, high].map((value) => tickText(value, unit, (high - low) / 4).length), 2);
  return { left: 10 + LETTER * widest, right: width - 14, top: TOP + LABEL_ROW * rows, bottom: height - FOOT };
}

/** Grid lines with their numbers, and the positions along the bottom in words. */
export function axisParts({ block, frame, x, y, values, known, say }) {
  const ticks = niceTicks(values[0], values[1], 4);
  const step = ticks.length > 1 ? ticks[1] - ticks[0] : 1;
  const rows = ticks.flatMap((tick) => [
    buildSvg("line", { x1: frame.left, x2: frame.right, y1: y(tick), y2: y(tick), class: "gt-lines-grid" }),
    buildSvg("text", { x: frame.left - 6, y: y(tick) + 4, "text-anchor": "end", class: "gt-lines-tick", text: tickText(tick, block.unit, step) }),
  ]);
  const unit = block.unit && block.unit !== "share" ? [buildSvg("text", { x: 2, y: 12, class: "gt-lines-tick", text: block.unit })] : [];
  return [...rows, ...unit, ...bottomParts({ block, frame, x, known, say })];
}

function bottomParts({ block, frame, x, known, say }) {
  const most = Math.max(2, Math.floor((frame.right - frame.left) / TICK_EVERY));
  const days = block.x.kind === "day";
  const ticks = days ? dayTicks(known[0], known[1], most) : niceTicks(known[0], known[1], most);
  const texts = ticks.map((tick) => {
    const at = x(tick);
    const side = at - frame.left < 20 ? "start" : frame.right - at < 20 ? "end" : "middle";
    return buildSvg("text", { x: at, y: frame.bottom + 16, "text-anchor": side, class: "gt-lines-tick", text: xTickWords(block.x.kind, tick, say) });
  });
  const label = !days && block.x.label ? [buildSvg("text", { x: frame.right, y: frame.bottom - 6, "text-anchor": "end", class: "gt-lines-tick", text: block.x.label })] : [];
  return [...texts, ...label];
}

/** A position in words: a day as people write it, a number in digits. */
export function xTickWords(kind, position, say, given) {
  if (kind === "day") return position == null ? String(given ?? "—") : dayWords(say, position, "short");
  return tickText(position, "", Number.isInteger(position) ? 1 : 0.1);
}
