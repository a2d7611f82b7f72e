/** Numbered sentences: facts, doubts and next steps. */

import { build } from "./dom.js";
import { numberNode } from "./proof_popover.js";

const SIGNS = { doubt: "◆", next: "→" };

export function drawSentences({ sentences, small }, { say }) {
  const several = sentences.length > 1 && !small;
  const rows = sentences.map(({ text, proof, tone = "plain", marked = [] }, at) => {
    const sign = SIGNS[tone] ?? (several ? (say("sheet.ordinals").split(" ")[at] ?? at + 1) : small ? "·" : "");
    return build("li", { class: "gt-sentence", "data-tone": tone }, [
      build("span", { class: "gt-sentence-sign", "aria-hidden": "true", text: sign }),
      build("span", { class: "gt-sentence-text" }, [
        ...markedParts(text, marked).map(([part, strong]) => (strong ? build("b", { text: part }) : build("span", { text: part }))),
        ...basisNodes(proof, at, say),
      ]),
    ]);
  });
  return { node: build("ol", { class: "gt-sentences", "data-small": Boolean(small) }, rows) };
}

/** A button for what is behind a sentence; of several each says which number it is behind. */
function basisNodes(proof, at, say) {
  const proofs = [proof].flat().filter(Boolean);
  return proofs.map((one, which) => {
    const text = proofs.length > 1 ? one.title : say("sheet.basis");
    return numberNode(text, { value: "", ...one }, { className: "gt-sentence-proof", id: `proof/sentence/${at}/${which}` });
  });
}

/** A text cut where marked words stand: [part, whether marked]; the parts joined are the text. */
export function markedParts(text, marked) {
  const words = [...new Set(marked)].filter(Boolean).sort((a, b) => b.length - a.length);
  const parts = [];
  let rest = text;
  while (rest) {
    const found = words.map((word) => [rest.indexOf(word), word]).filter(([at]) => at >= 0);
    if (!found.length) break;
    const [at, word] = found.reduce((best, one) => (one[0] < best[0] ? one : best));
    if (at) parts.push([rest.slice(0, at), false]);
    parts.push([word, true]);
    rest = rest.slice(at + word.length);
  }
  if (rest) parts.push([rest, false]);
  return parts;
}
