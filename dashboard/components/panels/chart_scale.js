/** Scales and ticks of the charts: pure arithmetic, no elements. */

import { dayOf, dayParts, shiftMonth, weekdayOf } from "./calendar_days.js";

/** A function from `domain` to `range`, both [low, high]; a domain without width gives the middle. */
export function linearScale([low, high], [from, until]) {
  const width = high - low;
  return (value) => (width ? from + ((value - low) / width) * (until - from) : (from + until) / 2);
}

/** The same over the logarithm; values at or below zero stand at the low end. */
export function logScale([low, high], range) {
  const floor = Math.max(low, Number.MIN_VALUE);
  const scale = linearScale([Math.log(floor), Math.log(Math.max(high, floor))], range);
  return (value) => scale(Math.log(Math.max(value, floor)));
}

/** A scale kept within its range: marks beyond the domain stop at the edge. */
export function clamped(scale, [from, until]) {
  const [least, most] = from < until ? [from, until] : [until, from];
  return (value) => Math.min(most, Math.max(least, scale(value)));
}

const NICE = [1, 2, 2.5, 5, 10];

/** Step of about `count` ticks across a width: 1, 2, 2.5 or 5 times a power of ten. */
export function niceStep(width, count) {
  if (!(width > 0) || !(count > 0)) return 1;
  const rough = width / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  return power * NICE.find((nice) => rough / power <= nice + 1e-9);
}

/** Round ticks within [low, high], both ends included where they are round. */
export function niceTicks(low, high, count = 5) {
  if (!(high > low)) return Number.isFinite(low) ? [low] : [];
  const step = niceStep(high - low, count);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, at) => tidy((first + at) * step));
}

/** Ticks of a logarithmic scale: powers of two or ten, with 1 among them where it lies inside. */
export function logTicks(low, high, most = 7) {
  if (!(low > 0) || !(high > low)) return [];
  for (const base of [2, 10]) {
    const first = Math.ceil(Math.log(low) / Math.log(base) - 1e-9);
    const last = Math.floor(Math.log(high) / Math.log(base) + 1e-9);
    if (last - first < most && last > first) {
      return Array.from({ length: last - first + 1 }, (_, at) => tidy(base ** (first + at)));
    }
  }
  return niceTicks(low, high, most - 1).filter((tick) => tick > 0);
}

/** Top of an axis that starts at zero: the next round number at or above `most`. */
export function niceTop(most, count = 4) {
  if (!(most > 0)) return 1;
  const step = niceStep(most, count);
  return tidy(Math.ceil(most / step - 1e-9) * step);
}

/** Days worth a label between two day numbers: Mondays, or first days of months; at most `most`. */
export function dayTicks(first, last, most = 8) {
  const days = last - first + 1;
  if (days <= most) return Array.from({ length: days }, (_, at) => first + at);
  const weeks = Math.ceil(days / 7 / most);
  if (weeks <= 4) {
    const monday = first + ((7 - weekdayOf(first)) % 7);
    return steps(monday, last, 7 * weeks);
  }
  return monthStarts(first, last, most);
}

function steps(first, last, step) {
  return Array.from({ length: Math.max(0, Math.floor((last - first) / step) + 1) }, (_, at) => first + at * step);
}

function monthStarts(first, last, most) {
  const starts = [];
  let month = dayParts(first);
  for (;;) {
    const day = dayOf(month.year, month.month, 1);
    if (day > last) break;
    if (day >= first) starts.push(day);
    month = shiftMonth(month, 1);
  }
  const every = Math.ceil(starts.length / most);
  return starts.filter((_, at) => at % every === 0);
}

/** A tick in digits: shares in per cent, others with as many decimals as tell them apart. */
export function tickText(value, unit, step = 1) {
  const scaled = unit === "share" ? value * 100 : value;
  const fine = unit === "share" ? step * 100 : step;
  const places = Number.isInteger(scaled) ? 0 : placesOf(fine);
  const [whole, fraction] = Math.abs(scaled).toFixed(places).split(".");
  const digits = whole.replace(/\B(?=(\d{3})+(?!\d))/gu, ",") + (fraction ? `.${fraction}` : "");
  return `${scaled < 0 && Number(digits.replace(/,/gu, "")) ? "−" : ""}${digits}${unit === "share" ? "%" : ""}`;
}

/** Decimals a step needs to be written in full, at most three: 0.25 needs two. */
function placesOf(step) {
  const found = [0, 1, 2].find((places) => Math.abs(step * 10 ** places - Math.round(step * 10 ** places)) < 1e-6);
  return found ?? 3;
}

/** Index of the position nearest to `x`; −1 where there is none. */
export function nearestIndex(positions, x) {
  let best = -1;
  positions.forEach((position, at) => {
    if (best < 0 || Math.abs(position - x) < Math.abs(positions[best] - x)) best = at;
  });
  return best;
}

/** Runs of consecutive points that are all there: a line is broken where a value is missing. */
export function runsOf(values, present = (value) => value != null) {
  const runs = [];
  let run = null;
  values.forEach((value, at) => {
    if (!present(value)) run = null;
    else if (run) run.push(at);
    else runs.push((run = [at]));
  });
  return runs;
}

/** Least and most of all the numbers in lists, missing ones left out; null where there is none. */
export function extentOf(...lists) {
  const numbers = lists.flat().filter((value) => Number.isFinite(value));
  return numbers.length ? [Math.min(...numbers), Math.max(...numbers)] : null;
}

function tidy(value) {
  return Number(value.toPrecision(12));
}
