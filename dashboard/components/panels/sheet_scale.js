/** The colours of a map in one line: lower bounds, unit, and what empty and hatched cells mean. */

import { build } from "./dom.js";

export function drawScale({ label, bounds, keys = [] }) {
  const steps = bounds.map((bound, at) =>
    build("span", { class: "gt-scale-step" }, [build("i", { "data-bar": `heat-${at}`, "aria-hidden": "true" }), build("span", { text: bound })]),
  );
  const marks = keys.map(({ mark, text }) => build("span", { class: "gt-scale-key" }, [build("i", { "data-key": mark, "aria-hidden": "true" }), build("span", { text })]));
  return { node: build("div", { class: "gt-scale" }, [build("span", { class: "gt-scale-label", text: label }), build("span", { class: "gt-scale-steps" }, steps), ...marks]) };
}
