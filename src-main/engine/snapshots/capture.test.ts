import { describe, expect, it } from 'vitest';
import type { ProcessRow } from '../../../src-preload/contract/index.ts';
import { connectionOf } from '../agent-link/testing.ts';
import { Capture, captureError, dumpPath, type CaptureFailure } from './capture.ts';

const row: ProcessRow = {
  id: 3,
  session: 1,
  pid: 4242,
  parent: null,
  ordinal: 0,
  command: 'python',
  python: '3.12.1',
  start: 0,
  end: null,
  exit: null,
  agent: 'connected',
};

function capture(patch: Partial<Capture> = {}): Capture {
  const options = { method: 'auto', collectFirst: false, previews: false, redact: [], memoryLimit: null, joinPages: false } as const;
  return Object.assign(
    new Capture({ row, connection: null, tracemallocFrames: 0 }, { trigger: 'user', name: '', options: { ...options, redact: [] } }),
    patch,
  );
}

describe('where a program says its dump is', () => {
  it.each([
    ['/etc/passwd'],
    ['/d/../etc/1-1.heapdump'],
    ['/d/sub/1-1.heapdump'],
    ['/d/1-1.heapdump/../x'],
    ['/d/.heapdump'],
    ['/d/1-1.heapdump\n'],
    ['1-1.heapdump'],
    [''],
    [null],
  ])('%j is not believed', (said) => {
    expect(dumpPath('/d', said)).toBeNull();
  });

  it('is believed within the folder of its session', () => {
    expect(dumpPath('/d', '/d/4242-1.heapdump')).toBe('/d/4242-1.heapdump');
    expect(dumpPath(null, '/d/4242-1.heapdump')).toBeNull();
  });

  it('is known before it says so, once it has a number', () => {
    const process = { row, connection: connectionOf({ dumps: '/d', hello: { pid: 1 } }), tracemallocFrames: 0 };
    const begun = new Capture(process, { trigger: 'user', name: '', options: capture().options });
    expect(begun.plannedPath).toBeNull();
    begun.number = 7;
    // The process's own pid, in its own namespace.
    expect(begun.plannedPath).toBe('/d/1-7.heapdump');
    expect(Object.assign(capture(), { number: 7 }).plannedPath).toBeNull();
  });
});

describe('what an agent says of a failure', () => {
  const said = (code: string | null, patch: Partial<CaptureFailure> = {}): CaptureFailure => ({
    code,
    error: null,
    signal: null,
    ...patch,
  });

  it.each([
    [said('cancelled'), 'snapshot.cancelled', { pid: 4242 }],
    [said('timeout'), 'snapshot.killed', { pid: 4242, signal: null, seconds: 0 }],
    [said('killed', { signal: 9 }), 'snapshot.killed', { pid: 4242, signal: 'SIGKILL', seconds: 0 }],
    [said('killed', { signal: 99 }), 'snapshot.killed', { pid: 4242, signal: '99', seconds: 0 }],
    [said('limit', { error: 'nodes' }), 'snapshot.limit', { detail: 'nodes', objects: null }],
    [said('no-space', { error: 'OSError: …' }), 'snapshot.no-space', { path: '/d', needed: null, available: null }],
    [said('failed', { error: 'ValueError: x' }), 'snapshot.failed', { pid: 4242, detail: 'ValueError: x' }],
    [said('a later word', { error: 'x' }), 'snapshot.failed', { pid: 4242, detail: 'x' }],
    [said(null), 'snapshot.failed', { pid: 4242, detail: '' }],
  ])('%j becomes data', (message, code, facts) => {
    expect(captureError(message, capture(), '/d')).toEqual({ code, facts });
  });

  it('is not understood by its words', () => {
    const words = ['cancelled', 'timeout', 'killed by signal 9', 'memory', 'OSError: [Errno 28] No space left on device'];
    for (const error of words)
      expect(captureError(said('failed', { error }), capture(), '/d')).toEqual({
        code: 'snapshot.failed',
        facts: { pid: 4242, detail: error },
      });
  });

  it('is that it was cancelled, where the user did so', () => {
    expect(captureError(said('killed', { signal: 9 }), capture({ cancelled: true }), '/d').code).toBe('snapshot.cancelled');
  });
});
