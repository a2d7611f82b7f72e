/** The screen that shows: its title, the map or the chart on the left, words and numbers on the right. */

import { build } from "./dom.js";
import { createWallMap } from "./wall_map.js";
import { drawChart } from "./wall_offices.js";
import { drawLegend, drawSide, fitSide } from "./wall_side.js";

export function createStage({ boot, text, fade }) {
  const front = build("div", { class: "gt-wall-front" });
  const field = build("div", { class: "gt-wall-field" });
  const element = build("section", { class: "gt-wall-stage" }, [field, front]);
  const map = createWallMap({ boot, text, holder: field });
  let leaving = null;

  function change(page) {
    leaving?.remove();
    leaving = front.lastElementChild;
    front.append(page);
    if (!leaving) return;
    const old = leaving;
    old.classList.add("gt-wall-leaving");
    page.classList.add("gt-wall-coming");
    setTimeout(() => old.remove(), fade + 50);
  }

  return {
    element,
    ready: (addresses) => map.ready(addresses),
    resize: (unit) => map.resize(unit),
    show(screen, theme) {
      const seen = !field.classList.contains("gt-wall-away");
      field.classList.toggle("gt-wall-away", !screen?.map);
      if (!screen) return front.replaceChildren();
      change(drawPage(screen));
      fitSide(front.lastElementChild.querySelector(".gt-wall-side"));
      if (screen.map) map.show(screen.map, theme, seen);
      return undefined;
    },
    destroy() {
      map.destroy();
      element.remove();
    },
  };
}

function drawPage(screen) {
  const heading = build("div", { class: "gt-wall-heading" }, [
    build("h2", { text: screen.title }),
    build("span", { class: "gt-wall-span", text: screen.span }),
  ]);
  const left = build("div", { class: "gt-wall-left-side" }, [
    heading,
    screen.map ? drawLegend(screen.map) : null,
    screen.chart ? drawChart(screen.chart) : null,
  ]);
  return build("article", { class: "gt-wall-page" }, [left, drawSide(screen)]);
}
