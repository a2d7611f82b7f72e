/** One month as a grid of days: weeks start on Monday, phases tinted and named below the dates. */

import { dayParts, monthLength, monthWeeks, spanHolding, weekdayOf } from "./calendar_days.js";
import { build, setAttribute, setAttributes, setText, syncChildren } from "./dom.js";
import { dayWords, monthWords } from "./words.js";

const NAME_BY = 4;

/** A month; `update({year, month, marks})` where marks is what `dayMarks` needs. */
export function createMonthGrid(say) {
  const title = build("div", { class: "gt-month-title", "aria-live": "polite" });
  const names = say("date.weekdays_short").split(" ");
  const head = build(
    "div",
    { class: "gt-week gt-week-head", "aria-hidden": "true" },
    names.map((text) => build("span", { text })),
  );
  const weeks = build("div", { class: "gt-weeks", role: "rowgroup" });
  const grid = build("div", { class: "gt-month", role: "grid" }, [title, head, weeks]);
  return {
    element: grid,
    update({ year, month, marks }) {
      setText(title, monthWords(say, year, month));
      setAttribute(grid, "aria-label", monthWords(say, year, month));
      const rows = monthWeeks(year, month).map((days) => ({ days, key: `${year}-${month}-${days}` }));
      syncChildren(weeks, rows, ({ key }) => key, createWeek, (row, { days }) => {
        days.forEach((day, slot) => day !== null && paintDay(row.children[slot], day, marks, say));
      });
    },
  };
}

function createWeek({ days }) {
  return build("div", { class: "gt-week", role: "row" }, days.map(createDay));
}

function createDay(day) {
  if (day === null) return build("span", { class: "gt-day-none", role: "gridcell" });
  const button = build("button", { type: "button", class: "gt-day", role: "gridcell" }, [
    build("span", { class: "gt-day-date" }),
    build("span", { class: "gt-day-mark", "aria-hidden": "true" }),
    build("span", { class: "gt-day-phase", "aria-hidden": "true" }, [build("span", {})]),
  ]);
  button.dataset.day = day;
  return button;
}

function paintDay(button, day, marks, say) {
  const facts = dayMarks(day, marks);
  const [date, mark, phase] = button.children;
  setText(date, dayWords(say, day, "date"));
  setText(mark, facts.off ? say("calendar.off") : facts.work ? say("calendar.work") : "");
  const named = facts.phase !== null && namedOn(facts.phase, day) === day;
  setText(phase.firstChild, named ? facts.phase.name : "");
  setAttributes(button, {
    "aria-label": dayLabel(say, day, facts),
    "aria-selected": String(facts.inRange),
    "aria-current": facts.isAsOf ? "date" : null,
    "aria-disabled": facts.outside ? "true" : null,
    tabindex: marks.focus === day ? "0" : "-1",
    "data-range": facts.range,
    "data-phase": facts.phase ? String(facts.phaseIndex % 2) : null,
    "data-named": named,
    "data-late": facts.afterAsOf,
    "data-off": facts.off !== null || (weekdayOf(day) > 4 && !facts.work),
    "data-work": facts.work,
  });
}

/**
 * The day in the month of `day` below which the name of a phase is written, or null.
 *
 * Its first day there, or the Monday after when the week has too little room left.
 */
export function namedOn({ from, until }, day) {
  const { year, month, date } = dayParts(day);
  const first = day - date + 1;
  const start = Math.max(from, first);
  const named = start + (weekdayOf(start) > NAME_BY ? 7 - weekdayOf(start) : 0);
  return named <= Math.min(until, first + monthLength(year, month) - 1) ? named : null;
}

/**
 * What is true of one day, given `{from, until, asOf, first, last, phases, holidays, workdays}`.
 *
 * `range` is "only", "first", "last", "inside" or null. All days are day numbers.
 */
export function dayMarks(day, marks) {
  const { from, until, asOf, first, last, phases, holidays, workdays } = marks;
  const phase = spanHolding(day, phases);
  const inRange = from != null && from <= day && day <= until;
  return {
    inRange,
    range: inRange ? placeInRange(day, from, until) : null,
    phase,
    phaseIndex: phases.indexOf(phase),
    off: holidays.get(day) ?? null,
    work: workdays.has(day),
    isAsOf: day === asOf,
    afterAsOf: asOf != null && day > asOf,
    outside: (first != null && day < first) || (last != null && day > last),
  };
}

function placeInRange(day, from, until) {
  if (from === until) return "only";
  if (day === from) return "first";
  return day === until ? "last" : "inside";
}

/** A day in words: date, weekday, holiday, phase, whether it is the last day with data. */
export function dayLabel(say, day, facts) {
  return [
    dayWords(say, day, "full"),
    dayWords(say, day, "weekday"),
    facts.off ?? (facts.work ? say("calendar.work_long") : null),
    facts.phase?.name,
    facts.isAsOf ? say("calendar.as_of") : null,
  ]
    .filter(Boolean)
    .join(" · ");
}
