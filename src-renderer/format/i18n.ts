import { createI18n } from 'vue-i18n';
import { en, zhCN } from './locales/index.ts';
import type { Messages } from './locales/index.ts';
import { visible } from '../../src-preload/contract/index.ts';

export type Language = 'en' | 'zh-CN';

/** The path of every message, as `t('launch.record')` takes it; a wrong one does not compile. */
export type MessageKey = Leaves<Messages>;
type Leaves<T, P extends string = ''> = {
  [K in keyof T & string]: T[K] extends string ? `${P}${K}` : Leaves<T[K], `${P}${K}.`>;
}[keyof T & string];

export type MessageValues = Record<string, string | number>;

/** Messages are compiled to a syntax tree and interpreted: no code is generated from text, as the content policy requires. */
export const i18n = createI18n({
  legacy: false,
  locale: 'en',
  fallbackLocale: 'en',
  flatJson: true,
  missingWarn: false,
  fallbackWarn: false,
  messages: { en, 'zh-CN': zhCN },
});

export function setLanguage(language: Language): void {
  i18n.global.locale.value = language;
}

/** The current language; reactive where it is read in a template or a computed value. */
export function language(): Language {
  return i18n.global.locale.value === 'zh-CN' ? 'zh-CN' : 'en';
}

/** The message in the current language; reactive like `language`. */
export function t(key: MessageKey, values: MessageValues = {}): string {
  return i18n.global.t(key, shown(values));
}

/** Values are names of programs and files: titles and notices are built from them outside of templates. */
function shown(values: MessageValues): MessageValues {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, typeof value === 'string' ? whole(visible(value)) : value]),
  );
}

/** `12.5 MiB`: within a sentence a figure stays on one line with its unit. */
const whole = (text: string): string => (/^\P{L}*\d \p{L}{1,3}(\/\p{L}+)?$/u.test(text) ? text.replaceAll(' ', '\u00a0') : text);

/** The message in the form for `n` (English: one or many, separated by a bar); `{n}` is written with separators. */
export function tn(key: MessageKey, n: number, values: MessageValues = {}): string {
  return i18n.global.t(key, { n: n.toLocaleString(language()), ...shown(values) }, n);
}

/** The message of a key that came as data, from a store or the engine; the key itself if there is no such message. */
export function tData(key: string, values: MessageValues = {}, n?: number): string {
  if (!i18n.global.te(key)) return key;
  return n === undefined ? i18n.global.t(key, shown(values)) : i18n.global.t(key, { n: n.toLocaleString(language()), ...shown(values) }, n);
}
