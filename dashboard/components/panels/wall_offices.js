/** Offices by on-time rate: bar = interval, dot = adjusted rate, tick = as counted, dashes = the city. */

import { build } from "./dom.js";
import { shareOf } from "./wall_time.js";

export function drawChart(chart) {
  if (chart.empty) return build("p", { class: "gt-wall-sorry", text: chart.empty });
  const rows = chart.rows.map((row) => drawRow(row, chart));
  if (chart.gap) rows.splice(chart.gap.after, 0, build("div", { class: "gt-wall-gap", text: chart.gap.text }));
  const roomy = chart.rows.length <= 8 ? " gt-wall-roomy" : "";
  return build("div", { class: `gt-wall-offices${roomy}` }, [
    drawScale(chart),
    build("div", { class: "gt-wall-ranks" }, rows),
    build("p", { class: "gt-wall-note", text: chart.key }),
  ]);
}

function drawScale(chart) {
  const ticks = chart.ticks.map(({ at, text }) => placed(build("span", { text }), chart, at));
  const whole = placed(build("b", { text: chart.whole_text }), chart, chart.whole);
  return build("div", { class: "gt-wall-rank gt-wall-rank-head" }, [
    build("span", { text: chart.possible }),
    build("span", {}),
    build("div", { class: "gt-wall-axis" }, [...ticks, whole]),
    build("span", { class: "gt-wall-late", text: chart.adjusted }),
    build("span", { class: "gt-wall-late", text: chart.overdue }),
  ]);
}

function drawRow(row, chart) {
  return build("div", { class: row.below ? "gt-wall-rank gt-wall-below" : "gt-wall-rank" }, [
    build("span", { class: "gt-wall-place" }, [build("b", { text: row.rank }), build("span", { text: row.possible === row.rank ? "" : row.possible })]),
    build("span", { class: "gt-wall-office", text: row.name }),
    drawInterval(row, chart),
    build("b", { class: "gt-wall-share", text: row.text }),
    build("span", { class: "gt-wall-late", text: row.overdue }),
  ]);
}

function drawInterval(row, chart) {
  const bar = placed(build("i", { class: "gt-wall-bar" }), chart, row.lower);
  bar.style.width = `${100 * (shareOf(chart.domain, row.upper) - shareOf(chart.domain, row.lower))}%`;
  return build("div", { class: "gt-wall-line-of" }, [
    placed(build("i", { class: "gt-wall-city" }), chart, chart.whole),
    bar,
    placed(build("i", { class: "gt-wall-raw" }), chart, row.raw),
    placed(build("i", { class: "gt-wall-dot" }), chart, row.point),
  ]);
}

function placed(node, chart, value) {
  node.style.left = `${100 * shareOf(chart.domain, value)}%`;
  return node;
}
