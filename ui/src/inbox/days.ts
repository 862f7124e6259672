import type { Visible } from './visible.ts';

export const HEADING_PX = 26;

/**
 * The first row of each day, in order; each gets a heading. A row gets none while it or the row before it isn't loaded.
 */
export function dayStarts({ loaded }: Visible): readonly number[] {
  const days = new Map<number, number>();
  for (const [index, { receivedAt }] of loaded()) days.set(index, new Date(receivedAt).setHours(0, 0, 0, 0));
  const starts = [...days].filter(([index, day]) => {
    const before = days.get(index - 1);
    return index === 0 || (before !== undefined && before !== day);
  });
  return starts.map(([index]) => index).sort((a, b) => a - b);
}

/** The position of each row. All rows have the same height, so a lookup takes time per day, not per row. */
export interface Layout {
  readonly height: number;
  /** Top of a row, below its heading. */
  readonly topOf: (index: number) => number;
  /** The row at this height, or the row whose heading is there. */
  readonly indexAt: (y: number) => number;
}

export function layOut(count: number, rowHeight: number, starts: readonly number[]): Layout {
  const headingsTo = (index: number) => {
    const after = starts.findIndex((start) => start > index);
    return after === -1 ? starts.length : after;
  };
  return {
    height: count * rowHeight + starts.length * HEADING_PX,
    topOf: (index) => index * rowHeight + headingsTo(index) * HEADING_PX,
    indexAt: (y) => {
      // A heading is below all earlier rows and headings.
      const above = starts.findIndex((start, i) => start * rowHeight + i * HEADING_PX > y);
      const headings = above === -1 ? starts.length : above;
      const index = Math.floor((y - headings * HEADING_PX) / rowHeight);
      return Math.max(0, starts[headings - 1] ?? 0, index);
    },
  };
}
