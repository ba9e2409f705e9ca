import { pictureSvg, picturePng } from '../../charts/export-picture.ts';
import type { PictureLegend, PictureMarker, PictureTrack } from '../../charts/export-picture.ts';
import { clock } from '../../charts/time-ticks.ts';
import { lineColor } from '../../charts/theme.ts';
import type { SnapshotMarker } from '../../components/timeline/shapes.ts';
import { laneName } from '../../components/timeline/words.ts';
import type { TimelinePicture } from '../../charts/timeline-option.ts';
import { t } from '../../format/i18n.ts';
import { wallTime } from '../../format/time.ts';
import { useSessions } from '../../stores/sessions.ts';
import { useTimeline } from '../../stores/timeline.ts';
import type { LanePicture } from './picture.ts';
import { legendOf, readingTime } from './readings.ts';

/** Saves all lanes as currently shown, with title, axis, snapshots and legend, in the current theme. */
export async function savePicture(
  picture: TimelinePicture,
  pictures: readonly LanePicture[],
  markers: readonly SnapshotMarker[],
  format: 'png' | 'svg',
): Promise<void> {
  const legend = { ...legendOfPicture(picture, pictures), tracks: [trackOf(markers)] };
  const blob = format === 'png' ? await picturePng(picture, legend) : new Blob([pictureSvg(picture, legend)], { type: 'image/svg+xml' });
  download(blob, `${fileName(legend.title)}.${format}`);
}

function legendOfPicture({ theme, view }: TimelinePicture, pictures: readonly LanePicture[]): Omit<PictureLegend, 'tracks'> {
  const session = useSessions().current;
  const time = readingTime();
  return {
    title: session?.name || session?.program || 'Heapscope',
    subtitle: `${clock(view.from, 100)} – ${clock(view.to, 100)}${session ? ` · ${wallTime(session.startedAt + view.from)}` : ''}`,
    lanes: pictures.map(({ lane }) => ({
      id: lane.spec.id,
      name: laneName(lane.spec),
      entries: legendOf(lane, time).map((entry) => {
        const line = lane.pick.lines.find((one) => String(one.info.id) === entry.key);
        return { ...entry, color: lineColor(theme, line?.ordinal ?? null, line?.style.generation) };
      }),
    })),
  };
}

function trackOf(snapshots: readonly SnapshotMarker[]): PictureTrack {
  const isLetter = (letter: string): boolean => letter.length === 1 && letter !== '▲';
  const markers = snapshots.map(({ t: time, name, letter }): PictureMarker => ({
    t: time,
    name: [isLetter(letter) ? letter : '', name].filter(Boolean).join(' '),
    kind: 'snapshot',
    chosen: letter !== '',
  }));
  return { name: t('heap.snapshots.title'), markers: markers.sort((a, b) => a.t - b.t) };
}

/** A file name that every file system accepts. */
const fileName = (title: string): string =>
  `${title.replace(/[^\p{L}\p{N}._-]+/gu, '-').slice(0, 60) || 'timeline'}-${Math.round(useTimeline().view.from)}`;

function download(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
