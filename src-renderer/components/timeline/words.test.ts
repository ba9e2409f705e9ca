import { afterEach, describe, expect, it } from 'vitest';
import { METRICS } from '../../../src-preload/contract/index.ts';
import type { EventKind, EventRow } from '../../../src-preload/contract/index.ts';
import { LANES } from '../../charts/lanes.ts';
import { setLanguage } from '../../format/i18n.ts';
import { eventText, eventTone, laneName, metricName, processName, readingText } from './words.ts';

const FACTS: Record<EventKind, EventRow['facts']> = {
  mark: { name: 'loaded', source: 'program' },
  'process-start': { pid: 7, command: 'python app.py' },
  'process-end': { pid: 7, code: 3, signal: null },
  'agent-connected': { pid: 7, python: '3.12.1' },
  'agent-lost': { pid: 7 },
  'agent-silent': { pid: 7 },
  'agent-unidentified': { pid: 1, python: '3.12.1' },
  'agent-unrelated': { pid: 7, python: '3.12.1' },
  'agent-refused': { pid: 7, reason: 'version' },
  'agent-fault': { pid: 7, where: 'sample', message: 'boom' },
  'agent-dropped': { pid: 7, samples: 5 },
  stranger: { address: '127.0.0.1:1', reason: 'token' },
  exec: { pid: 7, command: 'sh' },
  tracemalloc: { pid: 7, frames: 0 },
  collect: { pid: 7, collected: 1, uncollectable: 0, duration: 2 },
  garbage: { pid: 7, total: 2, types: 'Node' },
  'collections-sampled': { pid: 7 },
  sampling: { paused: true },
  snapshot: { pid: 7, snapshot: 1, name: 'before', trigger: 'user' },
  'snapshot-failed': { pid: 7, name: 'before', code: 'snapshot.failed', detail: 'no space' },
  stop: { how: 'kill' },
  'console-cut': { bytes: 2048 },
  'recording-fault': { code: 'recording.disk-full', detail: 'no space' },
};
const event = (kind: EventKind, facts = FACTS[kind]): EventRow => ({ id: 1, session: 1, process: null, t: 0, kind, facts });

afterEach(() => setLanguage('en'));

describe.each(['en', 'zh-CN'] as const)('the wording in %s', (language) => {
  it('has words for every kind of event, with its facts in them', () => {
    setLanguage(language);
    for (const kind of Object.keys(FACTS) as EventKind[]) {
      const text = eventText(event(kind));
      expect(text, kind).not.toMatch(/[{}]|timeline\./);
      expect(text, kind).not.toBe(kind);
    }
  });

  it('has a name for every lane and metric', () => {
    setLanguage(language);
    for (const metric of Object.keys(METRICS)) expect(metricName(metric)).not.toBe('');
    for (const lane of LANES) expect(laneName(lane)).not.toMatch(/^timeline\./);
    expect(Object.keys(METRICS).filter((metric) => metricName(metric) === metric)).toEqual([]);
  });
});

it('shows what a newer version recorded by its own name', () => {
  expect(metricName('future')).toBe('future');
  expect(laneName({ id: 'other:future' })).toBe('future');
  expect(eventText(event('future-kind' as EventKind, {}))).toBe('future-kind');
});

it('tells ends that went wrong from those that did not', () => {
  expect(eventTone(event('process-end'))).toBe('warning');
  expect(eventTone(event('process-end', { pid: 7, code: 0, signal: null }))).toBe('info');
  expect(eventText(event('process-end', { pid: 7, code: null, signal: 'SIGSEGV' }))).toContain('SIGSEGV');
});

it('calls a process by what tells it from others', () => {
  const name = (command: string): string => processName({ pid: 7, command });
  expect(name('/usr/bin/python3 -X dev /srv/app.py --port 1')).toBe('7 app.py');
  expect(name('python -m http.server')).toBe('7 http.server');
  expect(name('python3 -B -c import time')).toBe('7 -c import time');
  expect(name('sh -c something')).toBe('7 sh');
  expect(name('/usr/bin/python3 -i')).toBe('7 python3');
  expect(name('')).toBe('7 ');
});

it('marks a value that stands for several', () => {
  expect(readingText('count', null)).toBe('–');
  expect(readingText('count', { t: 0, lo: 4, hi: 4, exact: false })).toBe('4');
  expect(readingText('count', { t: 0, lo: 4, hi: 6, exact: false })).toBe('≈ 5');
});
