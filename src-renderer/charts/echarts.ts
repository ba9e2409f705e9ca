import { CustomChart, SunburstChart, TreemapChart } from 'echarts/charts';
import { GridComponent } from 'echarts/components';
import { graphic, init, use } from 'echarts/core';
import type { ECharts, EChartsCoreOption } from 'echarts/core';
import { CanvasRenderer, SVGRenderer } from 'echarts/renderers';
import type { Pen } from './strokes.ts';

export type { ECharts, EChartsCoreOption };
export { init };

use([CustomChart, SunburstChart, TreemapChart, GridComponent, CanvasRenderer, SVGRenderer]);

/** A shape that is what it paints; ECharts knows it by this name. */
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
