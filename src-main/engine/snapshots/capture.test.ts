import { describe, expect, it } from 'vitest';
import type { ProcessRow } from '../../../src-preload/contract/index.ts';
import { connectionOf } from '../agent-link/testing.ts';
import { Capture, captureError, dumpPath } from './capture.ts';

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
    // As the process calls itself, in its own namespace.
    expect(begun.plannedPath).toBe('/d/1-7.heapdump');
    expect(Object.assign(capture(), { number: 7 }).plannedPath).toBeNull();
  });
});

describe('what an agent says of a failure', () => {
  it.each([
    ['cancelled', 'snapshot.cancelled', { pid: 4242 }],
    ['timeout', 'snapshot.killed', { pid: 4242, signal: null, seconds: 0 }],
    ['killed: signal 9', 'snapshot.killed', { pid: 4242, signal: 'SIGKILL', seconds: 0 }],
    ['killed: signal 99', 'snapshot.killed', { pid: 4242, signal: '99', seconds: 0 }],
    ['memory', 'snapshot.limit', { detail: 'memory', objects: null }],
    ['memory: about 1000 bytes would be needed', 'snapshot.limit', { detail: 'memory: about 1000 bytes would be needed', objects: null }],
    ['file', 'snapshot.limit', { detail: 'file', objects: null }],
    ['OSError: [Errno 28] No space left on device', 'snapshot.no-space', { path: '/d', needed: null, available: null }],
    ['write: No space left on device', 'snapshot.no-space', { path: '/d', needed: null, available: null }],
    ['ValueError: x', 'snapshot.failed', { pid: 4242, detail: 'ValueError: x' }],
    ['', 'snapshot.failed', { pid: 4242, detail: '' }],
  ])('%j becomes data', (said, code, facts) => {
    expect(captureError(said, capture(), '/d')).toEqual({ code, facts });
  });

  it('is that it was cancelled, where the user did so', () => {
    expect(captureError('killed: signal 9', capture({ cancelled: true }), '/d').code).toBe('snapshot.cancelled');
  });
});
