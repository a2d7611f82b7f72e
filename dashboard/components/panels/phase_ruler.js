/** The phase ruler: a campaign as one line, one click per phase, daily reports inside. */

import { dayParts } from "./calendar_days.js";
import { build, setAttribute, setAttributes, setText, syncChildren } from "./dom.js";
import { createDraft } from "./draft.js";
import { createRulerDays } from "./ruler_days.js";
import { pickPhase, readRuler, withoutOverlap } from "./ruler_scale.js";
import { createRulerSides } from "./ruler_sides.js";
import { countWords, dayWords, speaker } from "./words.js";

const LONG_PRESS_MS = 500;

/** Put the ruler into `root`; `emit` gets `{phases}`, `{compare}` or `{filters: {from, until}}`. */
export function mountPhaseRuler(root, { data, text, emit }) {
  const say = speaker(text);
  let facts = data;
  let anchor = null;
  const draft = createDraft({ send: emit, refresh: () => paint() });
  const sides = createRulerSides({ say, ask: draft.ask });
  const tabs = build("div", { class: "gt-phases", role: "group", "aria-label": say("ruler.phases") });
  const days = createRulerDays({ say, onRange: (filters) => emit({ filters }) });
  const offs = build("div", { class: "gt-offs", "aria-hidden": "true" });
  const axis = build("div", { class: "gt-axis", "aria-hidden": "true" });
  const today = build("div", { class: "gt-today" }, [build("span", {})]);
  const track = build("div", { class: "gt-track" }, [days.element, tabs, offs, axis, today]);
  const strip = build("div", { class: "gt-strip" }, [track]);
  const panel = build("div", { class: "gt-panel gt-ruler", role: "region" }, [sides.element, strip]);
  panel.setAttribute("aria-label", say("ruler.panel"));
  root.append(panel);

  function paint() {
    const asked = draft.values();
    const shown = { ...facts, chosen: { ...facts.chosen, phases: asked.phases ?? null } };
    const answered = (asked.phases ?? null) === (facts.chosen?.phases ?? null);
    const given = answered ? facts.daily : { ...facts.daily, selected: null };
    const ruler = readRuler({ ...shown, daily: given });
    panel.dataset.phases = ruler.phases.length;
    sides.update(facts, asked);
    days.update(ruler);
    paintPhases(ruler, asked.phases ?? null);
    paintSpans(offs, ruler);
    paintToday(ruler);
    paintAxis(ruler);
  }

  function paintPhases(ruler, chosen) {
    syncChildren(tabs, ruler.phases, ({ code }) => code, createTab, (tab, phase) => {
      placeSpan(tab, ruler, phase);
      setText(tab.firstChild.firstChild, phase.name);
      setText(tab.firstChild.lastChild, phaseDates(say, phase));
      setAttributes(tab, {
        "aria-pressed": String(Boolean(chosen?.includes(phase.code))),
        "aria-label": say("ruler.phase_label", phaseWords(say, phase)),
        title: say("ruler.phase_title", phaseWords(say, phase)),
      });
    });
  }

  function createTab({ code }) {
    const tab = build("button", { type: "button", class: "gt-phase" }, [
      build("span", { class: "gt-phase-band" }, [build("b", {}), build("span", {})]),
    ]);
    tab.addEventListener("click", (event) => {
      if (tab.dataset.held) return void delete tab.dataset.held;
      pick(code, { add: event.ctrlKey || event.metaKey, extend: event.shiftKey });
    });
    holdToAdd(tab, () => pick(code, { add: true }));
    return tab;
  }

  function pick(code, { add = false, extend = false }) {
    const order = facts.phases.map((phase) => phase.code);
    const chosen = draft.values().phases ?? null;
    draft.ask({ phases: pickPhase(order, chosen, code, { add, extend, anchor }) });
    anchor = code;
  }

  function paintToday(ruler) {
    const { day, days: length, until } = facts.campaign;
    const inside = ruler.asOf !== null && ruler.asOf >= ruler.from && ruler.asOf <= ruler.until;
    today.hidden = !inside;
    if (!inside) return;
    const share = (ruler.asOf - ruler.from + 1) / ruler.length;
    today.style.left = `${100 * share}%`;
    setAttribute(today, "data-left", share > 0.86);
    setText(today.firstChild, say("ruler.today", { day: day ?? ruler.asOf - ruler.from + 1 }));
    setAttribute(today, "title", say("ruler.today_title", {
      day: day ?? "",
      days: length ?? ruler.length,
      until: until ?? "",
    }));
  }

  function paintAxis(ruler) {
    syncChildren(axis, axisLabels(say, ruler), ({ key }) => key, createLabel, (label, each) => {
      setText(label, each.text);
      label.dataset.align = each.align;
      label.style.left = `${100 * each.share}%`;
    });
    clearOverlaps(axis);
  }

  function update({ data: next }) {
    facts = next;
    draft.confirm({ phases: next.chosen?.phases ?? null, compare: next.compare ?? next.chosen?.compare ?? null });
    paint();
  }

  const watch = new ResizeObserver(() => clearOverlaps(axis));
  watch.observe(track);
  update({ data });
  scrollToChosen(strip, tabs);
  return {
    update,
    destroy() {
      watch.disconnect();
      draft.destroy();
      days.destroy();
      sides.destroy();
      panel.remove();
    },
  };
}

const createLabel = () => build("span", {});

function placeSpan(node, ruler, { from, until }) {
  node.style.left = `${(100 * (from - ruler.from)) / ruler.length}%`;
  node.style.width = `${(100 * (until - from + 1)) / ruler.length}%`;
}

function paintSpans(box, ruler) {
  const create = () => build("span", { class: "gt-off" });
  syncChildren(box, ruler.holidays, ({ from }) => from, create, (off, each) => {
    placeSpan(off, ruler, each);
    setAttribute(off, "title", each.name);
  });
}

function phaseDates(say, { from, until }) {
  return say("ruler.phase_dates", {
    from: dayWords(say, from, "dotted"),
    until: dayWords(say, until, "dotted"),
    days: until - from + 1,
  });
}

function phaseWords(say, phase) {
  return { name: phase.name, dates: phaseDates(say, phase), n: countWords(phase.n) };
}

function axisLabels(say, ruler) {
  const at = (day) => (day - ruler.from) / ruler.length;
  const starts = ruler.phases.slice(1).map(({ from }) => ({ key: `p${from}`, share: at(from), day: from }));
  return [
    { key: "first", share: 0, align: "start", text: dayWords(say, ruler.from) },
    { key: "last", share: 1, align: "end", text: dayWords(say, ruler.until) },
    ...starts.map((each) => ({ ...each, align: "start", text: dayWords(say, each.day) })),
    ...ruler.holidays.map(({ name, from, until }) => ({
      key: `h${from}`,
      share: (at(from) + at(until + 1)) / 2,
      align: "middle",
      text: name,
    })),
    ...monthStarts(ruler).map((day) => ({
      key: `m${day}`,
      share: at(day),
      align: "start",
      text: dayWords(say, day),
    })),
  ];
}

function monthStarts(ruler) {
  if (ruler.phases.length > 1 && ruler.length < 130) return [];
  return Array.from({ length: ruler.length }, (_, index) => ruler.from + index).filter(
    (day) => dayParts(day).date === 1,
  );
}

function clearOverlaps(axis) {
  const labels = [...axis.children];
  const boxes = labels.map((label) => label.getBoundingClientRect());
  const keep = withoutOverlap(boxes, 6);
  labels.forEach((label, at) => setAttribute(label, "data-crowded", !keep[at]));
}

function holdToAdd(tab, add) {
  let timer = null;
  const stop = () => clearTimeout(timer);
  tab.addEventListener("pointerdown", ({ pointerType }) => {
    if (pointerType !== "touch") return;
    timer = setTimeout(() => {
      tab.dataset.held = "1";
      add();
    }, LONG_PRESS_MS);
  });
  for (const event of ["pointerup", "pointercancel", "pointerleave"]) tab.addEventListener(event, stop);
}

function scrollToChosen(strip, tabs) {
  const tab = tabs.querySelector('[aria-pressed="true"]') ?? tabs.lastElementChild;
  if (tab && strip.scrollWidth > strip.clientWidth) strip.scrollLeft = tab.offsetLeft;
}

export { mountPhaseRuler as mount };
