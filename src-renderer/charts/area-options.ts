import type { EChartsCoreOption } from './echarts.ts';
import type { ChartTheme } from './theme.ts';

/** One row of a table as an area: a type, say. Areas of one `group` (its module) are adjacent. */
export interface Area {
  /** null: it represents rows that are too small, and cannot be chosen. */
  id: number | null;
  name: string;
  value: number;
  /** The formatted value. */
  figure: string;
  group: string;
}

export interface AreaPicture {
  areas: readonly Area[];
  /** Name of areas without a group. */
  noGroup: string;
  chosen: number | null;
  theme: ChartTheme;
  /** Of the whole picture, in pixels. */
  size: { width: number; height: number };
}

/** Approximate width of a letter of a label, and what is beside it. */
const LETTER = 6.8;
const PADDING = 6;
/** Rectangles are rarely longer than this many times their width: where the figure might be cut, there is none. */
const LONGEST = 6;

/** An option, and the structure whose change requires a rebuild. */
export interface BuiltOption {
  option: EChartsCoreOption;
  structure: string;
}

interface Leaf {
  id: number | null;
  name: string;
  value: number;
  figure: string;
  itemStyle: object;
  label?: object;
}

interface Branch {
  name: string;
  value: number;
  children: Leaf[];
  itemStyle?: object;
}

/** Largest first, both groups and their areas. */
function branches({ areas, noGroup, chosen, theme }: AreaPicture): Branch[] {
  const byGroup = new Map<string, Branch>();
  for (const { id, name, value, figure, group } of areas) {
    if (value <= 0) continue;
    const branch = byGroup.get(group) ?? { name: group || noGroup, value: 0, children: [] };
    branch.value += value;
    branch.children.push({ id, name, value, figure, itemStyle: id !== null && id === chosen ? chosenStyle(theme) : {} });
    byGroup.set(group, branch);
  }
  return [...byGroup.values()].sort((a, b) => b.value - a.value);
}

const chosenStyle = (theme: ChartTheme): object => ({ color: theme.selected, borderColor: theme.accent, borderWidth: 2 });

/** Rectangles, in a frame for each group. */
export function treemapOption(picture: AreaPicture): BuiltOption {
  const { theme } = picture;
  const data = branches(picture);
  const flat = data.length === 1;
  const total = data.reduce((sum, { value }) => sum + value, 0);
  const area = picture.size.width * picture.size.height;
  const isWhole = ({ value, figure }: Leaf): boolean => Math.sqrt(((value / total) * area) / LONGEST) >= figure.length * LETTER + PADDING;
  const formatter = ({ name, data }: { name: string; data?: Leaf | Branch }): string =>
    data !== undefined && 'figure' in data && isWhole(data) ? `${name}\n${data.figure}` : name;
  const label = {
    show: true,
    formatter,
    lineHeight: 14,
    color: theme.text,
    fontSize: 11,
    fontFamily: theme.font,
    overflow: 'truncate',
    position: 'insideTopLeft',
    padding: [1, 2],
    textBorderWidth: 0,
  };
  const leaf = { itemStyle: { color: theme.areas[1], borderColor: theme.background, borderWidth: 1, gapWidth: 0 }, label };
  const group = {
    itemStyle: { color: theme.areas[0], borderColor: theme.areas[0], borderWidth: 1, gapWidth: 2 },
    upperLabel: {
      show: true,
      height: 17,
      color: theme.textDim,
      fontSize: 11,
      fontFamily: theme.font,
      overflow: 'truncate',
      textBorderWidth: 0,
    },
  };
  const root = { itemStyle: { borderWidth: 0, gapWidth: 3, borderColor: theme.background } };
  return {
    structure: `treemap ${flat}`,
    option: {
      animation: false,
      backgroundColor: 'transparent',
      series: [
        {
          type: 'treemap',
          left: 0,
          right: 0,
          top: 0,
          bottom: 0,
          roam: false,
          nodeClick: false,
          breadcrumb: { show: false },
          visibleMin: 20,
          childrenVisibleMin: 60,
          emphasis: { itemStyle: { color: theme.areas[2] }, label: { color: theme.text } },
          levels: flat ? [root, leaf] : [root, group, leaf],
          data: flat ? data[0]?.children : data,
        },
      ],
    },
  };
}

/** Rings: groups inside, their areas outside. */
export function sunburstOption(picture: AreaPicture): BuiltOption {
  const { theme } = picture;
  const label = { color: theme.text, fontSize: 11, fontFamily: theme.font, overflow: 'truncate', textBorderWidth: 0 };
  const ring = (r0: string, r: string, shade: 0 | 1, width: number, minAngle: number): object => ({
    r0,
    r,
    itemStyle: { color: theme.areas[shade], borderColor: theme.background, borderWidth: 1 },
    label: { ...label, rotate: 'radial', width, minAngle },
  });
  return {
    structure: 'sunburst',
    option: {
      animation: false,
      backgroundColor: 'transparent',
      series: [
        {
          type: 'sunburst',
          radius: ['14%', '98%'],
          nodeClick: false,
          sort: 'desc',
          emphasis: { focus: 'none', itemStyle: { color: theme.areas[2] } },
          levels: [{}, ring('14%', '48%', 0, 76, 9), ring('48%', '98%', 1, 118, 4)],
          data: branches(picture),
        },
      ],
    },
  };
}
