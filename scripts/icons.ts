/** Draws `resources/icons` again from `heapscope.svg`: `node scripts/icons.ts`. Uses the tests' browser. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { chromium } from '@playwright/test';
import { icnsFile, icoFile } from './lib/icon-files.ts';
import { inRoot } from './lib/paths.ts';
import { browserFlags, findBrowser, thisMachine } from './lib/test-browser.ts';

const SIZES = [16, 32, 48, 64, 128, 256, 512, 1024];

async function draw(): Promise<Map<number, Buffer>> {
  const machine = await thisMachine();
  const choice = findBrowser(machine);
  if (!choice.found) throw new Error(choice.why);
  const browser = await chromium.launch({ executablePath: choice.executable ?? undefined, args: browserFlags(machine.isRoot) });
  const svg = readFileSync(inRoot('resources', 'icons', 'heapscope.svg'), 'utf8');
  const drawn = new Map<number, Buffer>();
  for (const size of SIZES) {
    const page = await browser.newPage({ viewport: { width: size, height: size } });
    await page.setContent(`<style>body { margin: 0 } svg { display: block; width: 100vw; height: 100vh }</style>${svg}`);
    drawn.set(size, await page.screenshot({ omitBackground: true }));
    await page.close();
  }
  await browser.close();
  return drawn;
}

const drawn = await draw();
mkdirSync(inRoot('resources', 'icons', 'linux'), { recursive: true });
for (const size of SIZES.filter((each) => each <= 512)) {
  writeFileSync(inRoot('resources', 'icons', 'linux', `${size}x${size}.png`), drawn.get(size) ?? '');
}
writeFileSync(inRoot('resources', 'icons', 'heapscope.png'), drawn.get(512) ?? '');
writeFileSync(inRoot('resources', 'icons', 'heapscope.ico'), icoFile(drawn));
writeFileSync(inRoot('resources', 'icons', 'heapscope.icns'), icnsFile(drawn));
