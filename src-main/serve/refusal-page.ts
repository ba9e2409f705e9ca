import type { Refusal } from './access.ts';

const WHY: Readonly<Record<Refusal, [what: string, next: string]>> = {
  token: [
    'This page needs the address with its token.',
    'Open the whole address that Heapscope printed in its terminal, from http:// to the last character. A restarted Heapscope prints a new one.',
  ],
  host: [
    'This address is not one of Heapscope’s.',
    'Open it as 127.0.0.1 or localhost, with the port that Heapscope printed. When you forward the port over SSH, use the same number on both sides.',
  ],
  origin: ['Another site asked for this page.', 'Open the address that Heapscope printed in its terminal yourself.'],
};

/** The page for a visitor without access, in plain words. It contains nothing from the request. */
export function refusalPage(reason: Refusal): { body: Buffer; type: string; immutable: false } {
  const [what, next] = WHY[reason];
  const html = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="color-scheme" content="light dark">
<title>Heapscope: not allowed</title>
<body style="font: 14px system-ui; max-width: 36em; margin: 15vh auto; padding: 0 1em">
<h1 style="font-size: 18px">${what}</h1>
<p>${next}</p>
</body>
</html>
`;
  return { body: Buffer.from(html), type: 'text/html; charset=utf-8', immutable: false };
}
