/** The map's numbers as a table: for people who cannot use the picture, and for checking it. */

import { cellHex, ensureShaped } from "./cells.js";
import { element, phrase } from "./dom.js";
import { streetOfCell } from "./network.js";
import { sayNumber, sayValue } from "./scales.js";
import { shown } from "./field.js";
import { className, outlineWords } from "./tooltip.js";

export const TABLE_ROWS = 300;

function cellRows(scene) {
  const rows = scene.field.flatMap((layer) =>
    Array.from(layer.sum, (sum, at) => ({ layer, at, sum, value: layer.value[at], flag: layer.flag[at] })).filter(
      (row) => row.layer.given[row.at] && row.sum !== 0,
    ),
  );
  return rows.map((row) => ({
    ...row,
    id: cellHex(row.layer.set.hi[row.at], row.layer.set.lo[row.at]),
    lengthM: row.layer.streetM[row.at],
  }));
}

/**
 * Streets with the sum of their segments; without segment data, of the cells nearest to them. Segments without a
 * name are rows of their own: together they are no street.
 */
function streetRows(scene) {
  const { streets, segments } = scene.basemap;
  const rowOf = (street, segment, lengthM, sum) => {
    const { name, kind } = streets[street];
    return { street, segment, name, kind, lengthM, sum, value: shown(scene.measure, sum, lengthM) };
  };
  return [...scene.streetSum].flatMap(([street, sum]) => {
    const own = streets[street].segments;
    if (streets[street].name) return [rowOf(street, own[0], streets[street].lengthM, sum)];
    const some = own.filter((segment) => scene.segmentSum[segment]);
    return some.map((segment) => rowOf(street, segment, segments.lengthM[segment], scene.segmentSum[segment]));
  });
}

/** Largest first, whatever the sign; what has no value last. */
function byValue(a, b) {
  const size = (row) => (Number.isNaN(row.value) ? -1 : Math.abs(row.value));
  return size(b) - size(a) || b.sum - a.sum;
}

/** Rows of the table, highest value first, at most 300, and how many there are in all. */
export function tableRows(scene, subject) {
  const all = (subject === "streets" ? streetRows(scene) : cellRows(scene)).sort(byValue);
  const rows = all.slice(0, TABLE_ROWS).map((row, at) => ({ ...row, rank: at + 1 }));
  if (subject === "cells") {
    for (const row of rows) {
      ensureShaped(row.layer.set, row.at);
      row.name = scene.basemap.streets[streetOfCell(scene.network, row.layer, row.at)]?.name ?? "";
      row.area = scene.basemap.areas[row.layer.area[row.at]]?.name ?? "";
    }
  }
  return { rows, total: all.length };
}

/** What a row shows first: its number, or the name of its class. */
function ownColumn(words, { measure, classes }, own) {
  if (measure !== "class") return { key: "sum", label: `table.${own}`, say: (row) => sayValue(row.sum, own) };
  return { key: "sum", label: "measure.class", say: ({ sum }) => (classes[sum - 1] ? className(words, classes[sum - 1]) : "—") };
}

function columnsFor(words, subject, scene) {
  const { measure } = scene;
  const own = measure === "per_km" ? "count" : measure;
  const numbers = [ownColumn(words, scene, own)];
  if (own === "count")
    numbers.push({ key: "perKm", label: "table.per_km", say: (row) => sayValue(row.perKm, "per_km") });
  if (subject === "cells" && scene.field.some((layer) => layer.flag.some(Boolean)))
    numbers.push({ key: "flag", label: "table.outlined", say: (row) => outlineWords(words, scene, row.layer, row.at) });
  numbers.push({ key: "lengthM", label: "table.length", say: (row) => sayNumber(row.lengthM) });
  const names =
    subject === "streets"
      ? [
          { key: "name", label: "table.name", head: true, say: (row) => row.name || phrase(words, "tip.unnamed") },
          { key: "kind", label: "table.class", say: (row) => phrase(words, `class.${row.kind}`) },
        ]
      : [
          { key: "id", label: "table.cell", head: true, say: (row) => row.id.replace(/f+$/, "") },
          { key: "name", label: "table.street", say: (row) => row.name || "—" },
          { key: "area", label: "table.area", say: (row) => row.area || "—" },
        ];
  return [
    { key: "rank", label: "table.rank", number: true, say: (row) => String(row.rank) },
    ...names,
    ...numbers.map((column) => ({ ...column, number: true })),
  ];
}

function compare(key, down) {
  return (a, b) => {
    const [x, y] = down ? [b[key], a[key]] : [a[key], b[key]];
    return typeof x === "string"
      ? x.localeCompare(y, "zh-CN")
      : (Number.isNaN(x) ? -Infinity : x) - (Number.isNaN(y) ? -Infinity : y) || a.rank - b.rank;
  };
}

function headCells(words, columns, sort, resort) {
  return columns.map((column) => {
    const name = phrase(words, column.label);
    const direction = sort.key === column.key ? (sort.down ? "descending" : "ascending") : "none";
    const button = element("button", {
      type: "button",
      "aria-label": phrase(words, "table.sort", { name }),
      "data-key": column.key,
      text: name + { none: "", ascending: " ▴", descending: " ▾" }[direction],
      on: { click: () => resort(column) },
    });
    return element("th", { scope: "col", "aria-sort": direction, class: column.number ? "gt-number" : null }, button);
  });
}

function bodyRow(words, columns, row, pick, chosen) {
  const cells = columns.map((column) => {
    if (!column.head) return element("td", { class: column.number ? "gt-number" : null, text: column.say(row) });
    return element(
      "th",
      { scope: "row" },
      element("button", {
        type: "button",
        class: "gt-pick",
        title: row.id ?? phrase(words, "table.select"),
        text: column.say(row),
      }),
    );
  });
  return element("tr", { "aria-selected": String(chosen(row)), on: { click: () => pick(row) } }, ...cells);
}

/** Create the table panel. `pick(row)` selects; `show(scene, subject, chosen)` fills it. */
export function createTable(words, pick) {
  const panel = element("div", {
    class: "gt-table",
    role: "region",
    "aria-label": phrase(words, "layer.table"),
    tabindex: "0",
    hidden: true,
  });
  const sort = { key: "rank", down: false };
  let last = null;
  const draw = () => {
    const { scene, subject, chosen } = last;
    const { rows, total } = tableRows(scene, subject);
    rows.forEach((row) => {
      row.perKm = row.lengthM > 0 ? row.sum / (row.lengthM / 1000) : NaN;
    });
    const columns = columnsFor(words, subject, scene);
    const resort = (column) => {
      Object.assign(sort, {
        down: sort.key === column.key ? !sort.down : Boolean(column.number) && column.key !== "rank",
        key: column.key,
      });
      draw();
      panel.querySelector(`button[data-key="${column.key}"]`)?.focus();
    };
    const caption = element("caption", {
      text: phrase(words, `table.caption.${subject}`, { n: sayNumber(rows.length), total: sayNumber(total) }),
    });
    const body = rows.sort(compare(sort.key, sort.down)).map((row) => bodyRow(words, columns, row, pick, chosen));
    panel.replaceChildren(
      element(
        "table",
        {},
        caption,
        element("thead", {}, element("tr", {}, ...headCells(words, columns, sort, resort))),
        element("tbody", {}, ...body),
      ),
    );
  };
  return {
    panel,
    show: (scene, subject, chosen) => {
      last = { scene, subject, chosen };
      panel.hidden = false;
      draw();
    },
    hide: () => {
      panel.hidden = true;
    },
  };
}
