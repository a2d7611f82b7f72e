/** Headline numbers in a row: value, unit, how it moved, and what it is made of. */

import { sparkNode } from "./chart_spark.js";
import { build } from "./dom.js";
import { numberNode } from "./proof_popover.js";

const ARROWS = { up: "▲", down: "▼", flat: "＝" };

export function drawCards({ cards }, scene) {
  return { node: build("div", { class: "gt-page-cards" }, cards.map((card, at) => cardNode(card, at, scene))) };
}

function cardNode({ label, value, unit, change, note, proof, spark, patch }, at, scene) {
  const name = patch
    ? build("button", { type: "button", class: "gt-page-label gt-link-plain", text: label, "data-focus": `card/${at}`, onclick: () => scene.emit(patch) })
    : build("div", { class: "gt-page-label", text: label });
  return build("div", { class: "gt-page-card" }, [
    name,
    build("div", { class: "gt-card-line" }, [
      build("div", { class: "gt-page-value" }, [
        numberNode(value, proof, { className: "gt-card-number", id: `proof/card/${at}` }),
        build("span", { class: "gt-card-unit", text: unit ?? "" }),
      ]),
      spark ? numberNode(sparkNode(spark.values, spark.label, spark), courseProof(proof, spark), { label: spark.label, spare: true }) : null,
    ]),
    change ? changeNode(change, scene) : null,
    note ? build("div", { class: "gt-page-note", text: note }) : null,
  ]);
}

/** Behind the course of a number: what is behind the number, and every step in words. */
function courseProof(proof, { label, texts }) {
  return proof && { ...proof, note: texts?.join("\n") ?? label };
}

/** Arrow = direction, colour = verdict, both also in words. */
export function changeNode({ text, direction, verdict = "none" }, { say }) {
  const told = ["better", "worse"].includes(verdict) ? say(`sheet.verdict_${verdict}`) : "";
  return build("div", { class: "gt-change", "data-verdict": verdict }, [
    build("span", { "aria-hidden": "true", text: `${ARROWS[direction] ?? ""} ` }),
    build("span", { text: told ? `${text} · ${told}` : text }),
  ]);
}
