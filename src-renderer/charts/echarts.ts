import { CustomChart } from 'echarts/charts';
import { GridComponent } from 'echarts/components';
import { graphic, init, use } from 'echarts/core';
import type { ECharts, EChartsCoreOption } from 'echarts/core';
import { CanvasRenderer, SVGRenderer } from 'echarts/renderers';
import type { Pen } from './strokes.ts';

export type { ECharts, EChartsCoreOption };
export { init };

use([CustomChart, GridComponent, CanvasRenderer, SVGRenderer]);

/** A shape that is what it paints; ECharts knows it by this name. */
export const SKETCH = 'heapscope-sketch';

graphic.registerShape(
  SKETCH,
  graphic.extendShape({
    shape: { paint: () => undefined },
    buildPath(pen: Pen, shape: { paint: (pen: Pen) => void }) {
      shape.paint(pen);
    },
  }),
);
