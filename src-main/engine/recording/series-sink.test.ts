import { describe, expect, it } from 'vitest';
import { SeriesSink } from './series-sink.ts';

/** Collects what was written: `process/metric` → [t, value][]; for a sum, the process is `all`. */
function recorder(onNewSeries: () => void = () => undefined) {
  const written = new Map<string, [number, number][]>();
  const names: string[] = [];
  const sink = new SeriesSink(
    {
      addSeries: (process, metric) => names.push(`${process ?? 'all'}/${metric}`) - 1,
      append: (series, t, value) => {
        const name = names[series] ?? '?';
        written.set(name, [...(written.get(name) ?? []), [t, value]]);
      },
    },
    onNewSeries,
  );
  return { sink, written };
}

describe('sums over the process tree', () => {
  it('add the last value of each living process', () => {
    const { sink, written } = recorder();
    sink.put(1, 'rss', 0, 100);
    sink.put(2, 'rss', 0, 50);
    sink.sum(0);
    sink.put(1, 'rss', 100, 110);
    sink.sum(100);
    expect(written.get('all/rss')).toEqual([
      [0, 150],
      [100, 160],
    ]);
  });

  it('leave a process out once it is gone', () => {
    const { sink, written } = recorder();
    sink.put(1, 'rss', 0, 100);
    sink.put(2, 'rss', 0, 50);
    sink.sum(0);
    sink.drop(2);
    sink.sum(100);
    expect(written.get('all/rss')?.at(-1)).toEqual([100, 100]);
  });

  it.each(['before', 'after'])('count its agent’s last samples once, where they come %s its end', (when) => {
    const { sink, written } = recorder();
    sink.put(1, 'traced', 0, 100);
    sink.put(2, 'traced', 0, 50);
    sink.sum(0);
    if (when === 'after') sink.drop(2);
    sink.put(2, 'traced', 90, 60);
    if (when === 'before') sink.drop(2);
    sink.put(3, 'traced', 90, 7);
    sink.sum(100);
    expect([written.get('all/traced')?.at(-1), written.get('2/traced')?.at(-1)]).toEqual([
      [100, 167],
      [90, 60],
    ]);
    expect([sink.total('traced'), sink.value(2, 'traced')]).toEqual([107, null]);
    sink.sum(200);
    sink.sum(300);
    expect(written.get('all/traced')?.slice(2)).toEqual([[200, 107]]);
  });

  it('end in a gap once the last one with figures has gone', () => {
    const { sink, written } = recorder();
    sink.put(1, 'traced', 0, 100);
    sink.drop(1);
    sink.sum(50);
    sink.sum(100);
    sink.sum(150);
    expect(written.get('all/traced')).toEqual([
      [50, 100],
      [100, NaN],
    ]);
  });

  it('end with a gap, not with nothing used, when the last process is gone', () => {
    const { sink, written } = recorder();
    sink.put(1, 'rss', 0, 100);
    sink.sum(0);
    sink.drop(1);
    sink.sum(100);
    expect(written.get('all/rss')?.at(-1)).toEqual([100, NaN]);
    expect(sink.total('rss')).toBeNull();
  });

  it('are not written when nothing new came', () => {
    const { sink, written } = recorder();
    sink.put(1, 'pss', 0, 100);
    sink.sum(0);
    sink.sum(100);
    expect(written.get('all/pss')).toEqual([[0, 100]]);
  });

  it('are not made of metrics that cannot be added', () => {
    const { sink, written } = recorder();
    sink.put(1, 'peak_rss', 0, 100);
    sink.sum(0);
    expect([...written.keys()]).toEqual(['1/peak_rss']);
  });
});

describe('what is known of now', () => {
  it('is the last value of each, and their sum; of what is gone or was never seen nothing', () => {
    const { sink } = recorder();
    expect([sink.total('rss'), sink.value(1, 'rss')]).toEqual([null, null]);
    sink.put(1, 'rss', 0, 100);
    sink.put(1, 'rss', 10, 120);
    sink.put(2, 'rss', 0, 50);
    expect([sink.total('rss'), sink.value(1, 'rss'), sink.value(3, 'rss')]).toEqual([170, 120, null]);
    sink.drop(1);
    expect([sink.total('rss'), sink.value(1, 'rss')]).toEqual([50, null]);
  });

  it('is told once for each new series, sums included', () => {
    let told = 0;
    const { sink } = recorder(() => told++);
    sink.put(1, 'rss', 0, 100);
    sink.put(1, 'rss', 10, 100);
    expect(told).toBe(1);
    sink.put(2, 'rss', 10, 100);
    sink.sum(10);
    sink.sum(20);
    expect(told).toBe(3);
  });
});

describe('figures of the whole tree', () => {
  it('that are no sums stand beside them', () => {
    const { sink, written } = recorder();
    sink.putTotal('processes', 5, 3);
    expect(written.get('all/processes')).toEqual([[5, 3]]);
  });

  it('are summed again when a process is gone or a metric stops, and only then', () => {
    const { sink, written } = recorder();
    sink.put(1, 'rss', 0, 0.00004);
    sink.put(2, 'rss', 0, 0.12344);
    sink.sum(0);
    sink.drop(9);
    sink.stop(9, 'rss', 5);
    sink.sum(5);
    expect(written.get('all/rss')).toEqual([[0, 0.1235]]);
    expect(written.has('9/rss')).toBe(false);
    sink.stop(1, 'rss', 10);
    sink.sum(10);
    expect(written.get('all/rss')?.at(-1)).toEqual([10, 0.1234]);
  });

  it('have a gap at a pause as well, and go on after it', () => {
    const { sink, written } = recorder();
    sink.put(12, 'rss', 0, 10);
    sink.sum(0);
    sink.gap(50);
    expect([written.get('12/rss'), written.get('all/rss')].map((points) => points?.at(-1))).toEqual([
      [50, NaN],
      [50, NaN],
    ]);
    sink.put(12, 'rss', 90, 11);
    sink.sum(90);
    expect(written.get('all/rss')?.at(-1)).toEqual([90, 11]);
  });
});

describe('samples of a process', () => {
  it('that were not read are skipped', () => {
    const { sink, written } = recorder();
    sink.put(1, 'uss', 0, null);
    sink.put(1, 'uss', 0, undefined);
    expect(written.size).toBe(0);
  });

  it('never run backwards in time', () => {
    const { sink, written } = recorder();
    sink.put(1, 'py_blocks', 100, 1);
    sink.put(1, 'py_blocks', 99, 2);
    expect(written.get('1/py_blocks')).toEqual([
      [100, 1],
      [100, 2],
    ]);
  });

  it('have a gap where a metric stopped, and it leaves the sum', () => {
    const { sink, written } = recorder();
    sink.put(1, 'traced', 0, 10);
    sink.put(2, 'traced', 0, 5);
    sink.stop(1, 'traced', 100);
    sink.sum(100);
    expect(written.get('1/traced')?.at(-1)).toEqual([100, NaN]);
    expect(written.get('all/traced')).toEqual([[100, 5]]);
  });

  it('have a gap in each line, not in bars, when sampling pauses', () => {
    const { sink, written } = recorder();
    sink.put(1, 'rss', 0, 10);
    sink.put(1, 'gc_pause_0', 0, 2);
    sink.gap(50);
    expect(written.get('1/rss')?.at(-1)).toEqual([50, NaN]);
    expect(written.get('1/gc_pause_0')).toEqual([[0, 2]]);
  });
});
