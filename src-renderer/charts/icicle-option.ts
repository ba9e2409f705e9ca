import type { Bytes, IcicleCell, NodeId } from '../../src-preload/contract/index.ts';
import type { BuiltOption } from './area-options.ts';
import type { ChartTheme } from './theme.ts';

export interface IciclePicture {
  cells: readonly IcicleCell[];
  /** The retained size of the top: the whole width. */
  total: Bytes;
  chosen: NodeId | null;
  width: number;
  theme: ChartTheme;
  /** Two lines of a cell. */
  nameOf: (cell: IcicleCell) => string;
  sizeOf: (cell: IcicleCell) => string;
}

const ICICLE_ROW = 34;
/** Narrower cells have no text. */
const LEAST_TEXT = 26;
const PADDING = 4;
/** Approximate width of a letter of the text: a figure that would be cut is left out. */
const LETTER = 6.4;

interface ItemApi {
  value(dimension: number): number;
  coord(at: [number, number]): [number, number];
}

export function icicleHeight(cells: readonly IcicleCell[]): number {
  return (Math.max(0, ...cells.map(({ depth }) => depth)) + 1) * ICICLE_ROW;
}

/** Each object is a rectangle as wide as its retained size, below its dominator. */
export function icicleOption(picture: IciclePicture): BuiltOption {
  const { cells, total, width, theme } = picture;
  const height = icicleHeight(cells);
  return {
    structure: `icicle ${width}x${height}`,
    option: {
      animation: false,
      backgroundColor: 'transparent',
      grid: { left: 0, right: 0, top: 0, bottom: 0, outerBoundsMode: 'none' },
      xAxis: { type: 'value', show: false, min: 0, max: Math.max(1, total) },
      yAxis: { type: 'value', show: false, min: 0, max: Math.max(1, height / ICICLE_ROW), inverse: true },
      series: [
        {
          type: 'custom',
          clip: true,
          encode: { x: [0, 1], y: 2 },
          dimensions: ['from', 'to', 'depth'],
          data: cells.map((cell) => ({ id: cell.node, name: cell.label, value: [cell.offset, cell.offset + cell.retained, cell.depth] })),
          renderItem: ({ dataIndex }: { dataIndex: number }, api: ItemApi) => {
            const cell = cells[dataIndex];
            return cell && cellElement(cell, api, picture, theme);
          },
        },
      ],
    },
  };
}

function cellElement(cell: IcicleCell, api: ItemApi, { chosen, nameOf, sizeOf }: IciclePicture, theme: ChartTheme): object {
  const [left, top] = api.coord([api.value(0), api.value(2)]);
  const [right] = api.coord([api.value(1), api.value(2)]);
  const width = Math.max(0.5, right - left - 1);
  const isChosen = cell.node === chosen;
  const fill = isChosen ? theme.selected : theme.areas[cell.depth % 2 === 0 ? 0 : 1];
  const rect = {
    type: 'rect',
    shape: { x: left, y: top, width, height: ICICLE_ROW - 1 },
    style: { fill, stroke: isChosen ? theme.accent : undefined, lineWidth: isChosen ? 2 : 0 },
    emphasis: { style: { fill: theme.areas[2] } },
  };
  if (width < LEAST_TEXT) return { type: 'group', children: [rect] };
  const line = (text: string, y: number, color: string): object => ({
    type: 'text',
    silent: true,
    style: {
      text,
      x: left + PADDING,
      y: top + y,
      fill: color,
      fontSize: 11,
      fontFamily: theme.font,
      width: width - 2 * PADDING,
      overflow: 'truncate',
      ellipsis: '…',
    },
  });
  const size = sizeOf(cell);
  const isWhole = size.length * LETTER <= width - 2 * PADDING;
  return { type: 'group', children: [rect, line(nameOf(cell), 4, theme.text), ...(isWhole ? [line(size, 18, theme.textDim)] : [])] };
}
