import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

export interface Bounds {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface WindowState {
  /** null: the platform's choice. */
  bounds: Bounds | null;
  maximized: boolean;
  fullScreen: boolean;
}

export const SMALLEST = { width: 800, height: 500 };
const DEFAULT: WindowState = { bounds: null, maximized: false, fullScreen: false };
/** This much of the title bar must be on a display, so that it can be dragged. */
const GRASP = { width: 120, height: 32 };

/** The state to open with: bounds only if they are visible on one of the displays that are connected now. */
export function usableState(saved: unknown, workAreas: readonly Bounds[]): WindowState {
  if (!isState(saved)) return DEFAULT;
  const area = saved.bounds === null ? undefined : workAreas.find((each) => canGrasp(saved.bounds ?? each, each));
  return { ...saved, bounds: saved.bounds === null || area === undefined ? null : fit(saved.bounds, area) };
}

/** Not larger than the display, not smaller than is usable. */
function fit(bounds: Bounds, area: Bounds): Bounds {
  return {
    ...bounds,
    width: Math.max(SMALLEST.width, Math.min(bounds.width, area.width)),
    height: Math.max(SMALLEST.height, Math.min(bounds.height, area.height)),
  };
}

function canGrasp(bounds: Bounds, area: Bounds): boolean {
  const width = Math.min(bounds.x + bounds.width, area.x + area.width) - Math.max(bounds.x, area.x);
  const top = bounds.y >= area.y && bounds.y + GRASP.height <= area.y + area.height;
  return width >= GRASP.width && top;
}

function isState(saved: unknown): saved is WindowState {
  if (typeof saved !== 'object' || saved === null) return false;
  const { bounds, maximized, fullScreen } = saved as Partial<Record<keyof WindowState, unknown>>;
  return typeof maximized === 'boolean' && typeof fullScreen === 'boolean' && (bounds === null || isBounds(bounds));
}

function isBounds(value: unknown): value is Bounds {
  if (typeof value !== 'object' || value === null) return false;
  const { x, y, width, height } = value as Partial<Record<keyof Bounds, unknown>>;
  return [x, y, width, height].every((part) => Number.isInteger(part) && Math.abs(part as number) < 100_000);
}

/** null if there is none, or it cannot be read. */
export function readWindowState(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}

/** Replaced atomically, so that a crash leaves the old or the new one. */
export function writeWindowState(path: string, state: WindowState): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(`${path}.new`, JSON.stringify(state));
  renameSync(`${path}.new`, path);
}
