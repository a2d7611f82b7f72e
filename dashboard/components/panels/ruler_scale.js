/** The arithmetic of the phase ruler: days to places along the line, and which days count. */

import { dayNumber } from "./calendar_days.js";

/** The campaign as day numbers, with `n` and `selected` aligned to its days (null = no report). */
export function readRuler(data) {
  const from = dayNumber(data.campaign.from);
  const until = dayNumber(data.campaign.until);
  const length = until - from + 1;
  const shift = from - (dayNumber(data.daily?.from) ?? from);
  const at = (values, index) => values?.[index + shift] ?? null;
  const days = Array.from({ length }, (_, index) => index);
  return {
    from,
    until,
    length,
    asOf: dayNumber(data.as_of),
    n: days.map((index) => at(data.daily?.n, index)),
    selected: selectedDays(data, from, length, shift),
    phases: spans(data.phases, from, until),
    holidays: spans(data.holidays, from, until),
  };
}

/** Spans cut to the campaign; those outside are left out. */
export function spans(named, first, last) {
  return (named ?? [])
    .map((each) => ({ ...each, from: dayNumber(each.from), until: dayNumber(each.until) }))
    .filter(({ from, until }) => from !== null && until !== null && from <= last && until >= first)
    .map((each) => ({ ...each, from: Math.max(each.from, first), until: Math.min(each.until, last) }));
}

function selectedDays(data, first, length, shift) {
  const { phases = null, from = null, until = null } = data.chosen ?? {};
  const start = dayNumber(from) ?? -Infinity;
  const end = dayNumber(until) ?? Infinity;
  const spansIn = (data.phases ?? [])
    .filter(({ code }) => phases === null || phases.includes(code))
    .map((each) => [dayNumber(each.from), dayNumber(each.until)]);
  const given = data.daily?.selected;
  return Array.from({ length }, (_, index) => {
    if (given) return Boolean(given[index + shift]);
    const day = first + index;
    const inPhase = phases === null || spansIn.some(([a, b]) => a <= day && day <= b);
    return inPhase && start <= day && day <= end;
  });
}

/** Runs of true as `[start, end]` index pairs, both included. */
export function runsOf(flags) {
  const runs = [];
  flags.forEach((flag, index) => {
    if (!flag) return;
    const last = runs.at(-1);
    if (last && last[1] === index - 1) last[1] = index;
    else runs.push([index, index]);
  });
  return runs;
}

/** The day index under `x` on a track `width` wide, kept on the track. */
export function dayAt(x, width, length) {
  const index = Math.floor((x / Math.max(width, 1)) * length);
  return Math.min(length - 1, Math.max(0, index));
}

/** Left edge and width of the bar of one day, on whole pixels, never thinner than one. */
export function barPlace(index, length, width) {
  const left = Math.round((index * width) / length);
  const right = Math.round(((index + 1) * width) / length);
  const gap = right - left > 8 ? 3 : right - left > 3 ? 1 : 0;
  return { x: left, width: Math.max(1, right - left - gap) };
}

/**
 * The phases after a click on `code`: null stands for the whole campaign.
 *
 * A plain click keeps only that phase, a second one lets go of it; `add` (Ctrl) puts it to the others
 * or takes it away; `extend` (Shift) takes everything between it and `anchor`. `order` lists the codes.
 */
export function pickPhase(order, chosen, code, { add = false, extend = false, anchor = null } = {}) {
  const inside = (chosen ?? []).filter((each) => order.includes(each));
  if (extend && order.includes(anchor)) {
    const [a, b] = [order.indexOf(anchor), order.indexOf(code)].sort((x, y) => x - y);
    return wholeAsNull(order, order.slice(a, b + 1));
  }
  if (!add) return inside.length === 1 && inside[0] === code && chosen.length === 1 ? null : [code];
  const next = inside.includes(code) ? inside.filter((each) => each !== code) : [...inside, code];
  return next.length ? wholeAsNull(order, order.filter((each) => next.includes(each))) : null;
}

function wholeAsNull(order, codes) {
  return codes.length === order.length ? null : codes;
}

/** Which of the labels `{left, right}` to keep, first come first kept, none touching another. */
export function withoutOverlap(labels, gap) {
  const kept = [];
  return labels.map((label) => {
    const free = kept.every((other) => label.left > other.right + gap || label.right < other.left - gap);
    if (free) kept.push(label);
    return free;
  });
}

/** Sum of the known counts; null when none is known. */
export function totalOf(counts) {
  const known = counts.filter((n) => n !== null);
  return known.length ? known.reduce((sum, n) => sum + n, 0) : null;
}
