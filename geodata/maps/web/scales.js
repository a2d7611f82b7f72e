/** Values → one of seven colour steps. Locked breaks come with the state; relaxed ones are read off the view. */

/** 件/单元 over a phase; used only when the state brings no breaks for the measure and resolution. */
export const FALLBACK_BREAKS = [1, 3, 6, 11, 21, 36, 56];

export const FALLBACK_DIFFERENCE = [-Infinity, -4, -2, -0.8, 0.8, 2, 4];

/** The step 0–6 of a value: the last lower bound not above it, and step 0 below all bounds. NaN has no step (-1). */
export function stepOf(breaks, value) {
  if (Number.isNaN(value)) return -1;
  let step = 0;
  while (step + 1 < breaks.length && value >= breaks[step + 1]) step += 1;
  return step;
}

/** Heat has no step for nothing: zero, negative and unknown values are -1, the smallest positive one is 0. */
export function heatStep(breaks, value) {
  return value > 0 ? stepOf(breaks, value) : -1;
}

function tidy(value) {
  if (value <= 1) return Number(value.toPrecision(1));
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(value)) - 1);
  return Math.round(value / unit) * unit;
}

const SHARES = [0, 0.3, 0.52, 0.7, 0.84, 0.93, 0.98];

/** Seven increasing lower bounds at fixed shares of the positive values, rounded to two figures. Empty in, the fallback out. */
export function relaxedBreaks(values) {
  const sorted = Float64Array.from(values)
    .filter((value) => value > 0)
    .sort();
  if (sorted.length === 0) return FALLBACK_BREAKS;
  const whole = sorted.every(Number.isInteger);
  const bounds = [];
  for (const share of SHARES) {
    const bound = tidy(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]);
    const last = bounds[bounds.length - 1];
    bounds.push(
      last === undefined ? bound : Math.max(bound, whole || last >= 1 ? Math.floor(last) + 1 : tidy(last * 1.3) + 0.01),
    );
  }
  return bounds;
}

/** Symmetric bounds for differences: four fifths of the changed units fall inside the outer steps. */
export function relaxedDifference(values) {
  const sizes = Float64Array.from(values, Math.abs)
    .filter((size) => size > 0)
    .sort();
  if (sizes.length === 0) return FALLBACK_DIFFERENCE;
  const at = (share) => tidy(sizes[Math.floor(share * (sizes.length - 1))]);
  const low = at(0.3) || 1;
  const middle = Math.max(at(0.65), low * 1.5);
  const high = Math.max(at(0.9), middle * 1.5);
  return [-Infinity, -high, -middle, -low, low, middle, high];
}

/**
 * Bounds for `key` (a resolution, or "street"): the state may hold them per measure or for its own measure only.
 * Bounds without a negative one were not made for differences and are not used for them. */
export function lockedBreaks(state, measure, key) {
  const table = state.breaks?.[measure] ?? state.breaks ?? {};
  const found = Array.isArray(table) ? table : (table[String(key)] ?? (key === "street" ? table["10"] : undefined));
  if (measure !== "difference") return found?.length === 7 ? found : FALLBACK_BREAKS;
  const twoSided = found?.some((bound) => bound < 0) ? found : [];
  if (twoSided.length === 6) return [-Infinity, ...twoSided];
  return twoSided.length === 7 ? twoSided : FALLBACK_DIFFERENCE;
}

/** A number for people: thousands commas, `digits` decimals at most; an em dash for what is unknown. */
export function sayNumber(value, digits = 0) {
  if (value === null || value === undefined || Number.isNaN(value)) return "—";
  return value.toLocaleString("en-US", { maximumFractionDigits: digits }).replace("-", "−");
}

/** A measure's value for people: whole numbers whole, rates with one decimal. */
export function sayValue(value, measure) {
  if (measure === "count" || value === null || Number.isNaN(value)) return sayNumber(value);
  return value.toLocaleString("en-US", { minimumFractionDigits: 1, maximumFractionDigits: 1 }).replace("-", "−");
}
