import { visible } from '../../src-preload/contract/index.ts';
import type { ChartTheme } from './theme.ts';

/** What a picture that is saved says about itself; in the window that stands around it. */
export interface PictureFrame {
  title: string;
  subtitle: string;
  theme: ChartTheme;
}

interface Size {
  width: number;
  height: number;
}

interface Line {
  text: string;
  y: number;
  size: number;
  weight: number;
  fill: string;
}

export const PNG_SCALE = 2;
const MARGIN = 8;
const HEADER = 46;
/** Approximate width of a bold letter of the title's size: where nothing can be measured, text is cut by it. */
const LETTER = 7.6;

/**
 * Characters with a meaning in XML; those that it does not allow at all are replaced by visible text. Names come from the program and may
 * contain any character.
 */
export const escapeXml = (text: string): string => visible(text).replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);

const framed = ({ width, height }: Size): Size => ({ width: width + 2 * MARGIN, height: height + HEADER + MARGIN });

function lines({ width }: Size, { title, subtitle, theme }: PictureFrame): Line[] {
  const letters = Math.max(1, Math.floor(width / LETTER));
  const cut = (text: string): string => {
    const shown = visible(text);
    return shown.length > letters ? `${shown.slice(0, letters - 1)}…` : shown;
  };
  return [
    { text: cut(title), y: 18, size: 13, weight: 600, fill: theme.text },
    { text: cut(subtitle), y: 35, size: 11, weight: 400, fill: theme.textDim },
  ];
}

/** A document around an SVG element of this size. */
export function frameSvg(inner: string, size: Size, frame: PictureFrame): string {
  const { width, height } = framed(size);
  const { theme } = frame;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${escapeXml(theme.font)}">`,
    `<rect width="100%" height="100%" fill="${theme.background}"/>`,
    ...lines(size, frame).map(
      ({ text, y, size: font, weight, fill }) =>
        `<text x="${MARGIN}" y="${y}" font-size="${font}" font-weight="${weight}" fill="${fill}">${escapeXml(text)}</text>`,
    ),
    `<g transform="translate(${MARGIN} ${HEADER})">`,
    inner,
    '</g>',
    '</svg>',
  ].join('\n');
}

/** A picture around one of this size; `draw` paints it, in its own coordinates. */
export async function framePng(size: Size, frame: PictureFrame, draw: (pen: CanvasRenderingContext2D) => void): Promise<Blob> {
  const { width, height } = framed(size);
  const canvas = document.createElement('canvas');
  canvas.width = width * PNG_SCALE;
  canvas.height = height * PNG_SCALE;
  const pen = canvas.getContext('2d');
  if (pen === null) throw new Error('the browser has no canvas');
  pen.scale(PNG_SCALE, PNG_SCALE);
  pen.fillStyle = frame.theme.background;
  pen.fillRect(0, 0, width, height);
  for (const { text, y, size: font, weight, fill } of lines(size, frame)) {
    pen.font = `${weight} ${font}px ${frame.theme.font}`;
    pen.fillStyle = fill;
    pen.fillText(text, MARGIN, y);
  }
  pen.translate(MARGIN, HEADER);
  draw(pen);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (!blob) throw new Error('the browser made no picture');
  return blob;
}
