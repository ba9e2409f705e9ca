/** How much of a text is shown before the user asks for the rest. */
export interface Cut {
  shown: string;
  /** Characters that are left out. */
  left: number;
}

/** The beginning of a text, with at most this many characters and lines: empty lines push text out of view as well as long ones do. */
export function cutText(text: string, characters: number, lines: number): Cut {
  let end = Math.min(text.length, characters);
  let at = -1;
  for (let line = 0; line < lines; line++) {
    at = text.indexOf('\n', at + 1);
    if (at === -1) break;
  }
  if (at !== -1) end = Math.min(end, at);
  // Half of a surrogate pair is not a character.
  if (end < text.length && /[\ud800-\udbff]/.test(text[end - 1] ?? '')) end -= 1;
  return { shown: text.slice(0, end), left: text.length - end };
}
