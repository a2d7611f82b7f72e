/** What is behind numbers, as it travels: what many share once a page, of a row or a point the rest. */

import { cellWords } from "./sheet_order.js";

/** Blocks of a page whose proofs are whole again: `of` is a number among its `proofs`, `in` among its `scopes`. */
export function unfolded({ blocks = [], proofs = [], scopes = [] }) {
  return proofs.length ? whole(blocks, { proofs, scopes }) : blocks;
}

function whole(value, shared) {
  if (Array.isArray(value)) return value.map((one) => whole(one, shared));
  if (value == null || typeof value !== "object") return value;
  if ("of" in value && "in" in value) return joined(value, shared);
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, whole(part, shared)]));
}

/** A part of a rate has its name from what is shared, its value of its own. */
function joined({ of, in: within, ...own }, { proofs, scopes }) {
  const formula = proofs[of];
  const told = { ...formula, ...scopes[within], ...own };
  for (const part of ["numerator", "denominator"]) {
    if (own[part]) told[part] = { name: formula[part], ...own[part] };
  }
  return told;
}

/** What is behind one cell of a column whose numbers share a proof. */
export function cellProof(proof, text, cells, columns) {
  const named = columns.findIndex(({ kind = "text" }) => kind === "text");
  return { ...proof, value: text, about: named < 0 ? "" : cellWords(cells[named]) };
}
