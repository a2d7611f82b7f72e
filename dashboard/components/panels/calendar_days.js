/**
 * Calendar arithmetic on day numbers: whole days since 1970-01-01, no clock, no zone.
 *
 * A day in a report is a label, not an instant; integers keep it from moving across zones.
 */

const DAY_MS = 86_400_000;
const TYPED = /^\s*(\d{4})\s*(?:[-/.年]\s*)?(\d{1,2})\s*(?:[-/.月]\s*)?(\d{1,2})\s*日?\s*$/u;

/** The day number of year, month 1–12, date; null when there is no such day. */
export function dayOf(year, month, date) {
  const instant = Date.UTC(year, month - 1, date);
  const read = new Date(instant);
  const real = read.getUTCMonth() === month - 1 && read.getUTCDate() === date;
  return real && year >= 1900 && year <= 2999 ? Math.round(instant / DAY_MS) : null;
}

/** The day number at the start of an ISO text ("2026-09-21…"); null when it has none. */
export function dayNumber(iso) {
  const found = /^(\d{4})-(\d{2})-(\d{2})/u.exec(String(iso ?? ""));
  return found ? dayOf(Number(found[1]), Number(found[2]), Number(found[3])) : null;
}

/** A day somebody typed: 2026-9-1, 2026/9/1, 20260901 or 2026年9月1日; null otherwise. */
export function typedDay(text) {
  const packed = /^\s*(\d{4})(\d{2})(\d{2})\s*$/u.exec(text);
  const found = packed ?? (/^\s*\d{5,}\s*$/u.test(text) ? null : TYPED.exec(text));
  return found ? dayOf(Number(found[1]), Number(found[2]), Number(found[3])) : null;
}

/** Year, month 1–12 and date of a day number. */
export function dayParts(day) {
  const read = new Date(day * DAY_MS);
  return { year: read.getUTCFullYear(), month: read.getUTCMonth() + 1, date: read.getUTCDate() };
}

/** "2026-09-21". */
export function isoOf(day) {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** 0 for Monday to 6 for Sunday. */
export function weekdayOf(day) {
  return (((day + 3) % 7) + 7) % 7;
}

/** The month `step` months after the given one. */
export function shiftMonth({ year, month }, step) {
  const index = year * 12 + (month - 1) + step;
  return { year: Math.floor(index / 12), month: (((index % 12) + 12) % 12) + 1 };
}

/** The same date `step` months on, or the last date of that month. */
export function shiftDayByMonth(day, step) {
  const { date, ...start } = dayParts(day);
  const { year, month } = shiftMonth(start, step);
  return dayOf(year, month, Math.min(date, monthLength(year, month)));
}

/** Days in a month. */
export function monthLength(year, month) {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** The weeks of a month, Monday first: arrays of seven day numbers, null outside the month. */
export function monthWeeks(year, month) {
  const first = dayOf(year, month, 1);
  const length = monthLength(year, month);
  const lead = weekdayOf(first);
  return Array.from({ length: Math.ceil((lead + length) / 7) }, (_, week) =>
    Array.from({ length: 7 }, (__, slot) => {
      const offset = week * 7 + slot - lead;
      return offset >= 0 && offset < length ? first + offset : null;
    }),
  );
}

/** `day` kept within [first, last]; a null bound does not bind. */
export function withinDays(day, first, last) {
  return Math.min(last ?? Infinity, Math.max(first ?? -Infinity, day));
}

/** Two days in order. */
export function orderedDays(a, b) {
  return a <= b ? [a, b] : [b, a];
}

/** The span of days that holds `day`, or null; spans have day numbers `from` and `until`. */
export function spanHolding(day, spans) {
  return spans.find((span) => span.from <= day && day <= span.until) ?? null;
}

/**
 * The ready-made ranges, against the last day with data.
 *
 * A range is cut to [first, last]; one that lies wholly outside is left out. `all` has null ends.
 */
export function presetRanges(asOf, first, last) {
  const monday = asOf - weekdayOf(asOf);
  const ready = [
    { code: "this_week", from: monday, until: asOf },
    { code: "last_week", from: monday - 7, until: monday - 1 },
    { code: "last_30", from: asOf - 29, until: asOf },
  ];
  const kept = ready
    .map(({ code, from, until }) => ({
      code,
      from: Math.max(from, first ?? from),
      until: Math.min(until, last ?? until),
    }))
    .filter(({ from, until }) => from <= until);
  return [...kept, { code: "all", from: null, until: null }];
}
