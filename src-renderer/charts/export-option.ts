import { visible } from '../../src-preload/contract/index.ts';
import { honestCanvas, init } from './echarts.ts';
import type { EChartsCoreOption } from './echarts.ts';

export interface ExportSize {
  width: number;
  height: number;
  background: string;
}

const PNG_SCALE = 2;

/** Any chart as an SVG document. */
export function optionSvg(option: EChartsCoreOption, { width, height, background }: ExportSize): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    chart.setOption({ ...option, backgroundColor: background });
    // Mark-up contains no such characters: any that occur are in the text of labels.
    return visible(chart.renderToSVGString());
  } finally {
    chart.dispose();
  }
}

/** The same as a PNG of twice the size. */
export async function optionPng(option: EChartsCoreOption, { width, height, background }: ExportSize): Promise<Blob> {
  const chart = init(honestCanvas(), null, { renderer: 'canvas', devicePixelRatio: PNG_SCALE, width, height });
  try {
    chart.setOption(option);
    return await canvasPng(chart.renderToCanvas({ pixelRatio: PNG_SCALE, backgroundColor: background }));
  } finally {
    chart.dispose();
  }
}

export async function canvasPng(canvas: HTMLCanvasElement): Promise<Blob> {
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (!blob) throw new Error('the browser made no picture');
  return blob;
}
