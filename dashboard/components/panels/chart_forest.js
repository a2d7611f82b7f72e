/** Estimates with intervals, one under the other on one scale: who differs from the whole, and who only seems to. */

import { build, buildSvg } from "./dom.js";
import { intervalNode, percentScale } from "./chart_interval.js";
import { logTicks, niceTicks, tickText } from "./chart_scale.js";
import { sparkNode } from "./chart_spark.js";
import { numberNode } from "./proof_popover.js";
import { countWords } from "./words.js";

const MOST_TICKS = 6;

export function drawForest(block, scene) {
  const { rows, domain, log, unit, reference, first = rows.length } = block;
  const { say, memory } = scene;
  if (!rows.length) return { node: build("p", { class: "gt-page-empty", text: say("sheet.no_rows") }) };
  const ticks = log ? logTicks(domain[0], domain[1]) : niceTicks(domain[0], domain[1], MOST_TICKS);
  const list = build("ul", { class: "gt-forest-rows" });
  const more = build("button", { type: "button", class: "gt-act gt-act-wide", "data-focus": "more", onclick: () => open() });
  const nodes = rows.map((row, at) => forestRow(row, at, { ...block, ticks }, scene));

  function open() {
    memory.open = !memory.open;
    paint();
  }

  function paint() {
    list.replaceChildren(...(memory.open ? nodes : nodes.slice(0, first)));
    more.hidden = rows.length <= first;
    more.textContent = memory.open ? say("sheet.fewer") : say("sheet.all", { n: countWords(rows.length) });
  }

  paint();
  const ranked = rows.some(({ rank }) => rank != null);
  const counted = rows.some(({ n }) => n != null && n !== "");
  return {
    node: build("div", { class: "gt-forest", "data-ranked": ranked, "data-counted": counted, "data-course": rows.some(({ spark }) => spark) }, [
      axisNode(ticks, { domain, log, unit }),
      list,
      legendNode(block, reference, say),
      more,
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

function forestRow(row, at, { domain, log, ticks, reference }, scene) {
  const name = row.patch
    ? build("button", { type: "button", class: "gt-open", text: row.label, "data-focus": `row/${at}`, onclick: () => scene.emit(row.patch) })
    : build("span", { text: row.label });
  const drawn = intervalNode({ ...row, reference: reference?.value }, domain, { label: `${row.label} ${row.text}`, log, ticks });
  return build("li", { class: `gt-forest-row${row.patch ? " gt-row-live" : ""}`, "data-verdict": row.verdict, "data-muted": Boolean(row.muted) }, [
    row.rank == null ? null : build("span", { class: "gt-forest-rank", text: row.rank }),
    build("span", { class: "gt-forest-name", title: row.label }, [name, row.note ? build("span", { class: "gt-cell-note", text: row.note }) : null]),
    row.n == null || row.n === "" ? null : build("span", { class: "gt-forest-n", text: String(row.n) }),
    build("span", { class: "gt-forest-plot" }, [drawn]),
    numberNode(row.text, row.proof, { className: "gt-forest-text", id: `proof/${at}` }),
    row.spark ? build("span", { class: "gt-forest-course" }, [sparkNode(row.spark, row.spark_text, row.spark_domain)]) : null,
  ]);
}

/** Which marks there are, in words; `legend` of the block names the red ones. */
function legendNode({ rows, legend = [] }, reference, say) {
  const has = (key) => rows.some((row) => row[key] != null);
  const items = [
    has("point") && has("lower") && ["interval", say("sheet.legend_interval")],
    has("raw") && ["raw", say("sheet.legend_raw")],
    reference && ["reference", reference.label ?? say("sheet.legend_reference")],
    ...legend.map(({ mark, label }) => [mark ?? "worse", label]),
  ].filter(Boolean);
  return build("ul", { class: "gt-legend-sheet" }, items.map(([mark, label]) => build("li", {}, [build("i", { "data-mark": mark, "aria-hidden": "true" }), build("span", { text: label })])));
}
