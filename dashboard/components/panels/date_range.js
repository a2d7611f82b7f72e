/** From one day to another: a button that reads as a sentence, a sheet with two months. */

import {
  dayNumber,
  dayParts,
  isoOf,
  orderedDays,
  presetRanges,
  shiftDayByMonth,
  shiftMonth,
  typedDay,
  weekdayOf,
  withinDays,
} from "./calendar_days.js";
import { createSelectButton } from "./controls.js";
import { build, setAttribute, setText, syncChildren } from "./dom.js";
import { createMonthGrid, dayLabel, dayMarks } from "./month_grid.js";
import { createPopover } from "./popover.js";
import { rangeWords } from "./words.js";

const STEP_DAYS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };
const STEP_MONTHS = { PageUp: -1, PageDown: 1 };

/** The calendar of `data.calendar` with day numbers instead of texts. */
export function readCalendar(calendar = {}) {
  const days = (texts) => texts.map(dayNumber).filter((day) => day !== null);
  return {
    first: dayNumber(calendar.first),
    last: dayNumber(calendar.last),
    asOf: dayNumber(calendar.as_of),
    phases: (calendar.phases ?? [])
      .map(({ name, from, until }) => ({ name, from: dayNumber(from), until: dayNumber(until) }))
      .filter(({ from, until }) => from !== null && until !== null),
    holidays: new Map(
      Object.entries(calendar.holidays ?? {}).map(([iso, name]) => [dayNumber(iso), name]),
    ),
    workdays: new Set(days(calendar.workdays ?? [])),
  };
}

/**
 * A picker; `onChange({from, until})` gives ISO texts, or nulls for the whole time.
 *
 * `update(chosen, calendar, period)`: without chosen days the button says the period in force, which
 * the phases may have set.
 */
export function createDateRange({ say, onChange }) {
  const button = createSelectButton(say("filter.date"));
  const months = [createMonthGrid(say), createMonthGrid(say)];
  const grids = build("div", { class: "gt-months" }, months.map(({ element }) => element));
  const readout = build("p", { class: "gt-readout", "aria-live": "polite" });
  const presets = build("div", { class: "gt-presets" });
  const typed = typedFields(say, (from, until) => finish(from, until, false));
  const turn = (step, sign, key) =>
    build("button", {
      type: "button",
      class: "gt-icon-button",
      "aria-label": say(key),
      text: sign,
      onclick: () => {
        view = shiftMonth(view, step);
        paint();
      },
    });
  const content = build("div", { class: "gt-range" }, [
    build("div", { class: "gt-range-top" }, [
      turn(-1, "‹", "calendar.earlier"),
      typed.element,
      turn(1, "›", "calendar.later"),
    ]),
    presets,
    grids,
    readout,
  ]);
  const element = build("div", { class: "gt-anchor" }, [button.element]);
  const popover = createPopover({
    anchor: button.element,
    content,
    label: say("filter.date"),
    onOpen: opened,
    onClose: () => (pending = null),
  });

  let calendar = readCalendar();
  let chosen = { from: null, until: null };
  let pending = null;
  let hover = null;
  let focus = null;
  let view = { year: 1970, month: 1 };

  function opened() {
    focus = withinDays(chosen.until ?? calendar.asOf ?? 0, calendar.first, calendar.last);
    view = monthBefore(chosen.from ?? shiftDayByMonth(focus, -1), focus);
    typed.write(chosen, true);
    paint();
    content.querySelector('.gt-day[tabindex="0"]')?.focus({ preventScroll: true });
  }

  function paint() {
    const [from, until] = shownRange(pending, hover ?? focus, chosen);
    const marks = { ...calendar, from, until, focus };
    months[0].update({ ...view, marks });
    months[1].update({ ...shiftMonth(view, 1), marks });
    paintPresets();
    const at = hover ?? focus;
    setText(readout, at == null ? "" : dayLabel(say, at, dayMarks(at, marks)));
  }

  function paintPresets() {
    if (calendar.asOf == null) return;
    const ready = presetRanges(calendar.asOf, calendar.first, calendar.last);
    const create = ({ code }) =>
      build("button", { type: "button", class: "gt-pill", text: say(`preset.${code}`) });
    syncChildren(presets, ready, ({ code }) => code, create, (pill, { from, until }) => {
      pill.onclick = () => finish(from, until, true);
      setAttribute(pill, "aria-pressed", String(from === chosen.from && until === chosen.until));
    });
  }

  function choose(day) {
    if (dayMarks(day, { ...calendar, from: null }).outside) return;
    focus = day;
    if (pending === null) pending = day;
    else return void finish(...orderedDays(pending, day), true);
    setText(typed.hint, say("calendar.pick_end"));
    paint();
  }

  function finish(from, until, andClose) {
    chosen = { from, until };
    pending = null;
    typed.write(chosen, andClose);
    if (from !== null) view = monthBefore(from, until);
    onChange({ from: from && isoOf(from), until: until && isoOf(until) });
    paint();
    if (andClose) popover.close();
  }

  function moveTo(day) {
    focus = withinDays(day, calendar.first, calendar.last);
    hover = null;
    const { year, month } = dayParts(focus);
    const ahead = (year - view.year) * 12 + month - view.month;
    const seen = content.querySelectorAll(".gt-month:not([hidden])").length || 2;
    if (ahead < 0) view = { year, month };
    if (ahead >= seen) view = shiftMonth({ year, month }, 1 - seen);
    paint();
    content.querySelector(`.gt-day[data-day="${focus}"]`)?.focus();
  }

  grids.addEventListener("click", (event) => {
    const day = event.target.closest(".gt-day");
    if (day) choose(Number(day.dataset.day));
  });
  grids.addEventListener("pointerover", (event) => {
    const day = event.target.closest(".gt-day");
    hover = day ? Number(day.dataset.day) : null;
    paint();
  });
  grids.addEventListener("pointerleave", () => {
    hover = null;
    paint();
  });
  grids.addEventListener("keydown", (event) => {
    const day = Number(event.target.closest(".gt-day")?.dataset.day);
    const next = dayAfterKey(event.key, day);
    if (next === null || Number.isNaN(day)) return;
    event.preventDefault();
    moveTo(next);
  });

  return {
    element,
    update(next, data, period) {
      calendar = readCalendar(data);
      chosen = closedRange(next, calendar);
      const shown = chosen.from === null ? closedRange(period ?? {}, calendar) : chosen;
      const words = shown.from === null ? say("filter.date_all") : rangeWords(say, shown.from, shown.until);
      button.show(words, chosen.from !== null);
      typed.write(chosen, false);
      if (popover.isOpen()) paint();
    },
    destroy: popover.destroy,
  };
}

/** Both ends of `{from, until}` as day numbers, an open end closed by the calendar; or both null. */
export function closedRange(range, { first, last }) {
  const [from, until] = [dayNumber(range.from), dayNumber(range.until)];
  const ends = [from ?? first, until ?? last];
  const unset = (from === null && until === null) || ends.includes(null);
  return unset ? { from: null, until: null } : { from: ends[0], until: ends[1] };
}

function shownRange(pending, at, chosen) {
  if (pending === null) return [chosen.from, chosen.until];
  return orderedDays(pending, at ?? pending);
}

function monthBefore(from, until) {
  const start = dayParts(from);
  const end = shiftMonth(dayParts(until), -1);
  const later = end.year * 12 + end.month > start.year * 12 + start.month;
  return later ? end : { year: start.year, month: start.month };
}

/** The day an arrow, page, Home or End key leads to; null for any other key. */
export function dayAfterKey(key, day) {
  if (key in STEP_DAYS) return day + STEP_DAYS[key];
  if (key in STEP_MONTHS) return shiftDayByMonth(day, STEP_MONTHS[key]);
  if (key === "Home") return day - weekdayOf(day);
  return key === "End" ? day + 6 - weekdayOf(day) : null;
}

function typedFields(say, onTyped) {
  const field = (key) =>
    build("input", {
      class: "gt-field gt-date-field",
      type: "text",
      inputmode: "numeric",
      "aria-label": say(key),
      placeholder: say("calendar.typed"),
      maxlength: "16",
      autocomplete: "off",
    });
  const fields = [field("calendar.from"), field("calendar.until")];
  const hint = build("span", { class: "gt-date-hint", role: "status" });
  const read = () => {
    const [from, until] = fields.map(({ value }) => typedDay(value));
    fields.forEach((each, at) => setAttribute(each, "aria-invalid", [from, until][at] === null));
    setText(hint, from === null || until === null ? say("calendar.unread") : "");
    if (from !== null && until !== null) onTyped(...orderedDays(from, until));
  };
  for (const each of fields) {
    each.addEventListener("change", read);
    each.addEventListener("keydown", (event) => event.key === "Enter" && read());
  }
  const write = ({ from, until }, always) => {
    const shown = fields[0].getRootNode().activeElement;
    [from, until].forEach((day, at) => {
      if (!always && shown === fields[at]) return;
      fields[at].value = day === null ? "" : isoOf(day);
      setAttribute(fields[at], "aria-invalid", null);
    });
    if (always) setText(hint, "");
  };
  const dash = build("span", { text: "–", "aria-hidden": "true" });
  return { element: build("div", { class: "gt-typed" }, [fields[0], dash, fields[1], hint]), write, hint };
}
