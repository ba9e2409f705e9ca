import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import ts from 'typescript';

const { outputText } = ts.transpileModule(readFileSync(join(import.meta.dirname, 'in-page.ts'), 'utf8'), {
  compilerOptions: { target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.ESNext },
});
const SOURCE = outputText.replaceAll(/^export /gm, '');
/** Frames in a row in which nothing has moved, after which the page counts as laid out. */
const CALM = 3;
const MOST_FRAMES = 40;

/** What is wrong with the layout of the page as it is, once it has come to rest. */
export async function layoutFaults(page: Page): Promise<string[]> {
  await page.evaluate(
    async ({ calm, most }) => {
      const picture = (): string =>
        [...document.querySelectorAll('body *')]
          .map((each) => Object.values(each.getBoundingClientRect().toJSON() as object).join())
          .join(';');
      let last = '';
      for (let still = 0, frame = 0; still < calm && frame < most; frame += 1) {
        await new Promise((resolve) => requestAnimationFrame(resolve));
        const now = picture();
        still = now === last ? still + 1 : 0;
        last = now;
      }
    },
    { calm: CALM, most: MOST_FRAMES },
  );
  return page.evaluate<string[]>(`(() => { ${SOURCE}; return faults(); })()`);
}
