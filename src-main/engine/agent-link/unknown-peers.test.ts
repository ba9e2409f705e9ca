import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { UnknownPeers } from './unknown-peers.ts';

const OWN_AT_MOST = 100;
/** Ports from here on belong to strangers. */
const STRANGERS = 10_000;

describe('those that have not said who they are', () => {
  let peers: UnknownPeers;
  let closed: number[];
  let asked: number;

  beforeEach(() => {
    closed = [];
    asked = 0;
    const ownPorts = (ports: number[]): Set<number> => {
      asked++;
      return new Set(ports.filter((port) => port < STRANGERS));
    };
    peers = new UnknownPeers({ turns: 1000, everyMs: 1000 }, ownPorts, OWN_AT_MOST);
  });
  afterEach(() => peers.dispose());

  function connect(count: number, from = 0): { remotePort: number }[] {
    return Array.from({ length: count }, (_, i) => {
      const socket = { remotePort: from + i };
      peers.add(socket, () => {
        peers.delete(socket);
        closed.push(socket.remotePort);
      });
      return socket;
    });
  }

  it('and are the program’s own have more room than strangers, and not all of it: the oldest go', async () => {
    connect(OWN_AT_MOST);
    await sleep(20);
    expect(closed).toEqual([]);
    connect(80, OWN_AT_MOST);
    await vi.waitFor(() => expect(closed.length).toBeGreaterThanOrEqual(80), { timeout: 10_000 });
    await sleep(20);
    expect(closed).toEqual(Array.from({ length: 80 }, (_, i) => i));
  });

  it('are looked at when what came with their connection has been read: who has said it by then is not among them', async () => {
    const sockets = connect(3 * OWN_AT_MOST);
    await new Promise((resolve) => setImmediate(resolve));
    for (const socket of sockets) peers.delete(socket);
    await sleep(20);
    expect([closed, asked]).toEqual([[], 0]);
  });

  it('do not wait for that where very many come at once', async () => {
    connect(1900);
    expect(1900 - closed.length).toBeLessThanOrEqual(2 * (OWN_AT_MOST + 64));
    expect(closed.slice(0, 3)).toEqual([0, 1, 2]);
    expect(asked).toBeLessThan(20);
    await sleep(20);
    expect(1900 - closed.length).toBe(OWN_AT_MOST);
  });

  it('take no room from each other: strangers do not drive out the program’s own', async () => {
    connect(70);
    connect(200, STRANGERS);
    await sleep(20);
    expect(closed).toEqual(Array.from({ length: 136 }, (_, i) => STRANGERS + i));
  });

  it('are looked at once for all that come in one turn, and not as long as they are few', async () => {
    connect(64, STRANGERS);
    await sleep(20);
    expect([asked, closed]).toEqual([0, []]);
    connect(50, STRANGERS + 64);
    await sleep(20);
    expect([asked, closed.length]).toEqual([1, 50]);
  });

  it('are not waited for from twice on what may be there', () => {
    connect(2 * (OWN_AT_MOST + 64));
    expect(closed).toEqual([]);
    connect(1, STRANGERS);
    expect(closed).toHaveLength(2 * (OWN_AT_MOST + 64) - OWN_AT_MOST);
  });
});

describe('patience', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('is so many turns for each, from when it came', () => {
    const gaveUp: string[] = [];
    const peers = new UnknownPeers({ turns: 3, everyMs: 10 }, () => new Set());
    const add = (name: string): void => {
      const socket = { remotePort: 1 };
      peers.add(socket, (why) => {
        gaveUp.push(`${name} ${why}`);
        peers.delete(socket);
      });
    };
    add('first');
    vi.advanceTimersByTime(15);
    add('second');
    vi.advanceTimersByTime(15);
    expect(gaveUp).toEqual([]);
    vi.advanceTimersByTime(10);
    expect(gaveUp).toEqual(['first silent for 30 ms']);
    vi.advanceTimersByTime(10);
    expect(gaveUp).toEqual(['first silent for 30 ms', 'second silent for 30 ms']);
  });

  it('costs no turn when nobody is unknown any more', () => {
    const peers = new UnknownPeers({ turns: 3, everyMs: 10 }, () => new Set());
    const [one, two] = [{ remotePort: 1 }, { remotePort: 2 }];
    for (const socket of [one, two]) peers.add(socket, () => undefined);
    expect([peers.delete(one), peers.delete(one), vi.getTimerCount()]).toEqual([true, false, 1]);
    expect([peers.delete(two), vi.getTimerCount()]).toEqual([true, 0]);
    peers.add(one, () => undefined);
    expect(vi.getTimerCount()).toBe(1);
    peers.dispose();
    expect([vi.getTimerCount(), peers.delete(one)]).toEqual([0, false]);
  });
});
