/** Words and numbers beside the map: days, headlines, places, facts, sentences; and the map's legend. */

import { build } from "./dom.js";

/** Rows of a list that stay however little room there is. */
const ALWAYS = 3;

const ARROWS = { up: "▲", down: "▼", flat: "＝" };

export function drawSide(screen) {
  return build("div", { class: "gt-wall-side" }, [
    screen.days?.length ? build("div", { class: "gt-wall-dates" }, screen.days.map(drawDay)) : null,
    screen.headlines ? build("div", { class: "gt-wall-headlines" }, screen.headlines.map(drawHeadline)) : null,
    screen.list ? drawList(screen.list) : null,
    screen.sentences?.length ? build("div", { class: "gt-wall-told" }, screen.sentences.map(drawSentence)) : null,
    screen.facts ? build("div", { class: "gt-wall-facts", "data-spare": 2 }, screen.facts.map(drawFact)) : null,
    screen.note ? build("p", { class: "gt-wall-note", text: screen.note, "data-spare": 3 }) : null,
  ]);
}

const drawSentence = (text, at) => build("p", { text, "data-spare": at ? 1 : null });

function drawDay({ name, day, of }) {
  return build("p", {}, [build("span", { text: name }), build("b", { text: day }), build("span", { class: "gt-wall-of", text: of })]);
}

function drawHeadline({ label, value, unit, note, change, tone }) {
  return build("div", { class: "gt-wall-headline" }, [
    build("h3", { text: label }),
    build("p", { class: tone ? `gt-wall-value gt-wall-${tone}` : "gt-wall-value" }, [build("b", { text: value }), unit ? build("span", { text: unit }) : null]),
    change ? drawChange(change) : null,
    note ? build("p", { class: "gt-wall-note", text: note }) : null,
  ]);
}

/** Arrow for the direction, colour for the verdict, and both in words. */
function drawChange({ text, direction, verdict, against, word }) {
  const arrow = ARROWS[direction] ?? "";
  const small = [word, against].filter(Boolean).join(" · ");
  return build("p", { class: `gt-wall-change gt-wall-${verdict}` }, [
    build("b", { text: arrow ? `${arrow} ${text}` : text }),
    small ? build("span", { text: small }) : null,
  ]);
}

function drawFact({ label, value, unit }) {
  return build("p", {}, [build("span", { text: label }), build("b", { text: value }), unit ? build("span", { text: unit }) : null]);
}

function drawList({ title, note, rows, empty }) {
  const head = build("div", { class: "gt-wall-list-head" }, [build("h3", { text: title }), note ? build("span", { text: note }) : null]);
  const body = rows?.length ? build("ol", {}, rows.map((row, at) => drawRow(row, at))) : build("p", { class: "gt-wall-note", text: empty });
  return build("div", { class: "gt-wall-list" }, [head, body]);
}

function drawRow({ n, name, mark, detail, value, unit, hot, change }, at) {
  return build("li", { "data-spare": at < ALWAYS ? null : 9 - at }, [
    n ? build("i", { text: n }) : null,
    build("div", { class: "gt-wall-where" }, [
      build("b", { text: name }),
      mark ? build("span", { class: hot ? "gt-wall-mark gt-wall-hot" : "gt-wall-mark", text: mark }) : null,
      detail ? build("span", { class: "gt-wall-detail", text: detail }) : null,
    ]),
    build("span", { class: "gt-wall-count" }, [build("b", { text: value }), build("span", { text: unit })]),
    build("span", { class: `gt-wall-moved gt-wall-${change?.verdict ?? "none"}`, text: change ? `${ARROWS[change.direction] ?? ""} ${change.text}` : "" }),
  ]);
}

export function drawLegend({ legend, breaks }) {
  const steps = breaks.map((bound, step) => {
    const box = build("span", { class: "gt-wall-step" }, [build("i", {}), build("span", { text: step === breaks.length - 1 ? `${bound}+` : bound })]);
    box.firstChild.style.background = `var(--gt-heat-${step})`;
    return box;
  });
  const keys = [legend.zero, legend.hot, legend.silent].filter(Boolean).join(" · ");
  return build("div", { class: "gt-wall-legend" }, [
    build("b", { text: legend.title }),
    build("div", { class: "gt-wall-scale" }, steps),
    build("div", { class: "gt-wall-keys" }, [build("span", { text: `${legend.unit} · ${legend.locked} · ${legend.n}` }), build("span", { text: keys })]),
  ]);
}

/** What does not fit is left out whole, least needed first; letters are never made smaller. */
export function fitSide(side) {
  const spare = [...side.querySelectorAll("[data-spare]")].sort((a, b) => a.dataset.spare - b.dataset.spare);
  while (spare.length && side.scrollHeight > side.clientHeight + 1) spare.shift().remove();
}
