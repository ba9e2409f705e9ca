/** Rows of one request, and the rows that are fetched beyond the visible ones. */
export const PAGE_ROWS = 200;
/** 64 pages are 12,800 rows: some hundred screens back are available at once, with bounded memory. */
const MOST_PAGES = 64;
/** Requests under way at once. */
const MOST_REQUESTS = 2;
/** Delay between requests while the user jumps ahead, so that a dragged scrollbar does not request every page on its way. */
const SETTLE_MS = 60;

export interface PageCacheOptions<Row> {
  /** Rows from `from` on, at most `count`. */
  fetch: (from: number, count: number, signal: AbortSignal) => Promise<Row[]>;
  /** A page arrived. */
  changed: () => void;
  failed: (thrown: unknown) => void;
}

/**
 * Pages of one list that does not change: visible rows are fetched, requests for rows that scrolled away are cancelled, pages not used for
 * long are dropped. Another filter or sort is another list, with another cache.
 */
export class PageCache<Row> {
  readonly #options: PageCacheOptions<Row>;
  readonly #pages = new Map<number, readonly Row[]>();
  readonly #requests = new Map<number, AbortController>();
  #total = 0;
  #from = 0;
  #to = -1;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;

  constructor(options: PageCacheOptions<Row>) {
    this.#options = options;
  }

  /** The first page came with the answer that contained the number of rows. */
  begin(total: number, firstPage: readonly Row[]): void {
    this.#total = total;
    this.#pages.set(0, firstPage);
  }

  at(index: number): Row | undefined {
    return this.#pages.get(Math.floor(index / PAGE_ROWS))?.[index % PAGE_ROWS];
  }

  /** Index of the first loaded row that matches; -1: none. */
  find(fits: (row: Row) => boolean): number {
    for (const [page, rows] of this.#pages) {
      const at = rows.findIndex(fits);
      if (at >= 0) return page * PAGE_ROWS + at;
    }
    return -1;
  }

  prefetch(first: number, end: number): void {
    if (this.#stopped || this.#total === 0) return;
    const last = this.#total - 1;
    this.#from = Math.floor(Math.min(first, last) / PAGE_ROWS);
    this.#to = Math.floor(Math.min(Math.max(first, end - 1), last) / PAGE_ROWS);
    let jumped = false;
    for (const [page, request] of this.#requests) {
      if (page >= this.#from - 1 && page <= this.#to + 1) continue;
      request.abort();
      this.#requests.delete(page);
      jumped = true;
    }
    if (jumped) this.#timer ??= setTimeout(() => this.#settled(), SETTLE_MS);
    if (this.#timer === undefined) this.#fill();
  }

  /** Any rows: from loaded pages, and by separate requests for the others. */
  async rows(from: number, count: number, signal: AbortSignal): Promise<Row[]> {
    const end = Math.min(from + count, this.#total);
    const rows: Row[] = [];
    for (let index = from; index < end; index += 1) {
      const row = this.at(index);
      if (row === undefined) break;
      rows.push(row);
    }
    const missing = end - from - rows.length;
    return missing > 0 ? [...rows, ...(await this.#options.fetch(from + rows.length, missing, signal))] : rows;
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    for (const request of this.#requests.values()) request.abort();
    this.#requests.clear();
  }

  #settled(): void {
    this.#timer = undefined;
    this.#fill();
  }

  /** Visible rows first, then one page on either side, so that slow scrolling shows no placeholders. */
  #fill(): void {
    const last = Math.floor((this.#total - 1) / PAGE_ROWS);
    for (let page = this.#from; page <= this.#to; page += 1) this.#request(page);
    for (const page of [this.#to + 1, this.#from - 1]) if (page >= 0 && page <= last) this.#request(page);
  }

  #request(page: number): void {
    if (this.#pages.has(page) || this.#requests.has(page) || this.#requests.size >= MOST_REQUESTS) return;
    const request = new AbortController();
    this.#requests.set(page, request);
    const from = page * PAGE_ROWS;
    void this.#options.fetch(from, Math.min(PAGE_ROWS, this.#total - from), request.signal).then(
      (rows) => this.#answered(page, request, () => this.#keep(page, rows)),
      (thrown: unknown) => this.#answered(page, request, () => this.#options.failed(thrown)),
    );
  }

  /** The result of an abandoned request is dropped, be it rows or a failure. */
  #answered(page: number, request: AbortController, take: () => void): void {
    if (this.#stopped || this.#requests.get(page) !== request) return;
    this.#requests.delete(page);
    take();
  }

  #keep(page: number, rows: readonly Row[]): void {
    this.#pages.set(page, rows);
    if (this.#pages.size > MOST_PAGES) this.#pages.delete(this.#farthest());
    this.#options.changed();
    this.#fill();
  }

  #farthest(): number {
    const middle = (this.#from + this.#to) / 2;
    return [...this.#pages.keys()].reduce((far, page) => (Math.abs(page - middle) > Math.abs(far - middle) ? page : far));
  }
}
