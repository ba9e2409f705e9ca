import type { SessionRow } from '../../../src-preload/contract/index.ts';
import type { Column } from '../../components/table/columns.ts';
import { wordExit } from '../../format/exit.ts';
import { t } from '../../format/i18n.ts';
import { interpreterName, sessionName, shortCommand } from '../../format/program.ts';
import { duration, wallTime, wallTimeShort } from '../../format/time.ts';
import { bytes, bytesExact, count } from '../../format/units.ts';

/** The sessions table; recreated when the language changes. */
export function sessionColumns(now: number): Column<SessionRow>[] {
  return [...identity(), ...figures(now), note()];
}

const title = (
  id: 'name' | 'program' | 'interpreter' | 'start' | 'duration' | 'peak' | 'exit' | 'processes' | 'samples' | 'note',
): string => t(`sessions.columns.${id}`);

function identity(): Column<SessionRow>[] {
  return [
    { id: 'name', title: title('name'), kind: 'text', width: 150, value: sessionName, hover: sessionName },
    {
      id: 'program',
      title: title('program'),
      kind: 'text',
      width: 180,
      value: (row) => row.program,
      text: (row) => shortCommand(row.program),
      hover: (row) => row.program,
    },
    {
      id: 'interpreter',
      title: title('interpreter'),
      kind: 'text',
      width: 64,
      value: (row) => interpreterName(row.interpreter),
      hover: (row) => row.interpreter?.path ?? '',
    },
  ];
}

function figures(now: number): Column<SessionRow>[] {
  return [
    {
      id: 'start',
      title: title('start'),
      kind: 'time',
      width: 108,
      value: (row) => row.startedAt,
      text: (row) => wallTimeShort(row.startedAt, now),
      hover: (row) => wallTime(row.startedAt),
    },
    {
      id: 'duration',
      title: title('duration'),
      kind: 'ms',
      width: 88,
      value: (row) => row.duration,
      text: (row) => duration(row.duration, true),
      sum: (total) => duration(total),
    },
    {
      id: 'peak',
      title: title('peak'),
      kind: 'bytes',
      width: 84,
      value: (row) => row.peakRss,
      text: (row) => bytes(row.peakRss),
      hover: (row) => bytesExact(row.peakRss),
    },
    { id: 'exit', title: title('exit'), kind: 'text', width: 112, value: (row) => wordExit(row.state, row.exit).text },
    {
      id: 'processes',
      title: title('processes'),
      kind: 'count',
      width: 80,
      value: (row) => row.processes,
      text: (row) => count(row.processes),
    },
    {
      id: 'samples',
      title: title('samples'),
      kind: 'count',
      width: 76,
      value: (row) => row.samples,
      text: (row) => count(row.samples),
      sum: count,
    },
  ];
}

function note(): Column<SessionRow> {
  return {
    id: 'note',
    title: title('note'),
    kind: 'text',
    width: 140,
    value: (row) => row.note,
    text: (row) => row.note.replaceAll(/\s+/g, ' '),
    hover: (row) => row.note,
  };
}
