/** What a cell says and sorts by, and the order of rows that a click on a heading asks for. */

import { countWords } from "./words.js";

export const DASH = "—";

/** Words of a cell: numbers with commas and at most one decimal, nothing as a dash. */
export function cellWords(cell) {
  const told = cell != null && typeof cell === "object" ? (cell.text ?? cell.value) : cell;
  if (told == null || told === "") return DASH;
  if (typeof told !== "number") return String(told);
  return countWords(Number.isInteger(told) ? told : told.toFixed(1)).replace(/^-/u, "−");
}

/** Number or text a cell is sorted by; null where it says nothing. */
export function sortValue(cell) {
  if (cell == null) return null;
  if (typeof cell !== "object") return cell;
  return cell.value ?? cell.point ?? cell.values?.at(-1) ?? cell.text ?? null;
}

/** Row numbers in the order asked for; missing values come last either way, equal ones stay put. */
export function sortedRows(rows, order, lang = "zh") {
  const numbers = rows.map((_, at) => at);
  if (!order) return numbers;
  const words = new Intl.Collator(lang === "en" ? "en" : "zh-CN", { numeric: true });
  const keys = rows.map(({ cells }) => sortValue(cells[order.column]));
  const sign = order.down ? -1 : 1;
  return numbers.sort((a, b) => {
    const [one, other] = [keys[a], keys[b]];
    if (one == null || other == null) return (one == null) - (other == null) || a - b;
    const both = typeof one === "number" && typeof other === "number";
    const difference = both ? one - other : words.compare(String(one), String(other));
    return sign * difference || a - b;
  });
}

/** What the next click on a heading asks for: largest first for numbers, then back, then as given. */
export function nextOrder(order, column, numeric) {
  if (order?.column !== column) return { column, down: numeric };
  return order.down === numeric ? { column, down: !numeric } : null;
}
