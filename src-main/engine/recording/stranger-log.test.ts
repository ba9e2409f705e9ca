import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Facts } from '../../../src-preload/contract/index.ts';
import type { Refusal } from '../agent-link/agent-server.ts';
import { StrangerLog } from './stranger-log.ts';

const refusal = (port: number, reason: Refusal['reason'] = 'protocol'): Refusal => ({
  address: `127.0.0.1:${port}`,
  reason,
  detail: 'x',
  hello: null,
  identity: null,
});

describe('strangers', () => {
  let rows: Facts[];
  let warned: string[];
  let log: StrangerLog;

  beforeEach(() => {
    vi.useFakeTimers();
    rows = [];
    warned = [];
    log = new StrangerLog({ report: (facts) => rows.push(facts), warn: ({ reason }) => warned.push(reason) });
  });
  afterEach(() => void vi.useRealTimers());

  it('are told at once, and then once a minute with their number and the last address', () => {
    for (let port = 1; port <= 9000; port++) log.add(refusal(port));
    expect(rows).toEqual([{ address: '127.0.0.1:1', reason: 'protocol: x', count: 1 }]);
    expect(warned).toEqual(['protocol']);
    vi.advanceTimersByTime(60_000);
    expect(rows[1]).toEqual({ address: '127.0.0.1:9000', reason: 'protocol: x', count: 8999 });
    vi.advanceTimersByTime(600_000);
    expect(rows).toHaveLength(2);
  });

  it('that come after a quiet minute are told at once again', () => {
    log.add(refusal(1));
    vi.advanceTimersByTime(60_000);
    log.add(refusal(2, 'http'));
    expect(rows.map((facts) => facts['reason'])).toEqual(['protocol: x', 'HTTP']);
  });

  it('are warned of once, by the first that is no page', () => {
    log.add(refusal(1, 'http'));
    log.add(refusal(2));
    log.add(refusal(3));
    expect(warned).toEqual(['protocol']);
  });

  it('of whom none came have nothing to be told at the end, and none is told twice', () => {
    log.end();
    expect(rows).toEqual([]);
    log.add(refusal(1));
    log.end();
    expect(rows).toHaveLength(1);
  });

  it('go on to be counted each minute while they come', () => {
    log.add(refusal(1));
    for (let minute = 0; minute < 3; minute++) {
      log.add(refusal(2));
      log.add(refusal(3));
      vi.advanceTimersByTime(60_000);
    }
    expect(rows.map((facts) => facts['count'])).toEqual([1, 2, 2, 2]);
  });

  it.each(['http', 'closed'] as const)('that are pages of a browser, or only knock, are counted and no fault: %s', (reason) => {
    for (let port = 1; port <= 3; port++) log.add(refusal(port, reason));
    log.end();
    expect(rows.map((facts) => facts['count'])).toEqual([1, 2]);
    expect(warned).toEqual([]);
  });

  it('that were counted and not told are told at the end', () => {
    for (let port = 1; port <= 3; port++) log.add(refusal(port));
    log.end();
    expect(rows.map((facts) => facts['count'])).toEqual([1, 2]);
    vi.advanceTimersByTime(600_000);
    expect(rows).toHaveLength(2);
  });
});
