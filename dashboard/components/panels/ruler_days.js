/** The days of the ruler: bars, tint, hover, drag of a range, keyboard. */

import { isoOf } from "./calendar_days.js";
import { build, buildSvg, setAttribute, setAttributes, setText, syncChildren } from "./dom.js";
import { barPlace, dayAt, runsOf, totalOf } from "./ruler_scale.js";
import { countWords, dayWords, rangeWords } from "./words.js";

const STEP = { ArrowLeft: -1, ArrowRight: 1, ArrowDown: -7, ArrowUp: 7, PageDown: 28, PageUp: -28 };
const DRAG_FROM_PX = 5;

/** The bars; `onRange({from, until})` gives ISO days. */
export function createRulerDays({ say, onRange }) {
  const tint = buildSvg("g", { class: "gt-days-tint" });
  const bars = buildSvg("g", { class: "gt-days-bars" });
  const picture = buildSvg("svg", { class: "gt-days-picture", "aria-hidden": "true" }, [tint, bars]);
  const cursor = build("div", { class: "gt-days-cursor", "aria-hidden": "true" });
  const note = build("div", { class: "gt-days-note", "aria-hidden": "true" });
  const element = build("div", { class: "gt-days", role: "slider", tabindex: "0" }, [
    picture,
    cursor,
    note,
  ]);
  let ruler = null;
  let focus = 0;
  let anchor = null;
  let dragFrom = null;

  function update(next) {
    const first = ruler === null;
    ruler = next;
    if (first) focus = Math.min(ruler.length - 1, Math.max(0, (ruler.asOf ?? ruler.from) - ruler.from));
    focus = Math.min(focus, ruler.length - 1);
    paint();
    describe();
  }

  function paint() {
    const { clientWidth: width, clientHeight: height } = element;
    if (!ruler || !width) return;
    paintTint(tint, ruler, width, height);
    paintBars(bars, ruler, width, height);
  }

  function describe() {
    const day = ruler.from + focus;
    setAttributes(element, {
      "aria-label": daysSummary(say, ruler),
      "aria-valuemin": 1,
      "aria-valuemax": ruler.length,
      "aria-valuenow": focus + 1,
      "aria-valuetext": anchor === null ? dayNote(say, ruler, focus) : rangeNote(say, ruler, anchor, focus),
    });
    setAttribute(element, "data-day", isoOf(day));
  }

  function point(a, b) {
    const [start, end] = a <= b ? [a, b] : [b, a];
    const share = (index) => `${(100 * index) / ruler.length}%`;
    cursor.style.left = share(start);
    cursor.style.width = share(end - start + 1);
    setText(note, start === end ? dayNote(say, ruler, start) : rangeNote(say, ruler, start, end));
    const middle = (start + end + 1) / 2 / ruler.length;
    note.style.left = `${100 * middle}%`;
    note.style.setProperty("--pull", `${-100 * middle}%`);
    setAttribute(element, "data-pointing", true);
  }

  function unpoint() {
    dragFrom = null;
    anchor = null;
    setAttribute(element, "data-pointing", null);
  }

  function select(a, b) {
    const [start, end] = a <= b ? [a, b] : [b, a];
    onRange({ from: isoOf(ruler.from + start), until: isoOf(ruler.from + end) });
  }

  const indexOf = (event) => {
    const box = element.getBoundingClientRect();
    return dayAt(event.clientX - box.left, box.width, ruler.length);
  };
  element.addEventListener("pointermove", (event) => {
    const index = indexOf(event);
    point(dragFrom?.index ?? index, index);
  });
  element.addEventListener("pointerleave", ({ pointerType }) => {
    if (!dragFrom && pointerType !== "touch") unpoint();
  });
  element.addEventListener("pointercancel", unpoint);
  element.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "touch") return void point(indexOf(event), indexOf(event));
    if (event.button !== 0) return;
    dragFrom = { index: indexOf(event), x: event.clientX };
    element.setPointerCapture(event.pointerId);
  });
  element.addEventListener("pointerup", (event) => {
    if (!dragFrom) return;
    const { index, x } = dragFrom;
    focus = indexOf(event);
    if (Math.abs(event.clientX - x) >= DRAG_FROM_PX) select(index, focus);
    dragFrom = null;
    describe();
  });
  element.addEventListener("dblclick", (event) => select(indexOf(event), indexOf(event)));
  element.addEventListener("blur", unpoint);
  element.addEventListener("focus", () => element.matches(":focus-visible") && point(focus, focus));
  element.addEventListener("keydown", (event) => {
    if (!dayKey(event)) return;
    event.preventDefault();
    describe();
  });

  function dayKey(event) {
    const ends = { Home: 0, End: ruler.length - 1 };
    if (event.key === "Escape") unpoint();
    else if (event.key === "Enter" || event.key === " ") select(anchor ?? focus, focus);
    else if (event.key in STEP || event.key in ends) {
      anchor = event.shiftKey ? (anchor ?? focus) : null;
      const wanted = ends[event.key] ?? focus + STEP[event.key];
      focus = Math.min(ruler.length - 1, Math.max(0, wanted));
      point(anchor ?? focus, focus);
    } else return false;
    return true;
  }

  const watch = new ResizeObserver(paint);
  watch.observe(element);
  return { element, update, destroy: () => watch.disconnect() };
}

function paintTint(group, { selected, length }, width, height) {
  const whole = selected.every(Boolean);
  const runs = whole ? [] : runsOf(selected);
  const edge = (index) => Math.round((index * width) / length);
  const create = () => buildSvg("rect", { class: "gt-tint", y: 0 });
  syncChildren(group, runs, (_, index) => index, create, (rect, [start, end]) => {
    setAttributes(rect, { x: edge(start), width: edge(end + 1) - edge(start), height });
  });
}

function paintBars(group, { n, selected, length }, width, height) {
  const most = Math.max(1, ...n.map((count) => count ?? 0));
  const days = n.map((count, index) => ({ count, index })).filter(({ count }) => count > 0);
  const create = () => buildSvg("rect", {});
  syncChildren(group, days, ({ index }) => index, create, (rect, { count, index }) => {
    const tall = Math.max(1, Math.round((count / most) * (height - 3)));
    setAttributes(rect, {
      ...barPlace(index, length, width),
      y: height - tall,
      height: tall,
      class: selected[index] ? "gt-bar-on" : "gt-bar-off",
    });
  });
}

function dayNote(say, ruler, index) {
  const day = ruler.from + index;
  const n = ruler.n[index];
  const key = n !== null ? "ruler.day" : day > (ruler.asOf ?? day) ? "ruler.day_ahead" : "ruler.day_none";
  const off = ruler.holidays.find(({ from, until }) => from <= day && day <= until);
  const words = say(key, { date: dayWords(say, day), w: dayWords(say, day, "weekday"), n: countWords(n) });
  return off ? words + say("list.separator") + off.name : words;
}

function rangeNote(say, ruler, a, b) {
  const [start, end] = a <= b ? [a, b] : [b, a];
  return say("ruler.range", {
    range: rangeWords(say, ruler.from + start, ruler.from + end),
    days: end - start + 1,
    n: countWords(totalOf(ruler.n.slice(start, end + 1))),
  });
}

function daysSummary(say, ruler) {
  const most = Math.max(...ruler.n.map((count) => count ?? -1));
  if (most < 0) return say("ruler.summary_empty");
  const at = ruler.n.indexOf(most);
  return say("ruler.summary", {
    range: rangeWords(say, ruler.from, Math.min(ruler.until, ruler.asOf ?? ruler.until)),
    n: countWords(totalOf(ruler.n)),
    date: dayWords(say, ruler.from + at),
    most: countWords(most),
  });
}

