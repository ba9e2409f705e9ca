import type { AgentConnection } from '../agent-link/agent-connection.ts';
import { Kind, type AgentMessage } from '../agent-link/messages.ts';
import type { AllocationStore, AllocationTrack } from '../project/index.ts';
import type { SessionHost, SessionPart, SessionProcess } from '../recording/session-part.ts';

/** Between two notices that there are new figures. */
const TELL_EVERY = 1000;

/** Records the sampled allocations that agents send: a track for each connection, since nodes are numbered from 0 in each. */
export class AllocationRecorder implements SessionPart {
  readonly name = 'sampled allocations';
  readonly #host: SessionHost;
  readonly #store: Pick<AllocationStore, 'begin'>;
  readonly #tell: () => void;
  readonly #tracks = new Map<AgentConnection, AllocationTrack>();
  #toldAt = -Infinity;
  #timer: NodeJS.Timeout | null = null;

  /** `tell`: there are new figures. */
  constructor(host: SessionHost, o: { store: Pick<AllocationStore, 'begin'>; tell: () => void }) {
    this.#host = host;
    this.#store = o.store;
    this.#tell = o.tell;
  }

  onMessage(process: SessionProcess, connection: AgentConnection, message: AgentMessage): void {
    if (message.kind !== Kind.allocations) return;
    const { t, strings, nodes, made, freed, state, why, mean, live, merged } = message.body;
    const at = (seconds: number): number => this.#host.sessionTime(connection.toEngineTime(seconds));
    const track = this.#tracks.get(connection) ?? this.#store.begin(this.#host.session, process.row.id, at(connection.hello.t));
    this.#tracks.set(connection, track);
    track.append({ t: at(t), strings, nodes, made, freed }, { state, why, mean, live, merged });
    this.#changed();
  }

  left(_process: SessionProcess, connection: AgentConnection): void {
    this.#tracks.delete(connection);
  }

  end(): void {
    if (this.#timer === null) return;
    clearTimeout(this.#timer);
    this.#tell();
  }

  #changed(): void {
    if (this.#timer !== null) return;
    const wait = this.#toldAt + TELL_EVERY - this.#host.now();
    if (wait <= 0) return this.#tellNow();
    this.#timer = setTimeout(() => this.#tellNow(), wait);
    this.#timer.unref();
  }

  #tellNow(): void {
    this.#timer = null;
    this.#toldAt = this.#host.now();
    this.#tell();
  }
}
