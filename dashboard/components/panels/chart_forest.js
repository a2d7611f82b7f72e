/** Estimates with intervals, one under the other on one scale: who differs from the whole, and who only seems to. */

import { noRows, rowList, rowName } from "./chart_rows.js";
import { build, buildSvg } from "./dom.js";
import { intervalNode, percentScale } from "./chart_interval.js";
import { logTicks, niceTicks, tickText } from "./chart_scale.js";
import { sparkNode } from "./chart_spark.js";
import { lookOnRest, numberNode } from "./proof_popover.js";

const MOST_TICKS = 6;

export function drawForest(block, scene) {
  const { rows, domain, log, unit, reference, first } = block;
  if (!rows.length) return noRows(scene.say);
  const ticks = log ? logTicks(domain[0], domain[1]) : niceTicks(domain[0], domain[1], MOST_TICKS);
  const nodes = rows.map((row, at) => forestRow(row, at, { ...block, ticks }, scene));
  const list = rowList(nodes, { ...scene, first, node: build("ul", { class: "gt-forest-rows" }) });
  const ranked = rows.some(({ rank }) => rank != null);
  const counted = rows.some(({ n }) => n != null && n !== "");
  return {
    node: build("div", { class: "gt-forest", "data-ranked": ranked, "data-counted": counted, "data-course": rows.some(({ spark }) => spark) }, [
      axisNode(ticks, { domain, log, unit }),
      list.node,
      legendNode(block, reference, scene.say),
      list.more,
    ]),
  };
}

function axisNode(ticks, { domain, log, unit }) {
  const at = percentScale(domain, log);
  const step = ticks.length > 1 ? Math.min(...ticks.slice(1).map((tick, i) => tick - ticks[i])) : 1;
  const texts = ticks.map((tick) =>
    buildSvg("text", { x: `${at(tick).toFixed(2)}%`, y: "75%", "text-anchor": "middle", text: tickText(tick, unit, log ? Math.min(tick, 1) : step) }),
  );
  const axis = buildSvg("svg", { class: "gt-forest-axis", "aria-hidden": "true" }, texts);
  const unitWords = unit && unit !== "share" ? build("span", { class: "gt-forest-unit", text: unit }) : null;
  return build("div", { class: "gt-forest-row gt-forest-head" }, [build("span", { class: "gt-forest-axis-cell" }, [axis]), unitWords]);
}

function forestRow(row, at, { domain, log, ticks, reference, course }, scene) {
  const drawn = intervalNode({ ...row, reference: reference?.value }, domain, { label: `${row.label} ${row.text}`, log, ticks });
  const plot = build("span", { class: "gt-forest-plot" }, [drawn]);
  const text = numberNode(row.text, row.proof, { className: "gt-forest-text", id: `proof/${at}` });
  if (row.proof) lookOnRest(plot, text);
  plot.addEventListener("click", ({ detail }) => text.dispatchEvent(new MouseEvent("click", { bubbles: true, detail })));
  const beside = (shown, className) => (shown == null || shown === "" ? null : numberNode(String(shown), row.proof, { className, spare: true }));
  return build("li", { class: `gt-forest-row${row.patch ? " gt-row-live" : ""}`, "data-verdict": row.verdict, "data-muted": Boolean(row.muted) }, [
    beside(row.rank, "gt-forest-rank"),
    build("span", { class: "gt-forest-name", title: row.label }, [rowName(row, at, scene.emit), row.note ? build("span", { class: "gt-cell-note", text: row.note }) : null]),
    beside(row.n, "gt-forest-n"),
    plot,
    text,
    row.spark ? build("span", { class: "gt-forest-course" }, [courseNode(row, course?.proof, at)]) : null,
  ]);
}

/** The course of a row; what is behind it says every step in words. */
function courseNode({ label, spark, spark_text: words, spark_domain: within }, proof, at) {
  const told = proof && { ...proof, value: "", about: label, note: [words, proof.note].filter(Boolean).join("\n") };
  return numberNode(sparkNode(spark, words, { domain: within }), told, { id: `course/${at}`, label: words });
}

/** Which marks there are, in words; `legend` of the block names the red ones. */
function legendNode({ rows, legend = [] }, reference, say) {
  const has = (key) => rows.some((row) => row[key] != null);
  const items = [
    has("point") && has("lower") && ["interval", say(has("raw") ? "sheet.legend_interval" : "sheet.legend_measured")],
    has("raw") && ["raw", say("sheet.legend_raw")],
    reference && ["reference", reference.label ?? say("sheet.legend_reference")],
    ...legend.map(({ mark, label }) => [mark ?? "worse", label]),
  ].filter(Boolean);
  return build("ul", { class: "gt-legend-sheet" }, items.map(([mark, label]) => build("li", {}, [build("i", { "data-mark": mark, "aria-hidden": "true" }), build("span", { text: label })])));
}
