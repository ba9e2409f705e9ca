/**
 * How well letters typed in order match a text: word starts count most, runs count more than scattered letters; null: they do not match.
 */
export function fit(typed: string, text: string): number | null {
  const wanted = typed.toLowerCase().replaceAll(/\s+/g, '');
  const given = text.toLowerCase();
  let score = 0;
  let at = -1;
  for (const letter of wanted) {
    const next = given.indexOf(letter, at + 1);
    if (next < 0) return null;
    const startsWord = next === 0 || /[\s:(]/.test(given.charAt(next - 1));
    score += next === at + 1 ? 3 : startsWord ? 2 : 0;
    at = next;
  }
  return score - given.indexOf(wanted.charAt(0)) * 0.01;
}

/** Matches, best first; everything in its own order if nothing is typed. */
export function rankActions<T>(typed: string, list: readonly T[], textOf: (item: T) => string): T[] {
  if (typed.trim() === '') return [...list];
  return list
    .map((item) => ({ item, score: fit(typed, textOf(item)) }))
    .filter((one): one is { item: T; score: number } => one.score !== null)
    .sort((a, b) => b.score - a.score)
    .map(({ item }) => item);
}
