import { describe, expect, it } from 'vitest';
import type { SnapshotRules } from '../../../src-preload/contract/index.ts';
import { RuleWatch } from './rule-watch.ts';

const MB = 1 << 20;

function rules(patch: Partial<SnapshotRules>): SnapshotRules {
  return { every: null, rssAbove: null, rssStep: null, atMark: null, atExit: false, limit: 10, ...patch };
}

describe('no rules', () => {
  it('fire nothing', () => {
    const watch = new RuleWatch(rules({}), 0);
    expect([watch.due(1e9), watch.rss(1, 1e12), watch.mark('x'), watch.atExit]).toEqual([false, null, false, false]);
  });
});

describe('the limit', () => {
  it('stops every rule, and counts only what rules have taken', () => {
    const watch = new RuleWatch(rules({ every: 1000, rssAbove: 100, atMark: '*', atExit: true, limit: 2 }), 0);
    for (const trigger of ['user', 'program', 'interval'] as const) watch.count(1, trigger, null);
    expect(watch.open).toBe(true);
    watch.count(1, 'mark', null);
    expect([watch.due(2000), watch.rss(1, 200), watch.mark('x'), watch.atExit]).toEqual([false, null, false, false]);
  });

  it('raised lets them go on', () => {
    const watch = new RuleWatch(rules({ every: 1000, limit: 0 }), 0);
    expect(watch.due(1000)).toBe(false);
    watch.change(rules({ every: 1000, limit: 1 }), 1500);
    expect(watch.due(2000)).toBe(true);
  });
});

describe('every so often', () => {
  it('fires once each time, first after one interval', () => {
    const watch = new RuleWatch(rules({ every: 1000 }), 500);
    expect([600, 1499, 1500, 1600, 2499, 2500].map((t) => watch.due(t))).toEqual([false, false, true, false, false, true]);
  });

  it('tells how long until then; nothing where no more comes', () => {
    const watch = new RuleWatch(rules({ every: 1000, limit: 1 }), 500);
    expect([500, 1400, 1500, 1700].map((t) => watch.untilDue(t))).toEqual([1000, 100, 0, 0]);
    watch.due(1700);
    expect(watch.untilDue(1800)).toBe(700);
    watch.count(1, 'interval', null);
    expect(watch.untilDue(1800)).toBeNull();
    expect(new RuleWatch(rules({}), 0).untilDue(5)).toBeNull();
  });

  it('does not make up for what was slept through', () => {
    const watch = new RuleWatch(rules({ every: 1000 }), 0);
    expect([10_000, 10_100, 10_499, 10_500].map((t) => watch.due(t))).toEqual([true, false, false, true]);
  });

  it('starts anew when it is changed, and only then', () => {
    const watch = new RuleWatch(rules({ every: 1000 }), 0);
    watch.change(rules({ every: 1000, atExit: true }), 900);
    expect(watch.due(1000)).toBe(true);
    watch.change(rules({ every: 5000 }), 1500);
    expect([watch.due(2500), watch.due(6500)]).toEqual([false, true]);
  });
});

describe('a threshold of RSS', () => {
  it('fires for each process as it passes, not again for noise around it', () => {
    const watch = new RuleWatch(rules({ rssAbove: 100 * MB }), 0);
    expect(watch.rss(1, 99 * MB)).toBeNull();
    expect(watch.rss(1, 101 * MB)).toBe('rss');
    expect(watch.rss(1, 99 * MB)).toBeNull();
    expect(watch.rss(1, 102 * MB)).toBeNull();
    expect(watch.rss(2, 150 * MB)).toBe('rss');
  });

  it('is passed by a byte more, and left by a byte below nine tenths of it', () => {
    const watch = new RuleWatch(rules({ rssAbove: 1000 }), 0);
    expect([1000, 1001, 900, 1001, 899, 1001].map((rss) => watch.rss(1, rss))).toEqual([null, 'rss', null, null, null, 'rss']);
  });

  it('that is changed is passed anew; one that stays is not', () => {
    const watch = new RuleWatch(rules({ rssAbove: 1000 }), 0);
    watch.rss(1, 2000);
    watch.change(rules({ rssAbove: 1000, atExit: true }), 1);
    expect(watch.rss(1, 2000)).toBeNull();
    watch.change(rules({ rssAbove: 1500 }), 2);
    expect(watch.rss(1, 2000)).toBe('rss');
  });

  it('fires for a process whose first sample comes after a snapshot of it', () => {
    const watch = new RuleWatch(rules({ rssAbove: 1000 }), 0);
    watch.count(1, 'user', 500);
    expect(watch.rss(1, 1001)).toBe('rss');
  });

  it('is still passed after a snapshot that somebody took', () => {
    const watch = new RuleWatch(rules({ rssAbove: 1000 }), 0);
    watch.rss(1, 2000);
    watch.count(1, 'user', 2000);
    expect(watch.rss(1, 2000)).toBeNull();
  });

  it('fires again after a real fall', () => {
    const watch = new RuleWatch(rules({ rssAbove: 100 * MB }), 0);
    watch.rss(1, 120 * MB);
    watch.rss(1, 80 * MB);
    expect(watch.rss(1, 120 * MB)).toBe('rss');
  });
});

describe('growth in steps', () => {
  it('is counted from the last snapshot, whoever took it', () => {
    const watch = new RuleWatch(rules({ rssStep: 50 * MB }), 0);
    expect(watch.rss(1, 100 * MB)).toBeNull();
    expect(watch.rss(1, 149 * MB)).toBeNull();
    watch.count(1, 'user', 149 * MB);
    expect(watch.rss(1, 198 * MB)).toBeNull();
    expect(watch.rss(1, 199 * MB)).toBe('growth');
  });

  it('is counted from a snapshot of which the size is not known as if there were none', () => {
    const watch = new RuleWatch(rules({ rssStep: 50 }), 0);
    watch.rss(1, 100);
    watch.count(1, 'user', null);
    expect(watch.rss(1, 150)).toBe('growth');
  });

  it('is counted from a snapshot before the first sample', () => {
    const watch = new RuleWatch(rules({ rssStep: 50 }), 0);
    watch.count(1, 'user', 100);
    expect([149, 150].map((rss) => watch.rss(1, rss))).toEqual([null, 'growth']);
  });

  it('that could not be captured is tried again after another step, not at each tick', () => {
    const watch = new RuleWatch(rules({ rssStep: 50 * MB }), 0);
    watch.rss(1, 100 * MB);
    expect([160, 161, 209, 210].map((mb) => watch.rss(1, mb * MB))).toEqual(['growth', null, null, 'growth']);
  });

  it('starts anew for a process that took the place of another', () => {
    const watch = new RuleWatch(rules({ rssStep: 50 * MB }), 0);
    watch.rss(1, 100 * MB);
    watch.remove(1);
    expect(watch.rss(1, 300 * MB)).toBeNull();
  });
});

describe('marks', () => {
  it('fire by their name, or any', () => {
    expect(['loaded', 'Loaded', 'x'].map((name) => new RuleWatch(rules({ atMark: 'loaded' }), 0).mark(name))).toEqual([true, false, false]);
    expect(new RuleWatch(rules({ atMark: '*' }), 0).mark('anything')).toBe(true);
  });
});
