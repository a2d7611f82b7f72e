/** What lies under the pointer, in words. */

import { element, phrase } from "./dom.js";
import { streetOfCell } from "./network.js";
import { sayNumber, sayValue } from "./scales.js";
import { ensureShaped } from "./cells.js";

/** Sum and value of a unit as rows [label, text] in the words of the measure. */
function measureRows(words, measure, sum, value, perKm) {
  const unit = { count: "unit.cases", per_km: "unit.cases", area_m2: "unit.area_m2", difference: "unit.difference" }[
    measure
  ];
  const rows = [
    [
      phrase(words, `measure.${measure === "per_km" ? "count" : measure}`),
      phrase(words, unit, { n: sayValue(sum, measure === "per_km" ? "count" : measure) }),
    ],
  ];
  if (measure === "count" || measure === "per_km")
    rows.push([
      phrase(words, "tip.per_km"),
      Number.isNaN(perKm)
        ? phrase(words, "tip.no_street")
        : phrase(words, "unit.per_km", { n: sayValue(perKm, "per_km") }),
    ]);
  return rows;
}

/** Name of a class; of a cold one, that it is cold. */
export function className(words, { code, cold }) {
  const name = phrase(words, `stamp.${code}`);
  return cold ? phrase(words, "stamp.cold", { name }) : name;
}

/** What an outline says of a cell: more or fewer where a test said which, else the host's words; "" without one. */
export function outlineWords(words, scene, layer, at) {
  const flag = layer.flag[at];
  if (!flag) return "";
  if (scene.tested) return phrase(words, flag > 0 ? "tip.surely_more" : "tip.surely_fewer");
  return scene.outlined ?? phrase(words, "legend.significant");
}

/** Title and rows for a cell of a layer. */
export function describeCell(words, scene, layer, at) {
  ensureShaped(layer.set, at);
  const street = scene.basemap.streets[streetOfCell(scene.network, layer, at)]?.name;
  const area = scene.basemap.areas[layer.area[at]]?.name;
  const title = street ? phrase(words, "tip.near", { name: street }) : phrase(words, "tip.cell");
  const silent = scene.silent.has(layer.area[at]) && layer.sum[at] === 0 && !layer.given[at];
  const place = area ? [[phrase(words, "tip.area"), area]] : [];
  if (scene.measure === "class") {
    const entry = scene.classes[layer.sum[at] - 1];
    const unclassed = layer.given[at] ? "tip.no_class" : silent ? "tip.silent" : "tip.untested";
    return {
      title,
      rows: [entry ? [phrase(words, "measure.class"), className(words, entry)] : [phrase(words, unclassed), ""], ...place],
    };
  }
  if (silent) return { title, rows: [[phrase(words, "tip.silent"), ""], ...place] };
  const streetM = layer.streetM[at];
  const perKm = streetM > 0 ? layer.sum[at] / (streetM / 1000) : NaN;
  const outside =
    layer === scene.field[1]
      ? [[phrase(words, "tip.outside"), ""]]
      : [[phrase(words, "tip.street_m"), phrase(words, "unit.metres", { n: sayNumber(streetM) })]];
  const sure = outlineWords(words, scene, layer, at);
  return {
    title,
    rows: [
      ...measureRows(words, scene.measure, layer.sum[at], layer.value[at], perKm),
      ...(sure ? [[sure, ""]] : []),
      ...place,
      ...outside,
    ],
  };
}

/** Title and rows for a street segment. */
export function describeSegment(words, scene, segment) {
  const street = scene.basemap.streets[scene.basemap.segments.street[segment]];
  const lengthM = scene.basemap.segments.lengthM[segment];
  const perKm = lengthM > 0 ? scene.segmentSum[segment] / (lengthM / 1000) : NaN;
  const measure = scene.measure === "class" ? "count" : scene.measure;
  return {
    title: street?.name || phrase(words, "tip.unnamed"),
    rows: [
      ...measureRows(words, measure, scene.segmentSum[segment], scene.segmentValue[segment], perKm),
      [phrase(words, "tip.class"), phrase(words, `class.${street?.kind ?? "unclassified"}`)],
      [phrase(words, "tip.length"), phrase(words, "unit.metres", { n: sayNumber(lengthM) })],
    ],
  };
}

/** The floating box. `show(description, x, y, width, height)` keeps it inside the map; `speak` lets screen readers hear it. */
export function createTooltip() {
  const box = element("div", { class: "gt-tip", "aria-hidden": "true", hidden: true });
  const hide = () => {
    box.hidden = true;
  };
  const speak = () => {
    box.removeAttribute("aria-hidden");
    box.setAttribute("role", "status");
  };
  const show = ({ title, rows }, x, y, width, height) => {
    box.replaceChildren(
      element("b", { text: title }),
      ...rows.map(([label, text]) =>
        element("span", { class: "gt-tip-row" }, element("span", { text: label }), element("span", { text })),
      ),
    );
    box.hidden = false;
    const [wide, high] = [box.offsetWidth, box.offsetHeight];
    box.style.left = `${Math.max(4, x + 16 + wide > width ? x - wide - 12 : x + 16)}px`;
    box.style.top = `${Math.max(4, y + 16 + high > height ? y - high - 12 : y + 16)}px`;
  };
  return { box, show, hide, speak };
}
