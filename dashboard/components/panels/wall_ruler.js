/** The campaign as one line: phases above, daily reports below, the last day with data marked. */

import { build, buildSvg } from "./dom.js";
import { daysBetween, stretchOf } from "./wall_time.js";

const WIDTH = 3000;
const BARS = 120;

export function drawRuler(ruler) {
  const phases = ruler.phases.map((phase) => drawPhase(ruler, phase));
  return build("div", { class: "gt-wall-days" }, [
    build("div", { class: "gt-wall-phases" }, phases),
    build("div", { class: "gt-wall-bars" }, [drawBars(ruler), drawToday(ruler)]),
  ]);
}

function drawPhase(ruler, phase) {
  const { x, width } = stretchOf(ruler, phase.from, phase.until, 100);
  const name = build("span", { class: phase.now ? "gt-wall-phase gt-wall-now" : "gt-wall-phase" }, [
    build("b", { text: phase.name }),
    build("span", { text: phase.text }),
  ]);
  name.style.left = `${x}%`;
  name.style.width = `${width}%`;
  return name;
}

function drawBars(ruler) {
  const most = Math.max(...ruler.cases, 1);
  const days = daysBetween(ruler.first, ruler.last) + 1;
  const day = WIDTH / days;
  const now = stretchOf(ruler, ruler.from, ruler.until, WIDTH);
  const bars = ruler.cases.map((n, at) => {
    const high = (BARS * n) / most;
    const inside = at * day >= now.x - 1e-6 && at * day < now.x + now.width - 1e-6;
    return buildSvg("rect", { x: at * day + day * 0.1, width: day * 0.8, y: BARS - high, height: high, class: inside ? "gt-wall-now" : null });
  });
  return buildSvg("svg", { viewBox: `0 0 ${WIDTH} ${BARS}`, preserveAspectRatio: "none", "aria-hidden": "true" }, bars);
}

/** Where the data end; its words stand on the side where there is room. */
function drawToday(ruler) {
  const days = daysBetween(ruler.first, ruler.last) + 1;
  const at = ruler.cases.length / days;
  const mark = build("span", { class: `gt-wall-today${at > 0.88 ? " gt-wall-left" : ""}` }, [build("b", { text: ruler.today })]);
  mark.style.left = `${100 * at}%`;
  return mark;
}

/** Where the dates of a phase do not fit beside its name they are left out whole; called once it is on screen. */
export function fitPhases(holder) {
  for (const phase of holder.querySelectorAll(".gt-wall-phase")) {
    const words = phase.lastElementChild;
    if (words.scrollWidth > words.clientWidth + 1) words.remove();
  }
}
