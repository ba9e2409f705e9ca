/**
 * Invisible characters, and characters that reorder the text beside them: controls, bidirectional and other format characters, line and
 * paragraph separators, lone surrogates, and what Unicode calls default ignorable (fillers, tags). Tab and newline are text. A joiner
 * between two letters that need it (Persian, Indic scripts, emoji) and a variation selector are text too.
 */
const UNSEEN = /(?![\t\n\p{Variation_Selector}])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu;
const JOINED = /(?<=[^\0-\u02ff\p{Cf}])[\u200c\u200d](?=[^\0-\u02ff\p{Cf}])/u;

/**
 * Text of a program or a file with such characters made visible: `evil\u202egpj.py` becomes `evil⟨U+202E⟩gpj.py`. For display only;
 * applying it again changes nothing.
 */
export function visible(text: string): string {
  if (!UNSEEN.test(text)) return text;
  UNSEEN.lastIndex = 0;
  return text.replace(UNSEEN, (char, at: number) => {
    const joins = (char === '\u200c' || char === '\u200d') && JOINED.test(text.slice(Math.max(0, at - 2), at + 3));
    return joins ? char : `⟨U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`;
  });
}

/** The same on one line, for a terminal or a row of a table. */
export function visibleLine(text: string): string {
  return visible(text).replace(/[\t\n]+/g, ' ');
}
