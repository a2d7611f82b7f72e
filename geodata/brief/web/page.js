/** Writes the words, numbers and tables of a pack round its map; every text is data, set as textContent. */
(function () {
  "use strict";

  function make(tag, name, text) {
    const node = document.createElement(tag);
    if (name) node.className = name;
    if (text !== undefined && text !== null) node.textContent = text;
    return node;
  }

  function put(parent, ...children) {
    for (const child of children) if (child) parent.append(child);
    return parent;
  }

  const ARROWS = { up: "▲ ", down: "▼ ", flat: "" };

  function toned(text, { direction, verdict } = {}) {
    const name = verdict === "worse" ? "pk-worse" : verdict === "better" ? "pk-better" : "";
    return make("span", name, (ARROWS[direction] || "") + text);
  }

  function head(data) {
    const part = make("header", "pk-part pk-head");
    const title = make("h1", "", data.heading.title);
    if (data.heading.stamp) title.append(make("span", "pk-stamp", data.heading.stamp));
    const lines = [data.heading.issue, data.heading.subject, data.heading.span, data.heading.stage];
    return put(part, title, make("p", "", lines.filter(Boolean).join(" · ")));
  }

  function figure(one) {
    const card = make("div", "pk-figure");
    const details = make("details");
    put(details, make("summary", "", one.label));
    const list = make("dl");
    for (const [name, text] of one.proof) put(list, make("dt", "", name), make("dd", "", text));
    const number = put(make("div"), make("b", "", one.value), make("span", "", one.unit ? " " + one.unit : ""));
    const change = one.change && one.change.text ? put(make("div"), toned(one.change.text, one.change)) : null;
    return put(card, put(details, list), number, change, make("small", "", one.note));
  }

  function figures(data) {
    const row = make("div", "pk-figures");
    row.setAttribute("role", "group");
    row.setAttribute("aria-label", data.headings.figures);
    for (const one of data.figures) row.append(figure(one));
    return put(make("section", "pk-part"), row);
  }

  function said(data) {
    const list = make("ol", "pk-said");
    for (const text of data.sentences) list.append(make("li", "", text));
    return put(make("section", "pk-part"), list);
  }

  /** Colours of the map in words: only where the map itself carries no legend. */
  function scale(data) {
    if (!data.scale.colours.length) return null;
    const row = make("p", "pk-scale");
    data.scale.colours.forEach((colour, at) => {
      const swatch = make("i");
      swatch.style.background = colour;
      row.append(swatch, make("span", "", data.scale.labels[at]));
    });
    return put(make("section", "pk-part"), row, make("p", "pk-note", data.scale.legend.join(" · ")));
  }

  function lists(data) {
    if (!data.lists.length) return null;
    const part = put(make("section", "pk-part"), make("h2", "", data.headings.lists));
    const grid = make("div", "pk-lists");
    for (const one of data.lists) {
      const rows = make("ul");
      for (const row of one.rows) {
        const value = toned([row.detail, row.text].filter(Boolean).join(" "), row);
        rows.append(put(make("li"), make("span", "", row.name), value));
      }
      const empty = one.rows.length ? null : make("p", "", one.empty);
      grid.append(put(make("div"), make("h3", "", one.title), make("p", "", one.subtitle), rows, empty));
    }
    return put(part, grid);
  }

  function grid(columns, rows) {
    const table = make("table");
    const top = put(make("thead"), make("tr"));
    const numeric = columns.map((one) => one.kind === "number" || one.kind === "change");
    columns.forEach((one, at) => {
      const heading = make("th", numeric[at] ? "pk-number" : "", one.name);
      heading.scope = "col";
      top.firstChild.append(heading);
    });
    const body = make("tbody");
    for (const row of rows) {
      const line = make("tr");
      row.forEach((cell, at) => line.append(put(make("td", numeric[at] ? "pk-number" : ""), toned(cell.text, cell))));
      body.append(line);
    }
    return put(table, top, body);
  }

  function section(title, columns, rows, note, empty) {
    const part = put(make("section", "pk-part"), make("h2", "", title));
    if (!rows.length) return put(part, make("p", "pk-note", empty));
    const frame = make("div", "pk-scroll");
    frame.tabIndex = 0;
    frame.setAttribute("role", "region");
    frame.setAttribute("aria-label", title);
    return put(part, put(frame, grid(columns, rows)), note ? make("p", "pk-note", note) : null);
  }

  function explained(title, lines) {
    const rows = lines.map((one) => [{ text: one.name }, { text: one.text }, { text: one.source }]);
    return section(title, [{ name: "" }, { name: "" }, { name: "" }], rows, "", "");
  }

  function foot(data) {
    const part = make("footer", "pk-part pk-foot");
    const first = [data.heading.notice, data.heading.credit].filter(Boolean).join(" · ");
    const second = [data.heading.as_of, data.heading.version].filter(Boolean).join(" · ");
    return put(part, make("p", "", first), make("p", "", second));
  }

  function unpacked() {
    const coded = document.getElementById("guatu-pack").textContent.trim();
    const bytes = Uint8Array.from(atob(coded), (letter) => letter.charCodeAt(0));
    return JSON.parse(new TextDecoder().decode(bytes));
  }

  function write() {
    const data = unpacked();
    document.documentElement.lang = data.language === "zh" ? "zh-CN" : data.language;
    const map = document.querySelector(".gt-holder, .folium-map");
    const above = [head(data), figures(data), said(data)];
    if (map) map.before(...above);
    else document.body.append(...above);
    const tables = data.tables.map((one) => section(one.title, one.columns, one.rows, one.note, one.empty));
    const notes = ["formulas", "quality", "lineage"].filter((part) => data[part].length);
    put(
      document.body, scale(data), lists(data), ...tables,
      ...notes.map((part) => explained(data.headings[part], data[part])),
      foot(data),
    );
    document.body.dataset.pack = "shown";
  }

  document.addEventListener("DOMContentLoaded", write);
})();
