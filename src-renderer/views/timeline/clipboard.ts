import { useNotices } from '../../stores/notices.ts';

const SAID_MS = 1500;

/** To the clipboard; a refusal by the browser becomes a notice. */
export async function copyText(text: string): Promise<void> {
  await useNotices().attempt(() => navigator.clipboard.writeText(text));
}

/** Runs after a message such as "copied" has been shown long enough. */
export function later(run: () => void): void {
  setTimeout(run, SAID_MS);
}
