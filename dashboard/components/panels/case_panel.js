/** What is known of the selected cell, street or area; with nothing selected, how to read the map. */

import { createNameBars, createWeekBars } from "./bars.js";
import { createCaseList } from "./case_list.js";
import { build, safeLink, setAttribute, setAttributes, setText, syncChildren } from "./dom.js";
import { targetsPart } from "./targets_part.js";
import { countWords, speaker } from "./words.js";

const FORMATS = [
  { code: "csv", name: "CSV" },
  { code: "geojson", name: "GeoJSON" },
  { code: "parquet", name: "GeoParquet" },
];
const NOTE_SIGNS = { overdue: "▲", late: "✓", soon: "◆", open: "●", ok: "✓" };
const READING_LINES = 4;

/** Put the card into `root`; `emit` gets close, more, download, cell or street. */
export function mountCasePanel(root, { data, text, emit }) {
  const say = speaker(text);
  const head = createHead(say, emit);
  const reading = readingPart(say);
  const parts = [
    numbersPart(),
    weeksPart(say),
    officesPart(say),
    phasesPart(say),
    casesPart(say, emit),
    topPart(say, emit),
    targetsPart(emit),
  ];
  const body = build("div", { class: "gt-card-body", tabindex: "-1" }, [
    reading.element,
    ...parts.map(({ element }) => element),
  ]);
  const foot = createDownloads(say, emit);
  const panel = build("div", { class: "gt-panel gt-card", role: "complementary" }, [
    head.element,
    body,
    foot.element,
  ]);
  panel.setAttribute("aria-label", say("case.panel"));
  root.append(panel);
  let shownTitle = null;

  function update({ data: next }) {
    const chosen = next.kind !== "none";
    reading.update(next, chosen);
    head.update(next, chosen);
    for (const part of parts) part.update(next);
    foot.update(next, chosen);
    const title = `${next.kind}/${next.kicker}/${next.title}`;
    if (title !== shownTitle && shownTitle !== null) body.scrollTop = 0;
    shownTitle = title;
  }

  update({ data });
  return { update, destroy: () => panel.remove() };
}

function createHead(say, emit) {
  const kicker = build("p", { class: "gt-kicker" });
  const title = build("h2", { class: "gt-title" });
  const chips = build("ul", { class: "gt-chips" });
  const close = build("button", {
    type: "button",
    class: "gt-close",
    "aria-label": say("case.close"),
    title: say("case.close"),
    text: "×",
    onclick: () => emit({ close: true }),
  });
  const told = build("div", { "aria-live": "polite" }, [kicker, title]);
  const element = build("header", { class: "gt-card-head" }, [told, close, chips]);
  return {
    element,
    update(data, chosen) {
      setText(kicker, data.kicker ?? "");
      kicker.hidden = !data.kicker;
      setText(title, chosen ? data.title : data.title || say("case.how_to_read"));
      close.hidden = !chosen;
      chips.hidden = !data.chips?.length;
      const create = () => build("li", { class: "gt-chip" });
      syncChildren(chips, data.chips ?? [], (_, at) => at, create, (chip, { text, tone }) => {
        setText(chip, text);
        setAttribute(chip, "data-tone", tone);
      });
    },
  };
}

function readingPart(say) {
  const usual = Array.from({ length: READING_LINES }, (_, at) => say(`case.reading_${at + 1}`));
  const element = build("ul", { class: "gt-reading" });
  return {
    element,
    update({ reading }, chosen) {
      element.hidden = chosen;
      syncChildren(element, reading ?? usual, (_, at) => at, () => build("li", {}), (line, text) => setText(line, text));
    },
  };
}

function numbersPart() {
  const element = build("dl", { class: "gt-numbers" });
  const create = () =>
    build("div", {}, [
      build("dt", {}),
      build("dd", {}, [build("b", {}), build("span", { class: "gt-measure" })]),
      build("dd", { class: "gt-number-note" }, [build("span", { "aria-hidden": "true" }), build("span", {})]),
    ]);
  return {
    element,
    update({ numbers = [] }) {
      element.hidden = !numbers.length;
      syncChildren(element, numbers, (_, at) => at, create, (box, { label, value, unit, note, tone }) => {
        const [name, number, below] = box.children;
        setText(name, label);
        setText(number.firstChild, typeof value === "number" ? countWords(value) : (value ?? "—"));
        setText(number.lastChild, unit);
        setText(below.firstChild, String(note ?? "").startsWith(NOTE_SIGNS[tone]) ? "" : NOTE_SIGNS[tone]);
        setText(below.lastChild, note);
        setAttribute(below, "data-tone", tone);
      });
    },
  };
}

function titled(title, note, children) {
  return build("section", { class: "gt-block" }, [
    build("h3", { class: "gt-block-head" }, [title, note].filter(Boolean)),
    ...children,
  ]);
}

function weeksPart(say) {
  const title = build("span", {});
  const note = build("span", { class: "gt-head-note", text: say("case.tint") });
  const bars = createWeekBars(say);
  const element = titled(title, note, [bars.element]);
  return {
    element,
    update({ weekly }) {
      const labels = weekly?.labels ?? [];
      element.hidden = !labels.length;
      if (!labels.length) return;
      setText(title, say("case.weekly", { from: labels[0], until: labels.at(-1) }));
      note.hidden = !weekly.in_phase?.some(Boolean) || weekly.in_phase.every(Boolean);
      bars.update(weekly);
    },
  };
}

function officesPart(say) {
  const bars = createNameBars(say);
  const element = titled(build("span", { text: say("case.offices") }), null, [bars.element]);
  return {
    element,
    update({ offices = [] }) {
      element.hidden = !offices.length;
      bars.update(offices);
    },
  };
}

function phasesPart(say) {
  const cell = (tag, text) => build(tag, { text, ...(tag === "th" && { scope: "col" }) });
  const rows = build("tbody", {});
  const heads = ["case.phase", "case.count", "case.per_day"].map((key) => cell("th", say(key)));
  const table = build("table", { class: "gt-phase-table" }, [
    build("caption", { class: "gt-offscreen", text: say("case.by_phase") }),
    build("thead", {}, [build("tr", {}, heads)]),
    rows,
  ]);
  const element = titled(build("span", { text: say("case.by_phase") }), null, [table]);
  const create = () => build("tr", {}, [build("th", { scope: "row" }), build("td", {}), build("td", {})]);
  return {
    element,
    update({ phases = [] }) {
      element.hidden = !phases.length;
      syncChildren(rows, phases, ({ name }, at) => `${at}/${name}`, create, (row, phase) => {
        setText(row.children[0], phase.name);
        setText(row.children[1], countWords(phase.n));
        setText(row.children[2], phase.per_day == null ? "—" : Number(phase.per_day).toFixed(1));
      });
    },
  };
}

function casesPart(say, emit) {
  const order = build("span", { class: "gt-head-note gt-head-after", text: say("case.oldest_first") });
  const all = build("button", { type: "button", class: "gt-link", onclick: () => emit({ more: true }) });
  const title = build("span", {}, [build("span", { text: say("case.cases") }), order]);
  const list = createCaseList(say);
  const empty = build("p", { class: "gt-none" });
  const more = build("button", {
    type: "button",
    class: "gt-act gt-act-wide",
    onclick: () => emit({ more: true }),
  });
  const element = titled(title, all, [list.element, empty, more]);
  element.classList.add("gt-block-cases");
  return {
    element,
    update({ kind, cases = [], total }) {
      element.hidden = kind === "none";
      const left = Math.max(0, (total ?? cases.length) - cases.length);
      list.update(cases);
      setText(all, say("case.all", { n: countWords(total ?? cases.length) }));
      setAttribute(all, "disabled", left === 0);
      order.hidden = cases.length < 2;
      setText(empty, cases.length ? "" : say("case.no_cases"));
      setText(more, say("case.more", { n: countWords(left) }));
      more.hidden = left === 0 || !cases.length;
    },
  };
}

function topPart(say, emit) {
  const list = build("ol", { class: "gt-places" });
  const title = build("span", {});
  const remark = build("p", { class: "gt-none" });
  const element = titled(title, null, [list, remark]);
  const create = () => {
    const row = build("button", { type: "button", class: "gt-places-row" }, [
      build("span", { class: "gt-places-rank" }),
      build("span", { class: "gt-places-name" }),
      build("span", { class: "gt-row-n" }),
      build("span", { class: "gt-places-bar", "aria-hidden": "true" }),
    ]);
    return build("li", {}, [row]);
  };
  return {
    element,
    update({ kind, top = [], top_title: heading, note }) {
      element.hidden = kind !== "none" || !top.length;
      setText(title, heading ?? say("case.top", { n: top.length }));
      setText(remark, note);
      const most = Math.max(1, ...top.map(({ n }) => n));
      const keyOf = ({ label, cell, street }) => `${cell ?? street}/${label}`;
      syncChildren(list, top, keyOf, create, (item, place, at) => {
        const row = item.firstChild;
        const [rank, name, n, bar] = row.children;
        setText(rank, at + 1);
        setText(name, place.label);
        setText(n, place.said ?? say("unit.cases_n", { n: countWords(place.n) }));
        bar.style.setProperty("--share", place.n / most);
        setAttribute(row, "title", place.label);
        row.onclick = () => emit(place.cell == null ? { street: place.street } : { cell: place.cell });
      });
    },
  };
}

function createDownloads(say, emit) {
  const element = build("footer", { class: "gt-downloads", role: "group" });
  const ask = (code) => ({ type: "button", onclick: () => emit({ download: code }) });
  const create = ({ code, name, link }) =>
    build(link ? "a" : "button", {
      class: "gt-act",
      text: name,
      ...(link ? { download: true } : ask(code)),
    });
  return {
    element,
    update({ downloads, total, cases = [] }, chosen) {
      element.hidden = chosen && (total ?? cases.length) === 0;
      element.setAttribute("aria-label", say(chosen ? "case.download" : "case.download_map"));
      const offered = FORMATS.map((format) => ({
        ...format,
        link: safeLink(downloads?.[format.code]),
      }));
      const keyOf = ({ code, link }) => `${code}/${Boolean(link)}`;
      syncChildren(element, offered, keyOf, create, (node, { name, link }) => {
        setAttributes(node, { href: link, title: say("case.download_as", { format: name }) });
      });
    },
  };
}

export { mountCasePanel as mount };
