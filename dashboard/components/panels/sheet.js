/** A page of figures and tables: headline cards, then sections; nothing here is HTML from data. */

import { build } from "./dom.js";

export function mount(root) {
  const page = build("div", { class: "gt-panel gt-page" });
  root.append(page);
  let shown = "";
  return {
    update({ data }) {
      const told = JSON.stringify(data);
      if (told === shown) return;
      shown = told;
      page.replaceChildren(head(data), cards(data.cards), build("div", { class: "gt-page-sections" }, data.sections.map(section)));
    },
    destroy: () => root.replaceChildren(),
  };
}

function head({ title, lead }) {
  return build("header", { class: "gt-page-head" }, [build("h1", { text: title }), build("p", { text: lead })]);
}

function cards(list) {
  const card = ({ label, value, unit, note }) => build("div", { class: "gt-page-card" }, [
    build("div", { class: "gt-page-label", text: label }),
    build("div", { class: "gt-page-value" }, [build("strong", { text: value }), build("span", { text: unit ?? "" })]),
    build("div", { class: "gt-page-note", text: note ?? "" }),
  ]);
  return build("div", { class: "gt-page-cards" }, list.map(card));
}

function section({ title, note, columns, rows, empty, wide }) {
  const body = rows.length ? table(title, columns, rows) : build("p", { class: "gt-page-empty", text: empty });
  const parts = [build("h2", { text: title }), body];
  if (note && rows.length) parts.push(build("p", { class: "gt-page-note", text: note }));
  return build("section", { class: wide ? "gt-page-section gt-page-wide" : "gt-page-section" }, parts);
}

function table(title, columns, rows) {
  const numeric = columns.map(({ numeric: is }) => is);
  const most = numeric.map((is, at) => (is ? Math.max(1, ...rows.map((row) => Number(row[at]) || 0)) : 0));
  const cell = (value, at, first) => {
    const shown = numeric[at] && typeof value === "number" ? value.toLocaleString("en-US") : String(value ?? "");
    const node = build(first ? "th" : "td", { class: numeric[at] ? "gt-page-number" : "", text: shown });
    if (first) node.scope = "row";
    if (numeric[at] && columns[at].bar) node.style.setProperty("--share", String((Number(value) || 0) / most[at]));
    if (numeric[at] && columns[at].bar) node.classList.add("gt-page-bar");
    return node;
  };
  const headings = columns.map(({ name, numeric: is }) => {
    const node = build("th", { class: is ? "gt-page-number" : "", text: name });
    node.scope = "col";
    return node;
  });
  const caption = build("caption", { class: "gt-offscreen", text: title });
  const lines = rows.map((row) => build("tr", {}, row.map((value, at) => cell(value, at, at === 0))));
  return build("div", { class: "gt-page-scroll", tabindex: "0", role: "region", "aria-label": title }, [
    build("table", {}, [caption, build("thead", {}, [build("tr", {}, headings)]), build("tbody", {}, lines)]),
  ]);
}
