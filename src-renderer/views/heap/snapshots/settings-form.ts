import type { Bytes, SnapshotOptions } from '../../../../src-preload/contract/index.ts';
import type { SnapshotSettings } from '../../../stores/snapshots.ts';

/** The typed text: an empty field is a disabled rule. Memory in MiB, time in seconds. */
export interface SettingsForm {
  method: SnapshotOptions['method'];
  collectFirst: boolean;
  previews: boolean;
  redact: string;
  memoryLimit: string;
  joinPages: boolean;
  every: string;
  rssAbove: string;
  rssStep: string;
  atMark: string;
  atExit: boolean;
  limit: string;
}

const MIB = 1024 * 1024;
const SECOND = 1000;
type NumberField = 'memoryLimit' | 'every' | 'rssAbove' | 'rssStep' | 'limit';
const NUMBERS: readonly NumberField[] = ['memoryLimit', 'every', 'rssAbove', 'rssStep', 'limit'];

export const emptyForm = (): SettingsForm => ({
  method: 'auto',
  collectFirst: false,
  previews: false,
  redact: '',
  memoryLimit: '',
  joinPages: false,
  every: '',
  rssAbove: '',
  rssStep: '',
  atMark: '',
  atExit: false,
  limit: '',
});

const written = (value: number | null, unit: number): string => (value === null ? '' : String(Math.round((value / unit) * 1000) / 1000));

export function toForm({ rules, options }: SnapshotSettings): SettingsForm {
  return {
    method: options.method,
    collectFirst: options.collectFirst,
    previews: options.previews,
    redact: options.redact.join(' '),
    memoryLimit: written(options.memoryLimit, MIB),
    joinPages: options.joinPages,
    every: written(rules.every, SECOND),
    rssAbove: written(rules.rssAbove, MIB),
    rssStep: written(rules.rssStep, MIB),
    atMark: rules.atMark ?? '',
    atExit: rules.atExit,
    limit: String(rules.limit),
  };
}

/** null: empty. NaN: not a number above zero. */
function typed(text: string): number | null {
  const trimmed = text.trim().replace(',', '.');
  if (trimmed === '') return null;
  const value = /^\d*\.?\d+$|^\d+\.$/.test(trimmed) ? Number(trimmed) : NaN;
  return value > 0 ? value : NaN;
}

/** Fields with invalid text. */
export function wrongFields(form: SettingsForm): Set<NumberField> {
  const wrong = new Set(NUMBERS.filter((field) => Number.isNaN(typed(form[field]) ?? 0)));
  const limit = typed(form.limit);
  if (limit === null || !Number.isInteger(limit)) wrong.add('limit');
  return wrong;
}

/** Only for a form without invalid fields. */
export function fromForm(form: SettingsForm): SnapshotSettings {
  const scaled = (text: string, unit: number): Bytes | null => {
    const value = typed(text);
    return value === null ? null : Math.round(value * unit);
  };
  return {
    options: {
      method: form.method,
      collectFirst: form.collectFirst,
      previews: form.previews,
      redact: form.redact.split(/[\s,;]+/).filter((part) => part !== ''),
      memoryLimit: scaled(form.memoryLimit, MIB),
      joinPages: form.joinPages,
    },
    rules: {
      every: scaled(form.every, SECOND),
      rssAbove: scaled(form.rssAbove, MIB),
      rssStep: scaled(form.rssStep, MIB),
      atMark: form.atMark.trim() === '' ? null : form.atMark.trim(),
      atExit: form.atExit,
      limit: typed(form.limit) ?? 1,
    },
  };
}
