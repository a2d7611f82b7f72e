/** Sub-district, street class, surroundings and hours: four filters behind one button. */

import { createCheckTree } from "./check_tree.js";
import { searchAbove } from "./check_menu.js";
import { createChoice, createSelectButton } from "./controls.js";
import { build, settled } from "./dom.js";
import { placeSummary } from "./filter_words.js";
import { createPopover } from "./popover.js";
import { countWords } from "./words.js";

const NEAR_M = { least: 20, most: 2000, usual: 200, step: 50 };

/** The button and its sheet; `ask(patch)` takes keys areas, street_classes, near, hours. */
export function createPlaceFilter({ say, ask }) {
  const select = createSelectButton(say("filter.place"));
  const areas = tickPart(say, "filter.areas", (codes) => ask({ areas: codes }));
  const classes = tickPart(say, "filter.street_classes", (codes) => ask({ street_classes: codes }));
  const near = nearPart(say, ask);
  const hours = createChoice({ label: say("filter.hours"), onPick: (code) => ask({ hours: code }) });
  const content = build("div", { class: "gt-menu gt-menu-wide" }, [
    areas.element,
    classes.element,
    part(say("filter.near"), [near.element]),
    part(say("filter.hours"), [hours.element]),
  ]);
  const element = build("div", { class: "gt-anchor" }, [select.element]);
  const popover = createPopover({ anchor: select.element, content, label: say("filter.place") });
  const choices = ["all", "in", "out"].map((code) => ({ code, name: say(`hours.${code}`) }));
  return {
    element,
    update(facets, chosen) {
      areas.update(facets.areas ?? [], chosen.areas);
      classes.update(facets.street_classes ?? [], chosen.street_classes);
      near.update(facets.places ?? [], chosen.near ?? null);
      hours.update(choices, chosen.hours ?? "all");
      const words = placeSummary(say, facets, chosen);
      select.show(words, words !== say("filter.unlimited"));
    },
    destroy() {
      near.destroy();
      popover.destroy();
    },
  };
}

function part(title, children) {
  return build("fieldset", { class: "gt-part" }, [build("legend", { text: title }), ...children]);
}

function tickPart(say, key, onChange) {
  const words = { only: say("tree.only") };
  const tree = createCheckTree({ label: say(key), words, onChange, openDepth: 1 });
  const search = searchAbove(tree, say);
  const element = part(say(key), [search.element, tree.element]);
  return {
    element,
    update(nodes, chosen) {
      element.hidden = nodes.length === 0;
      search.offer(nodes.length);
      tree.update({ nodes, chosen });
    },
  };
}

function nearPart(say, ask) {
  let now = null;
  const metres = build("input", {
    class: "gt-field gt-metres",
    type: "number",
    min: NEAR_M.least,
    max: NEAR_M.most,
    step: NEAR_M.step,
    value: NEAR_M.usual,
    "aria-label": say("filter.near_metres"),
  });
  const within = build("label", { class: "gt-within" }, [
    build("span", { text: say("filter.within") }),
    metres,
    build("span", { text: say("unit.metre") }),
  ]);
  const read = () => nearMetres(metres.value);
  const tell = settled(500, () => read() !== null && now && ask({ near: { ...now, metres: read() } }));
  metres.addEventListener("input", tell);
  metres.addEventListener("change", () => {
    tell.now();
    if (read() === null) metres.value = now?.metres ?? NEAR_M.usual;
  });
  const kinds = createChoice({
    label: say("filter.near"),
    look: "pills",
    onPick: (kind) => ask({ near: kind === "" ? null : { kind, metres: read() ?? NEAR_M.usual } }),
  });
  return {
    element: build("div", {}, [kinds.element, within]),
    update(places, chosen) {
      now = chosen;
      const named = ({ kind, name, n_places: n }) => ({ code: kind, name: `${name} ${countWords(n)}` });
      kinds.update([{ code: "", name: say("filter.unlimited") }, ...places.map(named)], chosen?.kind ?? "");
      within.hidden = chosen === null;
      const busy = metres.getRootNode().activeElement === metres;
      if (chosen && !busy) metres.value = chosen.metres;
    },
    destroy: tell.cancel,
  };
}

/** A radius somebody typed, in whole metres, or null when it is out of bounds. */
export function nearMetres(text) {
  const metres = Math.round(Number(text));
  return metres >= NEAR_M.least && metres <= NEAR_M.most ? metres : null;
}
