/**
 * The filter language of every table, as a tree that can cross to the engine: the window parses the text, the owner of the rows tests them.
 * Both use the functions of this file, so that a filter means the same everywhere.
 *
 *     dict -weak                      both words: somewhere in a column of text, and nowhere
 *     "two words"                     with quotes: spaces, and the words `and`, `or`, `not` as text
 *     retained > 1MB and count >= 100 columns by id or title; quantities in the unit of their column
 *     type ~ dict or type = list      contains (also `:`), equals; `!~` and `!=` the opposite
 *     not (new > 0 or share >= 5%)    `and` may be left out; it binds tighter than `or`
 *
 * `retained > 1MB and -weak` is
 * `{ kind: 'and', parts: [{ kind: 'number', column: 'retained', operator: '>', value: 1048576 }, { kind: 'not', part: { kind: 'word', text: 'weak' } }] }`.
 */
export type FilterNode =
  | { kind: 'and'; parts: FilterNode[] }
  | { kind: 'or'; parts: FilterNode[] }
  | { kind: 'not'; part: FilterNode }
  /** In lower case: occurs in any column of text, whatever its case. */
  | { kind: 'word'; text: string }
  /** A row without a value matches no comparison. Bytes, milliseconds, Unix time, a plain number, or a ratio (5 % is 0.05). */
  | { kind: 'number'; column: string; operator: NumberOperator; value: number }
  /** In lower case, whatever the row's case. */
  | { kind: 'text'; column: string; operator: TextOperator; value: string };

export type NumberOperator = '>' | '<' | '>=' | '<=' | '=' | '!=';
export type TextOperator = '~' | '!~' | '=' | '!=';

/** The kind of a column's values: it decides which operators and units the filter accepts. */
export type FilterKind = 'text' | 'count' | 'bytes' | 'ms' | 'time' | 'ratio';

/** A column that a filter can name, by its id or its title. */
export interface FilterColumn {
  id: string;
  title?: string;
  kind: FilterKind;
}

/** A syntax fault, and its position in the text. */
export interface FilterFault {
  code: 'unknown-column' | 'not-a-quantity' | 'wrong-operator' | 'no-column' | 'stray-bracket' | 'too-long' | 'too-deep';
  /** Of the first character, from 0. */
  at: number;
  length: number;
  /** As it was typed. */
  text: string;
  /** Of the compared column. */
  kind?: FilterKind;
}

/** A part of the text, and its position. */
export type FilterPart = Pick<FilterFault, 'at' | 'length' | 'text'>;

/** `node` null: every row matches, also where there is a fault: rows that match only what was understood would look like the answer. */
export interface ParsedFilter {
  node: FilterNode | null;
  fault: FilterFault | null;
  /** The first part that is left out of `node` because it is still being typed: `peak >`, a last `and`, an open bracket. */
  unfinished: FilterPart | null;
}

/** How to read the rows of one table. The engine's rows are ordinals, the window's are objects. */
export interface FilterReader<Row> {
  /** Columns that are searched for a word. */
  readonly texts: readonly string[];
  text(column: string): (row: Row) => string;
  number(column: string): (row: Row) => number | null;
}

/** A filter is typed by hand; longer ones would only deepen the recursion. */
const LONGEST = 2000;
/** Nesting depth of conditions; the engine refuses arguments that are nested much deeper. */
const DEEPEST = 40;
/** More brackets within each other are not even read: each takes its part of the stack. */
const MOST_BRACKETS = 1000;
const OPERATOR = /^(?:>=|<=|!=|!~|>|<|=|:|~)/;
const KEYWORD = /^(and|or|not)(?=[\s(]|$)/i;

const KIB = 1024;
const SIZES: Record<string, number> = {
  b: 1,
  k: KIB,
  kb: KIB,
  kib: KIB,
  m: KIB ** 2,
  mb: KIB ** 2,
  mib: KIB ** 2,
  g: KIB ** 3,
  gb: KIB ** 3,
  gib: KIB ** 3,
  t: KIB ** 4,
  tb: KIB ** 4,
  tib: KIB ** 4,
};
const TIMES: Record<string, number> = { us: 0.001, ms: 1, s: 1000, m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000 };
const UNITS: Record<Exclude<FilterKind, 'text' | 'time'>, Record<string, number>> = {
  bytes: SIZES,
  ms: TIMES,
  count: { k: 1000, m: 1e6 },
  ratio: { '%': 0.01 },
};

/** A typed quantity in the unit of its column's values; null: invalid. `1.5KB` of bytes is 1536, `1m30s` of ms 90000. */
export function quantity(text: string, kind: FilterKind): number | null {
  if (kind === 'time') {
    const at = Date.parse(text);
    return Number.isNaN(at) ? null : at;
  }
  const [, sign = '', rest = ''] = /^([-−+]?)(.*)$/s.exec(text.toLowerCase().replaceAll('_', '')) ?? [];
  const parts = [...rest.matchAll(/([\d.,]+)\s*([a-z%]*)/g)];
  if (kind === 'text' || parts.length === 0 || parts.map(([whole]) => whole).join('') !== rest) return null;
  let total = 0;
  for (const [, digits = '', unit = ''] of parts) {
    const factor = unit === '' ? 1 : UNITS[kind][unit];
    const value = Number(digits.replaceAll(',', ''));
    if (factor === undefined || Number.isNaN(value)) return null;
    total += value * factor;
  }
  return sign === '' || sign === '+' ? total : -total;
}

/** Parses a filter. Unfinished parts are ignored, and reported. */
export function parseFilter(text: string, columns: readonly FilterColumn[]): ParsedFilter {
  const refused = (fault: FilterFault): ParsedFilter => ({ node: null, fault, unfinished: null });
  if (text.length > LONGEST) return refused({ code: 'too-long', at: LONGEST, length: text.length - LONGEST, text: '' });
  const reader = new Reader(text, columns);
  const node = reader.any();
  if (node !== null && depthOf(node) > DEEPEST) return refused({ code: 'too-deep', at: 0, length: text.length, text: '' });
  return reader.fault === null ? { node, fault: null, unfinished: reader.unfinished } : refused(reader.fault);
}

/** The name of a column as the filter reads it. */
export function filterName({ id, title }: FilterColumn): string {
  const name = title === undefined || /["()]/.test(title) ? id : title;
  return /^[^\s"()<>=:~!-][^\s"()<>=:~!]*$/.test(name) && !KEYWORD.test(name) ? name : `"${name}"`;
}

/** A condition as it could be typed for a column; a filter may begin with it. */
export function filterExample(column: FilterColumn): string {
  const name = filterName(column);
  switch (column.kind) {
    case 'text':
      return `${name} ~ dict`;
    case 'count':
      return `${name} >= 100`;
    case 'bytes':
      return `${name} > 1MB`;
    case 'ms':
      return `${name} > 1m30s`;
    case 'time':
      return `${name} > 2026-11-22`;
    case 'ratio':
      return `${name} >= 5%`;
  }
}

function depthOf(node: FilterNode): number {
  if (node.kind === 'not') return 1 + depthOf(node.part);
  return node.kind === 'and' || node.kind === 'or' ? 1 + Math.max(...node.parts.map(depthOf)) : 1;
}

/** The test of a filter over one kind of row. */
export function filterTest<Row>(node: FilterNode, reader: FilterReader<Row>): (row: Row) => boolean {
  switch (node.kind) {
    case 'and': {
      const parts = node.parts.map((part) => filterTest(part, reader));
      return (row) => parts.every((part) => part(row));
    }
    case 'or': {
      const parts = node.parts.map((part) => filterTest(part, reader));
      return (row) => parts.some((part) => part(row));
    }
    case 'not': {
      const part = filterTest(node.part, reader);
      return (row) => !part(row);
    }
    case 'word': {
      const texts = reader.texts.map((column) => reader.text(column));
      return (row) => texts.some((read) => read(row).toLowerCase().includes(node.text));
    }
    case 'text':
      return textTest(node.operator, node.value, reader.text(node.column));
    case 'number':
      return numberTest(node.operator, node.value, reader.number(node.column));
  }
}

function textTest<Row>(operator: TextOperator, wanted: string, read: (row: Row) => string): (row: Row) => boolean {
  if (operator === '~') return (row) => read(row).toLowerCase().includes(wanted);
  if (operator === '!~') return (row) => !read(row).toLowerCase().includes(wanted);
  return operator === '=' ? (row) => read(row).toLowerCase() === wanted : (row) => read(row).toLowerCase() !== wanted;
}

function numberTest<Row>(operator: NumberOperator, wanted: number, read: (row: Row) => number | null): (row: Row) => boolean {
  const against =
    (passes: (value: number) => boolean) =>
    (row: Row): boolean => {
      const value = read(row);
      return value !== null && passes(value);
    };
  if (operator === '>') return against((value) => value > wanted);
  if (operator === '<') return against((value) => value < wanted);
  if (operator === '>=') return against((value) => value >= wanted);
  if (operator === '<=') return against((value) => value <= wanted);
  return operator === '=' ? against((value) => value === wanted) : against((value) => value !== wanted);
}

/** A token: its text without quotes, and its position. */
interface Piece {
  text: string;
  at: number;
  end: number;
  quoted: boolean;
}

/** Recursive descent: any = all { or all }, all = term { [and] term }, term = [not] ( any ) | comparison | word. */
class Reader {
  fault: FilterFault | null = null;
  unfinished: FilterPart | null = null;
  readonly #text: string;
  readonly #columns: readonly FilterColumn[];
  #at = 0;
  #depth = 0;

  constructor(text: string, columns: readonly FilterColumn[]) {
    this.#text = text;
    this.#columns = columns;
  }

  any(): FilterNode | null {
    const parts = [this.#all()];
    for (let at = this.#begin(); this.#take('or'); at = this.#begin()) {
      parts.push(this.#all());
      if (parts.at(-1) === null || parts.at(-2) === null) this.#leaveOut(at, at + 'or'.length);
    }
    return joined('or', parts);
  }

  #all(): FilterNode | null {
    const parts: (FilterNode | null)[] = [];
    while (!this.#ended() && this.#keyword() !== 'or') {
      const at = this.#begin();
      if (!this.#take('and')) parts.push(this.#term());
      else if (parts.length === 0 || this.#ended() || this.#keyword() === 'or') this.#leaveOut(at, at + 'and'.length);
    }
    return joined('and', parts);
  }

  #term(): FilterNode | null {
    const begin = this.#begin();
    if (this.#take('not') || this.#minus()) {
      const part = this.#ended() ? this.#leaveOut(begin, this.#at) : this.#term();
      return part?.kind === 'not' ? part.part : part && { kind: 'not', part };
    }
    const next = this.#text[this.#at];
    if (next === '(') return this.#group();
    if (next === ')') return this.#refuse({ code: 'stray-bracket', at: this.#at, length: 1, text: ')' }, this.#at + 1);
    const loose = OPERATOR.exec(this.#rest())?.[0];
    if (loose !== undefined && /^(\s|$)/.test(this.#rest().slice(loose.length))) {
      return this.#refuse({ code: 'no-column', at: this.#at, length: loose.length, text: loose }, this.#at + loose.length);
    }
    return this.#comparison(this.#piece(loose === undefined));
  }

  #group(): FilterNode | null {
    const begin = this.#at;
    if (this.#depth === MOST_BRACKETS) return this.#refuse({ code: 'too-deep', at: begin, length: 1, text: '(' }, this.#text.length);
    this.#at += 1;
    this.#depth += 1;
    const node = this.any();
    this.#depth -= 1;
    if (this.#text[this.#at] === ')') this.#at += 1;
    else this.#leaveOut(begin, begin + 1);
    return node;
  }

  /** The condition that begins with this token, or the token as a word if no operator follows. */
  #comparison(name: Piece): FilterNode | null {
    const operator = OPERATOR.exec(this.#rest().trimStart())?.[0];
    const word: FilterNode | null = name.text === '' ? null : { kind: 'word', text: name.text.toLowerCase() };
    if (operator === undefined) return word;
    const column = this.#columnOf(name.text);
    // `module.py:12` is a place in a file, as people write it.
    if (column === null && operator === ':' && !name.quoted && /^:\S/.test(this.#rest())) {
      const rest = this.#piece(false);
      return { kind: 'word', text: `${name.text}${rest.text}`.toLowerCase() };
    }
    this.#skip();
    this.#at += operator.length;
    this.#skip();
    const value = this.#value(column?.kind ?? 'text');
    if (value.text === '') return this.#leaveOut(name.at, value.end);
    const { at } = name;
    if (column === null) return this.#refuse({ code: 'unknown-column', at, length: name.end - at, text: name.text });
    return column.kind === 'text' ? this.#textual(column, operator, value, name) : this.#numeric(column, operator, value, name);
  }

  #textual(column: FilterColumn, operator: string, value: Piece, name: Piece): FilterNode | null {
    const fits = operator === ':' ? '~' : operator === '~' || operator === '!~' || operator === '=' || operator === '!=' ? operator : null;
    if (fits === null) return this.#refuse({ code: 'wrong-operator', ...this.#span(name, value), kind: 'text' });
    return { kind: 'text', column: column.id, operator: fits, value: value.text.toLowerCase() };
  }

  #numeric(column: FilterColumn, operator: string, value: Piece, name: Piece): FilterNode | null {
    if (operator === '~' || operator === '!~')
      return this.#refuse({ code: 'wrong-operator', ...this.#span(name, value), kind: column.kind });
    const number = quantity(value.text, column.kind);
    if (number === null) {
      return this.#refuse({ code: 'not-a-quantity', at: value.at, length: value.end - value.at, text: value.text, kind: column.kind });
    }
    const fits = operator === ':' ? '=' : (operator as NumberOperator);
    return { kind: 'number', column: column.id, operator: fits, value: number };
  }

  #span(from: Piece, to: Piece): { at: number; length: number; text: string } {
    return { at: from.at, length: to.end - from.at, text: this.#text.slice(from.at, to.end) };
  }

  /** The text after an operator; `1 MB` may have a space if MB is a unit of the column. */
  #value(kind: FilterKind): Piece {
    const piece = this.#piece(false);
    if (kind === 'text' || kind === 'time' || piece.quoted || !/^[-−+]?[\d.,_]+$/.test(piece.text)) return piece;
    const unit = /^\s+([a-z%]+)(?=[\s)]|$)/i.exec(this.#rest());
    if (!unit || UNITS[kind][(unit[1] ?? '').toLowerCase()] === undefined) return piece;
    this.#at += unit[0].length;
    return { ...piece, text: `${piece.text}${unit[1]}`, end: this.#at };
  }

  /** Up to a space, or to an operator where one may follow; without a bracket that closes a group. */
  #piece(toOperator: boolean): Piece {
    const at = this.#at;
    if (this.#text[at] === '"') {
      const close = this.#text.indexOf('"', at + 1);
      this.#at = close < 0 ? this.#text.length : close + 1;
      return { text: this.#text.slice(at + 1, close < 0 ? undefined : close), at, end: this.#at, quoted: true };
    }
    let open = 0;
    for (; this.#at < this.#text.length; this.#at += 1) {
      const char = this.#text[this.#at] ?? '';
      if (/[\s"]/.test(char) || (toOperator && OPERATOR.test(this.#rest()))) break;
      if (char === ')' && open === 0 && this.#depth > 0) break;
      open += char === '(' ? 1 : char === ')' ? -1 : 0;
    }
    return { text: this.#text.slice(at, this.#at), at, end: this.#at, quoted: false };
  }

  #columnOf(name: string): FilterColumn | null {
    const wanted = name.toLowerCase();
    // The title is what people see: it goes before another column's id.
    const titled = this.#columns.find(({ title }) => title?.toLowerCase() === wanted);
    return titled ?? this.#columns.find(({ id }) => id.toLowerCase() === wanted) ?? null;
  }

  #refuse(fault: FilterFault, goOnAt = this.#at): null {
    this.fault ??= fault;
    this.#at = goOnAt;
    return null;
  }

  #leaveOut(at: number, end: number): null {
    const text = this.#text.slice(at, end).trimEnd();
    this.unfinished ??= { at, length: text.length, text };
    return null;
  }

  /** Where the next token begins. */
  #begin(): number {
    this.#skip();
    return this.#at;
  }

  #rest(): string {
    return this.#text.slice(this.#at);
  }

  #skip(): void {
    while (/\s/.test(this.#text[this.#at] ?? '')) this.#at += 1;
  }

  #ended(): boolean {
    this.#skip();
    return this.#at >= this.#text.length || (this.#text[this.#at] === ')' && this.#depth > 0);
  }

  #keyword(): string | null {
    this.#skip();
    return KEYWORD.exec(this.#rest())?.[1]?.toLowerCase() ?? null;
  }

  #take(keyword: 'and' | 'or' | 'not'): boolean {
    if (this.#keyword() !== keyword) return false;
    this.#at += keyword.length;
    return true;
  }

  #minus(): boolean {
    // `--port` is searched literally.
    if (!/^-[^\s-]/.test(this.#rest())) return false;
    this.#at += 1;
    return true;
  }
}

function joined(kind: 'and' | 'or', parts: readonly (FilterNode | null)[]): FilterNode | null {
  const there = parts.filter((part) => part !== null);
  return there.length > 1 ? { kind, parts: there } : (there[0] ?? null);
}
