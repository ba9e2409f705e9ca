import { CustomChart, SunburstChart, TreemapChart } from 'echarts/charts';
import { GridComponent } from 'echarts/components';
import { graphic, init, setPlatformAPI, use } from 'echarts/core';
import type { ECharts, EChartsCoreOption } from 'echarts/core';
import { CanvasRenderer, SVGRenderer } from 'echarts/renderers';
import { visible } from '../../src-preload/contract/index.ts';
import type { Pen } from './strokes.ts';

export type { ECharts, EChartsCoreOption };
export { init };

use([CustomChart, SunburstChart, TreemapChart, GridComponent, CanvasRenderer, SVGRenderer]);

/** A canvas on which the text of programs and files is drawn literally: invisible and bidirectional characters appear as their code. */
export function honestCanvas(): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  const pen = canvas.getContext('2d');
  if (pen === null) return canvas;
  const [fill, stroke, measure] = [pen.fillText.bind(pen), pen.strokeText.bind(pen), pen.measureText.bind(pen)];
  pen.fillText = (text, ...where) => fill(visible(text), ...where);
  pen.strokeText = (text, ...where) => stroke(visible(text), ...where);
  pen.measureText = (text) => measure(visible(text));
  return canvas;
}

// Every canvas of every chart, and the one used for measuring: labels, legends and axes need no special handling.
setPlatformAPI({ createCanvas: honestCanvas });

/** A shape that consists of its paint function; ECharts knows it by this name. */
export const SKETCH = 'heapscope-sketch';

/** Wrapped, since the values of a shape are copied and a function (it has a length) is taken for an array. */
export interface Painter {
  paint: (pen: Pen) => void;
}

graphic.registerShape(
  SKETCH,
  graphic.extendShape({
    shape: { painter: { paint: () => undefined } },
    buildPath(pen: Pen, shape: { painter: Painter }) {
      shape.painter.paint(pen);
    },
  }),
);
