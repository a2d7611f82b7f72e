/** Reading a line chart: values at a position by mouse, finger or arrow keys, and what is behind a point. */

import { xTickWords } from "./chart_axes.js";
import { nearestIndex, tickText } from "./chart_scale.js";
import { build, setAttribute } from "./dom.js";
import { look, numberNode } from "./proof_popover.js";

const REST_MS = 350;
const STEPS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/**
 * One button stands on the point that is read: left and right move it along, up and down from line
 * to line, Enter opens what is behind it. `scale` is CSS pixels per pixel of the drawing.
 */
export function createReading(block, positions, scale, { say }) {
  const { series } = block;
  const state = { at: -1, of: 0, drawn: null, timer: null };
  const told = build("p", { class: "gt-lines-told", "aria-live": "polite" });
  const point = numberNode("", () => pointProof(block, state, positions[state.at], say), { className: "gt-point", id: "chart", label: block.summary, foot: told });
  const open = () => point.getAttribute("aria-expanded") === "true";

  function show(at, of = state.of) {
    Object.assign(state, { at, of });
    state.drawn?.point(at);
    told.textContent = at < 0 ? "" : pointWords(block, at, positions[at], say);
    setAttribute(point, "aria-label", told.textContent || block.summary);
    const value = series[of]?.values[at];
    if (value == null || !state.drawn) return;
    Object.assign(point.style, { left: `${state.drawn.x(positions[at]) * scale}px`, top: `${state.drawn.y(value) * scale}px` });
  }

  /** Position and line nearest to a place in the window. */
  function nearest(event, box) {
    const { x, y } = state.drawn;
    const at = nearestIndex(positions.map(x), (event.clientX - box.left) / scale);
    const high = (event.clientY - box.top) / scale;
    const far = series.map(({ values }) => (values[at] == null ? Infinity : Math.abs(y(values[at]) - high)));
    return [at, far.indexOf(Math.min(...far))];
  }

  function pointed(event, box) {
    const [at, of] = nearest(event, box);
    if (at === state.at && of === state.of) return;
    clearTimeout(state.timer);
    if (open()) look(point, false);
    show(at, of);
    if (event.pointerType === "mouse") state.timer = setTimeout(() => look(point), REST_MS);
  }

  /** A finger that is lifted leaves what it read. */
  function left({ pointerType }) {
    if (pointerType !== "mouse") return;
    clearTimeout(state.timer);
    look(point, false);
    if (!open()) show(-1);
  }

  function pressed(event) {
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    const within = (value, many) => Math.min(many - 1, Math.max(0, value));
    show(within(state.at + step[0], positions.length), within(state.of + step[1], series.length));
  }

  point.addEventListener("focus", () => state.at < 0 && show(positions.length - 1));
  point.addEventListener("blur", () => open() || show(-1));
  point.addEventListener("keydown", pressed);

  return {
    told,
    /** What was drawn, with its scales. */
    over(drawn) {
      state.drawn = drawn;
      show(state.at);
    },
    /** The chart with the button on it. */
    around(chart) {
      const plot = build("div", { class: "gt-lines-plot", "data-proven": series.some(({ proof }) => proof) }, [chart, point]);
      const box = () => chart.getBoundingClientRect();
      plot.addEventListener("pointermove", (event) => state.drawn && pointed(event, box()));
      plot.addEventListener("pointerdown", (event) => state.drawn && event.target !== point && show(...nearest(event, box())));
      plot.addEventListener("pointerleave", left);
      chart.addEventListener("click", ({ detail }) => {
        clearTimeout(state.timer);
        point.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, detail }));
      });
      return plot;
    },
  };
}

/** What is behind one point of a line: that of the line, with the value, its place and its band. */
export function pointProof({ x, series, unit }, { at, of }, position, say) {
  const { name, values, proof } = series[of] ?? {};
  if (!proof || values[at] == null) return null;
  const amount = valueWords(values[at], unit);
  const where = xTickWords(x.kind, position, say, x.values[at]);
  return {
    ...proof,
    value: unit === "share" ? amount : `${amount} ${unit}`.trim(),
    about: `${name} · ${x.label ? `${x.label} ${where}` : where}`,
    interval: bandWords(series[of], at, unit) || proof.interval,
  };
}

/** The values at one position in words: "11月22日 · 受理 451 · 结案 430". */
export function pointWords({ x, series, unit }, at, position, say) {
  const where = xTickWords(x.kind, position, say, x.values[at]);
  const told = series.map((one) => {
    const value = one.values[at] == null ? "—" : valueWords(one.values[at], unit);
    const band = bandWords(one, at, unit);
    return `${one.name} ${value}${band ? ` (${band})` : ""}`;
  });
  return [x.label ? `${x.label} ${where}` : where, ...told].join(" · ");
}

function bandWords({ lower, upper }, at, unit) {
  return lower?.[at] == null || upper?.[at] == null ? "" : `${valueWords(lower[at], unit)}–${valueWords(upper[at], unit)}`;
}

function valueWords(value, unit) {
  const step = unit === "share" ? 0.001 : Number.isInteger(value) ? 1 : 0.1;
  return tickText(value, unit, step);
}
