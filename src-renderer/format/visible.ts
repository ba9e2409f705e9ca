/** Characters that are not seen, or turn others around; a line break and a tab may stay where the text is laid out. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}\u034f\u115f\u1160\u3164\uffa0]/gu;

/** Text for eyes that must not be fooled: what would not be seen is written as its code point. `app.py‹U+202E›` */
export function visible(text: string): string {
  return text.replaceAll(UNSEEN, (char) =>
    char === '\n' ? char : `‹U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}›`,
  );
}
