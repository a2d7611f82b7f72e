/** What is fetched once in the life of the page, and shared by all who ask for it. */

const asked = new Map();

/** The answer kept under a key; `make` is called for the first who asks. */
export function once(key, make) {
  if (!asked.has(key)) asked.set(key, make());
  return asked.get(key);
}
