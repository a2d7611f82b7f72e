/** The legend card: what the colours mean, how many cases are behind them, and where they come from. */

import { element, phrase } from "./dom.js";
import { sayNumber } from "./scales.js";

/** Labels under the seven swatches: lower bounds for heat, the six boundaries for differences. */
export function swatchLabels(breaks, differs) {
  if (differs) return breaks.slice(1).map((bound) => (bound > 0 ? `+${sayNumber(bound, 1)}` : sayNumber(bound, 1)));
  return breaks.map((bound, at) => sayNumber(bound, bound < 10 ? 2 : 0) + (at === breaks.length - 1 ? "+" : ""));
}

function swatches(words, scene) {
  const differs = scene.measure === "difference";
  const colours = element("div", { class: "gt-swatches", "aria-hidden": "true" });
  for (const colour of scene.colours) {
    const swatch = element("span");
    swatch.style.background = colour;
    colours.append(swatch);
  }
  const labels = swatchLabels(scene.breaks, differs).map((text) => element("span", { text }));
  const ends =
    differs &&
    element(
      "div",
      { class: "gt-ends" },
      element("span", { text: `◂ ${phrase(words, "legend.fewer")}` }),
      element("span", { text: `${phrase(words, "legend.more")} ▸` }),
    );
  return [colours, element("div", { class: differs ? "gt-bounds gt-bounds-between" : "gt-bounds" }, ...labels), ends];
}

/**
 * How many cells have each class: by position in `scene.classes`; how many were tested and have none; how many
 * were not tested because nothing was reported from their area, or for another reason (outside the filter).
 */
export function classCounts(scene) {
  const counts = new Array(scene.classes.length).fill(0);
  const others = { none: 0, silent: 0, untested: 0 };
  for (const layer of scene.field) {
    layer.sum.forEach((entry, at) => {
      if (entry > 0 && entry <= counts.length) counts[entry - 1] += 1;
      else if (layer.given[at]) others.none += 1;
      else others[scene.silent.has(layer.area[at]) ? "silent" : "untested"] += 1;
    });
  }
  return { counts, ...others };
}

/** Cells without a class: tested, silent, not tested; the last two where there are any. */
function classless(words, key, { none, silent, untested }) {
  return [
    classLine(words, key, none),
    silent > 0 && classLine(words, "legend.silent", silent, "silent"),
    untested > 0 && classLine(words, "legend.untested.class", untested),
  ].filter(Boolean);
}

function stampEntry(words, entry, count) {
  const stamp = element("span", { class: "gt-stamp", text: entry.stamp, "aria-hidden": "true" });
  stamp.style.background = entry.colour;
  stamp.style.color = entry.inkOn;
  const name = element("span", { text: phrase(words, `stamp.${entry.code}`) });
  return element("span", { class: "gt-stamp-entry" }, stamp, name, element("b", { text: sayNumber(count) }));
}

const FAMILIES = ["rising", "stubborn", "unsettled", "past"];

function familyRow(words, family, entries) {
  const head = element(
    "div",
    { class: "gt-family" },
    element("b", { text: phrase(words, `family.${family}`) }),
    element("span", { text: phrase(words, `family.${family}.do`) }),
  );
  return element("div", { class: "gt-family-row" }, head, element("div", { class: "gt-stamps" }, ...entries));
}

/** How sure a single test is: hot and cold apart, then the cells that do not stand out. */
function sureRows(words, scene) {
  const { counts, ...others } = classCounts(scene);
  const side = (family, cold) =>
    familyRow(
      words,
      family,
      scene.classes.flatMap((entry, at) => (Boolean(entry.cold) === cold ? [stampEntry(words, entry, counts[at])] : [])),
    );
  return [side("hot", false), side("cold", true), ...classless(words, "legend.zero.sure", others)];
}

function classLine(words, key, count, mark = null) {
  const name = phrase(words, key);
  return element(
    "div",
    { class: "gt-class-line" },
    mark ? keyMark(mark, name) : element("span", { text: name }),
    element("b", { text: sayNumber(count) }),
  );
}

/** Hot classes in their four families, then one line each for the cold ones and for no change. */
function stampRows(words, scene) {
  if (scene.classes.some(({ family }) => family === "hot")) return sureRows(words, scene);
  const { counts, ...others } = classCounts(scene);
  const hot = (family) =>
    scene.classes.flatMap((entry, at) =>
      entry.family === family && !entry.cold ? [stampEntry(words, entry, counts[at])] : [],
    );
  const families = FAMILIES.map((family) => [family, hot(family)]).filter(([, entries]) => entries.length > 0);
  const cold = scene.classes.reduce((sum, entry, at) => sum + (entry.cold ? counts[at] : 0), 0);
  return [
    ...families.map(([family, entries]) => familyRow(words, family, entries)),
    classLine(words, "legend.cold", cold),
    ...classless(words, "legend.zero.class", others),
  ];
}

function keyMark(mark, text) {
  return element(
    "span",
    { class: "gt-key" },
    element("span", { class: `gt-mark gt-mark-${mark}`, "aria-hidden": "true" }),
    element("span", { text }),
  );
}

const ZERO_WORDS = { difference: "legend.zero.difference" };

/** What the outlines mean: of a test at this resolution with its numbers, else in the host's words. */
function outlineKey(words, state, scene) {
  if (state.layer === "streets" || state.measure === "class") return null;
  if (scene.tested) return scene.tested.label && keyMark("significant", scene.tested.label);
  if (!scene.field.some(({ flag }) => flag.some(Boolean))) return null;
  return keyMark("significant", scene.outlined ?? phrase(words, "legend.significant"));
}

function testNote(state, scene) {
  if (state.layer === "streets" || !scene.tested?.note) return null;
  return element("p", { class: "gt-test-note", text: scene.tested.note });
}

function keys(words, state, scene) {
  return element(
    "div",
    { class: "gt-keys" },
    state.layer !== "streets" &&
      state.measure !== "class" &&
      keyMark("zero", phrase(words, ZERO_WORDS[state.measure] ?? "legend.zero")),
    state.silent_areas?.length > 0 &&
      state.layer !== "streets" &&
      state.measure !== "class" &&
      keyMark("silent", state.silent_reason ?? phrase(words, "legend.silent")),
    outlineKey(words, state, scene),
    state.callouts_label && keyMark("callout", state.callouts_label),
    testNote(state, scene),
  );
}

function lockRow(words, state, choose) {
  const locked = state.scale_locked !== false;
  const button = element(
    "button",
    {
      type: "button",
      class: "gt-lock",
      role: "switch",
      "aria-checked": String(locked),
      on: { click: () => choose(!locked) },
    },
    element("span", { class: "gt-switch", "aria-hidden": "true" }),
    element("span", { text: phrase(words, "legend.locked") }),
  );
  const warning =
    !locked && element("p", { class: "gt-relaxed", role: "status", text: phrase(words, "legend.relaxed") });
  const focus =
    state.highlight?.streets?.length > 0 &&
    keyMark("highlight", state.highlight.label ?? phrase(words, "legend.highlight"));
  return element("div", { class: "gt-lock-row" }, element("div", { class: "gt-lock-line" }, button, focus), warning);
}

function covered(words, state, scene) {
  const some = (values) => values.reduce((count, value) => count + (value !== 0 ? 1 : 0), 0);
  const onStreets = state.layer === "streets";
  const own = scene.field[0];
  const [part, whole] = onStreets
    ? [some(scene.segmentSum), scene.segmentSum.length]
    : [some(state.measure === "difference" ? own.given : own.sum), own.set.count];
  if (state.legend?.covered && !onStreets) return `${state.legend.covered} ${sayNumber(part)} / ${sayNumber(whole)}`;
  return phrase(words, onStreets ? "legend.segments" : "legend.cells", {
    some: sayNumber(part),
    all: sayNumber(whole),
  });
}

function factRows(words, state, scene) {
  const facts = state.facts ?? {};
  const list = element("dl", { class: "gt-facts" });
  const row = (key, ...content) =>
    list.append(element("dt", { text: phrase(words, `legend.${key}`) }), element("dd", {}, ...content));
  const count = typeof facts.n === "number" ? phrase(words, "unit.cases", { n: sayNumber(facts.n) }) : facts.n;
  if (state.measure !== "class")
    row("n", count && element("b", { text: count }), element("span", { text: covered(words, state, scene) }));
  else if (count) row("n", element("b", { text: count }));
  if (facts.period) row("period", element("span", { text: facts.period }));
  if (facts.filters) row("filters", element("span", { text: facts.filters }));
  if (facts.version || facts.source)
    row("version", element("span", { text: [facts.version, facts.source].filter(Boolean).join(" · ") }));
  return list;
}

function legendHead(words, state, scene) {
  const suffix = state.layer === "streets" ? ".street" : "";
  const unit = state.legend?.unit ?? phrase(words, `legend.unit.${state.measure}${state.measure === "class" ? "" : suffix}`);
  const resolution =
    state.layer === "streets" ? "" : ` · ${phrase(words, "legend.resolution", { n: scene.resolution })}`;
  return element(
    "div",
    { class: "gt-legend-head" },
    element("h3", { text: state.legend?.title ?? phrase(words, `legend.title.${state.measure}`) }),
    element("span", { class: "gt-unit", text: unit + resolution }),
  );
}

/** The credit and, where it applies and the credit does not say so itself, the made-up notice. */
export function creditLine(words, basemap) {
  const said = basemap.credit.includes(phrase(words, "legend.made_up_mark"));
  return [basemap.credit, basemap.madeUp && !said && phrase(words, "legend.made_up")].filter(Boolean).join(" · ");
}

/** Create the card. `acts`: lock(boolean), fold(boolean). `show` rebuilds its inside from state and scene. */
export function createLegend(words, acts) {
  const chip = element("button", {
    type: "button",
    class: "gt-legend-chip",
    text: phrase(words, "legend.expand"),
    "aria-expanded": "false",
    on: { click: () => acts.fold(false) },
  });
  const card = element("section", { class: "gt-legend", "aria-label": phrase(words, "legend.expand") });
  const show = (state, scene, folded) => {
    chip.hidden = !folded;
    card.hidden = folded;
    if (folded) return;
    const held = card.contains(document.activeElement) ? document.activeElement.className : "";
    const fold = element("button", {
      type: "button",
      class: "gt-fold",
      "aria-label": phrase(words, "legend.collapse"),
      title: phrase(words, "legend.collapse"),
      text: "–",
      on: { click: () => acts.fold(true) },
    });
    card.replaceChildren(
      ...[
        legendHead(words, state, scene),
        ...(state.measure === "class" ? stampRows(words, scene) : swatches(words, scene)),
        keys(words, state, scene),
        state.measure !== "class" && !state.pinned && lockRow(words, state, acts.lock),
        factRows(words, state, scene),
        element("p", { class: "gt-credit", text: creditLine(words, scene.basemap) }),
        fold,
      ].filter(Boolean),
    );
    if (held) card.getElementsByClassName(held)[0]?.focus();
  };
  return { chip, card, show };
}
