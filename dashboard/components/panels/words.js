/** Sentences, counts and dates in the language of the dictionary that was passed in. */

import { dayNumber, dayParts, weekdayOf } from "./calendar_days.js";

const GROUPS = /\B(?=(\d{3})+(?!\d))/gu;

/** A function `say(key, values)` over a flat dictionary; a missing key shows itself. */
export function speaker(text) {
  return (key, values = {}) =>
    String(text?.[key] ?? key).replace(/\{(\w+)\}/gu, (whole, name) =>
      values[name] == null ? whole : String(values[name]),
    );
}

/** An integer with thousands commas, "—" when there is none. */
export function countWords(n) {
  if (n == null || Number.isNaN(Number(n))) return "—";
  const [whole, fraction] = String(n).split(".");
  return whole.replace(GROUPS, ",") + (fraction ? `.${fraction}` : "");
}

/** A small number as the language counts it: 三 in Chinese, 3 in English. */
export function numeral(say, n) {
  return say("numerals").split(" ")[n] ?? String(n);
}

/** One day; `pattern` is a key below `date.`: full, short, dotted, weekday. */
export function dayWords(say, day, pattern = "short") {
  const { year, month, date } = dayParts(day);
  return say(`date.${pattern}`, {
    y: year,
    m: month,
    d: date,
    mon: say("date.months").split(" ")[month - 1],
    w: say("date.weekdays").split(" ")[weekdayOf(day)],
  });
}

/** Two days as one range, the year said once when it is the same. */
export function rangeWords(say, from, until) {
  if (from === until) return dayWords(say, from, "full");
  const same = dayParts(from).year === dayParts(until).year;
  return say("date.range", {
    from: dayWords(say, from, same ? "range_from" : "full"),
    until: dayWords(say, until, same ? "range_until" : "full"),
  });
}

/** A month and its year. */
export function monthWords(say, year, month) {
  return say("date.month", { y: year, m: month, mon: say("date.months").split(" ")[month - 1] });
}

/** The instant of an ISO text as it is written, without shifting it to another zone. */
export function instantWords(say, iso) {
  const day = dayNumber(iso);
  if (day === null) return iso ? String(iso) : "—";
  const clock = /[T ](\d{2}:\d{2})/u.exec(String(iso));
  const words = dayWords(say, day, "short");
  return clock ? `${words} ${clock[1]}` : words;
}
