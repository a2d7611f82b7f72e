/** Sizes, steps and clocks of the wall: plain functions. */

export const TURN_MS = 20_000;
export const FADE_MS = 400;
export const ASK_MS = 15_000;
export const RETRY_MS = 5_000;
export const PATIENCE_MS = 90_000;

const WIDE = [3840, 2160];
const TALL = [1700, 3000];

/** CSS pixels that one unit of the drawing (3840 × 2160) takes; upright screens have a drawing of their own. */
export function unitOf(width, height) {
  const [wide, high] = width >= height ? WIDE : TALL;
  return Math.min(width / wide, height / high);
}

/** The next place in a ring. */
export function stepped(at, by, length) {
  return length ? (((at + by) % length) + length) % length : 0;
}

/** When something was last known: the time, with the day before it where that is another one. */
export function clockText(then, now, lang) {
  const time = then.toLocaleTimeString(lang, { hour: "2-digit", minute: "2-digit", hour12: false });
  if (then.toDateString() === now.toDateString()) return time;
  return `${then.toLocaleDateString(lang, { month: "short", day: "numeric" })} ${time}`;
}

/** How long to wait before asking again. */
export function waitOf(reached) {
  return reached ? ASK_MS : RETRY_MS;
}

const HALF = 8;

/** H3 cells as text → the two 32-bit halves the map engine takes, with their values. */
export function cellsOf({ cells, value, outlined = [] }) {
  const part = (from, until) => Uint32Array.from(cells, (cell) => Number.parseInt(cell.padStart(16, "0").slice(from, until), 16));
  const flags = new Float32Array(cells.length);
  for (const at of outlined) flags[at] = 1;
  return { hi: part(0, HALF), lo: part(HALF, 2 * HALF), value: Float32Array.from(value), value2: flags };
}

const DAY_MS = 86_400_000;

/** Whole days from one ISO day to another. */
export function daysBetween(from, until) {
  return Math.round((Date.parse(until) - Date.parse(from)) / DAY_MS);
}

/** Where the days of a ruler lie in a width: `{x, width}` of a stretch, both ends included. */
export function stretchOf({ first, last }, from, until, width) {
  const day = width / (daysBetween(first, last) + 1);
  return { x: daysBetween(first, from) * day, width: (daysBetween(from, until) + 1) * day };
}

/** Share of a domain, kept inside it. */
export function shareOf([low, high], value) {
  return high > low ? Math.min(1, Math.max(0, (value - low) / (high - low))) : 0;
}
