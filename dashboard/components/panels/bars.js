/** Small bar charts made of elements, each with its numbers written beside it. */

import { build, setAttribute, setAttributes, setText, syncChildren } from "./dom.js";
import { countWords } from "./words.js";

const NUMBERS_UP_TO = 16;

/** Counts per week in columns; weeks of the chosen phase are tinted and strong. */
export function createWeekBars(say) {
  const element = build("div", { class: "gt-weekbars", role: "img" });
  return {
    element,
    update({ labels, n, in_phase: inPhase = [] }) {
      const most = Math.max(1, ...n);
      const step = Math.ceil(labels.length / NUMBERS_UP_TO);
      const columns = labels.map((label, at) => ({
        label,
        n: n[at] ?? 0,
        inPhase: Boolean(inPhase[at]),
        at,
      }));
      setAttribute(element, "aria-label", weekSummary(say, labels, n));
      setAttribute(element, "data-dense", labels.length > NUMBERS_UP_TO);
      syncChildren(element, columns, ({ at }) => at, createColumn, (column, week) => {
        const [value, bar, label] = column.children;
        const told = step === 1 || week.n === most;
        setText(value, told ? countWords(week.n) : "");
        bar.style.setProperty("--share", week.n / most);
        setText(label, week.at % step === 0 ? week.label : "");
        setAttributes(column, {
          "data-on": week.inPhase,
          title: say("case.week", { week: week.label, n: countWords(week.n) }),
        });
      });
    },
  };
}

function createColumn() {
  return build("span", { class: "gt-weekbar" }, [
    build("span", { class: "gt-weekbar-n" }),
    build("span", { class: "gt-weekbar-bar" }),
    build("span", { class: "gt-weekbar-label" }),
  ]);
}

/** The weeks in one sentence, for those who do not see the bars. */
export function weekSummary(say, labels, n) {
  if (!n.length) return say("case.no_weeks");
  const most = Math.max(...n);
  return say("case.weeks_summary", {
    from: labels[0],
    until: labels.at(-1),
    week: labels[n.indexOf(most)],
    most: countWords(most),
    n: countWords(n.reduce((sum, each) => sum + each, 0)),
  });
}

/** Named counts as rows with a bar: offices of a place. */
export function createNameBars(say) {
  const element = build("ul", { class: "gt-namebars" });
  return {
    element,
    update(rows) {
      const most = Math.max(1, ...rows.map(({ n }) => n));
      syncChildren(element, rows, ({ name }, at) => `${at}/${name}`, createRow, (row, { name, n }) => {
        const [label, bar, count] = row.children;
        setText(label, name);
        setAttribute(label, "title", name);
        bar.firstChild.style.setProperty("--share", n / most);
        setText(count, say("unit.cases_n", { n: countWords(n) }));
      });
    },
  };
}

function createRow() {
  return build("li", { class: "gt-namebar" }, [
    build("span", { class: "gt-namebar-name" }),
    build("span", { class: "gt-namebar-track", "aria-hidden": "true" }, [build("span", {})]),
    build("span", { class: "gt-namebar-n" }),
  ]);
}
