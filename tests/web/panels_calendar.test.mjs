// Calendar arithmetic of the panels, against JavaScript's own Date and against known dates.
import assert from "node:assert/strict";
import { test } from "node:test";

import * as days from "../../dashboard/components/panels/calendar_days.js";
import { closedRange, dayAfterKey, readCalendar } from "../../dashboard/components/panels/date_range.js";
import { dayLabel, dayMarks, namedOn } from "../../dashboard/components/panels/month_grid.js";
import { speaker } from "../../dashboard/components/panels/words.js";

const FIRST = days.dayNumber("1999-12-01");
const SPAN = 12_000;

test("every day comes back from its ISO text, and steps by one from the day before", () => {
  for (let day = FIRST; day < FIRST + SPAN; day += 1) {
    assert.equal(days.dayNumber(days.isoOf(day)), day);
    assert.equal(days.isoOf(day), new Date(day * 86_400_000).toISOString().slice(0, 10));
    assert.equal(days.weekdayOf(day), (new Date(day * 86_400_000).getUTCDay() + 6) % 7);
  }
});

test("days that do not exist are no days", () => {
  for (const iso of ["2026-02-29", "2026-13-01", "2026-00-10", "2026-04-31", "", null, "soon"]) {
    assert.equal(days.dayNumber(iso), null, String(iso));
  }
  assert.notEqual(days.dayNumber("2028-02-29"), null);
});

test("a day may be typed in the ways officials type it", () => {
  const wanted = days.dayNumber("2026-09-01");
  for (const text of ["2026-09-01", "2026-9-1", "2026/9/1", "2026.9.1", " 20260901 ", "2026年9月1日"]) {
    assert.equal(days.typedDay(text), wanted, text);
  }
  for (const text of ["", "2026", "2026-9", "2026-02-30", "202609", "9/1/2026", "1'; drop", "2026/9"]) {
    assert.equal(days.typedDay(text), null, text);
  }
});

test("the weeks of a month hold each of its days once, in order, under the right weekday", () => {
  for (let index = 0; index < 600; index += 1) {
    const { year, month } = days.shiftMonth({ year: 1990, month: 1 }, index);
    const weeks = days.monthWeeks(year, month);
    const kept = weeks.flat().filter((day) => day !== null);
    assert.equal(kept.length, new Date(Date.UTC(year, month, 0)).getUTCDate());
    assert.equal(days.isoOf(kept[0]), `${year}-${String(month).padStart(2, "0")}-01`);
    kept.forEach((day, at) => assert.equal(day, kept[0] + at));
    for (const week of weeks) {
      assert.equal(week.length, 7);
      week.forEach((day, slot) => day === null || assert.equal(days.weekdayOf(day), slot));
      assert.ok(week.some((day) => day !== null));
    }
  }
});

test("months step over the turn of a year, both ways, and dates keep to the month's end", () => {
  assert.deepEqual(days.shiftMonth({ year: 2026, month: 12 }, 1), { year: 2027, month: 1 });
  assert.deepEqual(days.shiftMonth({ year: 2026, month: 1 }, -1), { year: 2025, month: 12 });
  assert.deepEqual(days.shiftMonth({ year: 2026, month: 5 }, -29), { year: 2023, month: 12 });
  const moved = (iso, step) => days.isoOf(days.shiftDayByMonth(days.dayNumber(iso), step));
  assert.equal(moved("2026-01-31", 1), "2026-02-28");
  assert.equal(moved("2026-03-31", -1), "2026-02-28");
  assert.equal(moved("2026-12-15", 1), "2027-01-15");
});

test("ready-made ranges are weeks from Monday, cut to the days there are", () => {
  const ranges = (asOf, first, last) =>
    Object.fromEntries(
      days
        .presetRanges(...[asOf, first, last].map((iso) => iso && days.dayNumber(iso)))
        .map(({ code, from, until }) => [code, from && [days.isoOf(from), days.isoOf(until)]]),
    );
  assert.deepEqual(ranges("2026-11-22", "2026-07-01", "2026-12-08"), {
    this_week: ["2026-11-16", "2026-11-22"],
    last_week: ["2026-11-09", "2026-11-15"],
    last_30: ["2026-10-24", "2026-11-22"],
    all: null,
  });
  assert.deepEqual(ranges("2026-07-02", "2026-07-01", null), {
    this_week: ["2026-07-01", "2026-07-02"],
    last_30: ["2026-07-01", "2026-07-02"],
    all: null,
  });
});

test("arrows, pages, Home and End lead where a calendar leads", () => {
  const from = days.dayNumber("2026-10-01");
  const after = (key) => {
    const day = dayAfterKey(key, from);
    return day === null ? null : days.isoOf(day);
  };
  assert.equal(after("ArrowLeft"), "2026-09-30");
  assert.equal(after("ArrowDown"), "2026-10-08");
  assert.equal(after("PageUp"), "2026-09-01");
  assert.equal(after("Home"), "2026-09-28");
  assert.equal(after("End"), "2026-10-04");
  assert.equal(after("Tab"), null);
});

const CALENDAR = readCalendar({
  first: "2026-07-01",
  last: "2026-12-08",
  as_of: "2026-11-22",
  phases: [
    { name: "one", from: "2026-08-31", until: "2026-09-20" },
    { name: "two", from: "2026-09-21", until: "2026-11-15" },
    { name: "unread", from: "soon", until: "2026-11-20" },
  ],
  holidays: { "2026-10-01": "国庆节" },
  workdays: ["2026-10-10"],
});

test("a day knows its phase, holiday, make-up work and place in the range", () => {
  const marks = (iso) => {
    const range = { from: days.dayNumber("2026-09-30"), until: days.dayNumber("2026-10-02") };
    return dayMarks(days.dayNumber(iso), { ...CALENDAR, ...range });
  };
  assert.equal(CALENDAR.phases.length, 2);
  assert.equal(marks("2026-09-20").phase.name, "one");
  assert.equal(marks("2026-09-21").phase.name, "two");
  assert.equal(marks("2026-11-16").phase, null);
  assert.equal(marks("2026-10-01").off, "国庆节");
  assert.equal(marks("2026-10-10").work, true);
  assert.deepEqual(
    ["2026-09-29", "2026-09-30", "2026-10-01", "2026-10-02"].map((iso) => marks(iso).range),
    [null, "first", "inside", "last"],
  );
  assert.equal(marks("2026-06-30").outside, true);
  assert.equal(marks("2026-12-08").outside, false);
  assert.equal(marks("2026-11-23").afterAsOf, true);
});

test("an open end is closed by the calendar, two open ends stay open", () => {
  const closed = (from, until) => Object.values(closedRange({ from, until }, CALENDAR)).map((day) => day && days.isoOf(day));
  assert.deepEqual(closed("2026-09-01", null), ["2026-09-01", "2026-12-08"]);
  assert.deepEqual(closed(null, "2026-09-01"), ["2026-07-01", "2026-09-01"]);
  assert.deepEqual(closed(null, null), [null, null]);
  assert.deepEqual(Object.values(closedRange({ from: "2026-09-01" }, { first: null, last: null })), [null, null]);
});

test("the label of a day leaves nothing to the colours", () => {
  const say = speaker({ "date.full": "{y}年{m}月{d}日", "date.weekday": "{w}", "date.weekdays": "一 二 三 四 五 六 日", "date.months": "1 2 3 4 5 6 7 8 9 10 11 12" });
  const day = days.dayNumber("2026-10-01");
  const label = dayLabel(say, day, dayMarks(day, { ...CALENDAR, from: null }));
  assert.equal(label, "2026年10月1日 · 四 · 国庆节 · two");
});

test("a phase is named once a month, where there is room for its name", () => {
  const phase = CALENDAR.phases[1];
  const named = (iso) => {
    const day = namedOn(phase, days.dayNumber(iso));
    return day === null ? null : days.isoOf(day);
  };
  assert.equal(named("2026-09-25"), "2026-09-21");
  assert.equal(named("2026-10-20"), "2026-10-01");
  assert.equal(named("2026-11-10"), "2026-11-02"); // the first is a Sunday
  const short = { from: days.dayNumber("2026-11-01"), until: days.dayNumber("2026-11-01") };
  assert.equal(namedOn(short, short.from), null);
});
