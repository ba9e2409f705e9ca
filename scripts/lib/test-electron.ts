import { findDesktop, thisMachine } from '../../src-main/cli/desktop.ts';
import type { Desktop } from '../../src-main/cli/desktop.ts';
import { root } from './paths.ts';

/** Electron, as the app itself would find it; but a test may run it as root, without its sandbox. */
export function findElectron(): Desktop {
  return findDesktop(root, { ...thisMachine(), isRoot: false });
}
