import type { Visible } from './visible.ts';

export const HEADING_PX = 26;

/**
 * The rows over which a day begins, in order: each gets a heading. As far as it is known, that is: where a row or
 * the one before it isn't loaded, nobody can tell.
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

/** Where each row stands. All have one height, so nothing is measured and a place costs the days, not the rows. */
export interface Layout {
  readonly height: number;
  /** Top of a row, below its heading. */
  readonly topOf: (index: number) => number;
  /** The row that stands at this height, or whose heading does. */
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
      // A heading stands below the rows before its own and below the headings before it.
      const above = starts.findIndex((start, i) => start * rowHeight + i * HEADING_PX > y);
      const headings = above === -1 ? starts.length : above;
      const index = Math.floor((y - headings * HEADING_PX) / rowHeight);
      return Math.max(0, starts[headings - 1] ?? 0, index);
    },
  };
}
