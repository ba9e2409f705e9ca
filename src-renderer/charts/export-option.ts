import { visible } from '../../src-preload/contract/index.ts';
import { honestCanvas, init } from './echarts.ts';
import type { EChartsCoreOption } from './echarts.ts';
import { framePng, frameSvg, PNG_SCALE } from './picture-frame.ts';
import type { PictureFrame } from './picture-frame.ts';

export interface ExportSize {
  width: number;
  height: number;
}

/** Any chart as an SVG document, with its title. */
export function optionSvg(option: EChartsCoreOption, size: ExportSize, frame: PictureFrame): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, ...size });
  try {
    chart.setOption({ ...option, backgroundColor: frame.theme.background });
    // Mark-up contains no such characters: any that occur are in the text of labels.
    return frameSvg(visible(chart.renderToSVGString()), size, frame);
  } finally {
    chart.dispose();
  }
}

/** The same as a PNG of twice the size. */
export async function optionPng(option: EChartsCoreOption, size: ExportSize, frame: PictureFrame): Promise<Blob> {
  const chart = init(honestCanvas(), null, { renderer: 'canvas', devicePixelRatio: PNG_SCALE, ...size });
  try {
    chart.setOption(option);
    const drawn = chart.renderToCanvas({ pixelRatio: PNG_SCALE, backgroundColor: frame.theme.background });
    return await framePng(size, frame, (pen) => pen.drawImage(drawn, 0, 0, size.width, size.height));
  } finally {
    chart.dispose();
  }
}
