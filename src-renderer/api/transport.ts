import type { Bridge, EngineEnd } from '../../src-preload/contract/index.ts';

/**
 * State of the connection to the engine. `connecting`: not connected yet. `lost`: was connected, reconnects. `ended`: the engine said that
 * it ends. `refused`: the token is missing or belongs to a server that has ended; only opening the address that Heapscope printed helps.
 */
export type ConnectionState = 'connecting' | 'connected' | 'lost' | 'ended' | 'refused';

/** A bridge whose connection may be lost and restored. */
export interface Transport extends Bridge {
  state(): ConnectionState;
  /** What the engine said when it ended; null where it has not. */
  goodbye(): EngineEnd | null;
  onConnection(listener: (state: ConnectionState) => void): () => void;
  /** Events may have been missed. */
  onResync(listener: () => void): () => void;
}

const nothing = (): void => undefined;

/** Electron's bridge: it lives as long as the window. */
export function electronTransport(bridge: Bridge): Transport {
  return {
    call: (id, method, args) => bridge.call(id, method, args),
    cancel: (id) => bridge.cancel(id),
    onProgress: (listener) => bridge.onProgress(listener),
    on: (event, listener) => bridge.on(event, listener),
    shell: bridge.shell,
    state: () => 'connected',
    goodbye: () => null,
    onConnection: () => nothing,
    onResync: () => nothing,
  };
}
