import { type RefObject, useEffect, useImperativeHandle, useMemo } from 'react';
import { formatRoute, messageRoute } from '../route.ts';
import type { Density } from '../setting.ts';
import { dayLabel, useNow } from '../widgets/time.ts';
import { dayStarts, HEADING_PX, layOut } from './days.ts';
import type { View } from './inbox.ts';
import { Row, rowId, SkeletonRow } from './Row.tsx';
import { useRowWindow } from './useRowWindow.ts';
import type { Visible } from './visible.ts';
import './list.css';
import './row.css';

export const ROW_HEIGHT: Readonly<Record<Density, number>> = { comfortable: 60, compact: 32 };

/** What the keys and the page can do with the list. */
export interface ListHandle {
  focus(): void;
  scrollTo(index: number): void;
  /** How many whole rows are in view. */
  readonly rows: number;
}

interface Props {
  readonly visible: Visible;
  readonly query: string;
  /** The rows still belong to an earlier query. */
  readonly busy: boolean;
  readonly density: Density;
  readonly selectedId: string | null;
  /** The row selected by keyboard. */
  readonly currentId: string | null;
  readonly onLook: (view: View) => void;
  readonly onOpen: (id: string) => void;
  readonly handle: RefObject<ListHandle | null>;
}

export function MessageList({ visible, query, busy, density, selectedId, currentId, onLook, onOpen, handle }: Props) {
  const rowHeight = ROW_HEIGHT[density];
  const now = useNow();
  // biome-ignore lint/correctness/useExhaustiveDependencies: at midnight the same rows get new days
  const starts = useMemo(() => dayStarts(visible), [visible, now.getDate()]);
  const layout = useMemo(() => layOut(visible.count, rowHeight, starts), [visible.count, rowHeight, starts]);
  const { scroller, view, rendered, atTop, onScroll, scrollTo } = useRowWindow({
    count: visible.count,
    rowHeight,
    layout,
    keyAt: visible.keyAt,
    indexOfKey: visible.indexOfKey,
    list: query,
  });

  const { first, last } = visible.inList(view);
  useEffect(() => onLook({ first, last }), [onLook, first, last]);
  const rowsInView = Math.max(1, view.last - view.first - 1);
  useImperativeHandle(handle, () => ({ focus: () => scroller.current?.focus(), scrollTo, rows: rowsInView }), [
    scroller,
    scrollTo,
    rowsInView,
  ]);

  const labelAt = (index: number) => {
    const message = visible.at(index);
    return message === undefined ? null : dayLabel(new Date(message.receivedAt), now);
  };

  const rows = [];
  for (let index = rendered.first; index <= rendered.last && index < visible.count; index++) {
    const message = visible.at(index);
    const top = layout.topOf(index);
    if (starts.includes(index)) {
      rows.push(
        <div
          key={`day-${visible.keyAt(index)}`}
          className="day"
          aria-hidden
          style={{ transform: `translateY(${top - HEADING_PX}px)` }}
        >
          {labelAt(index)}
        </div>,
      );
    }
    rows.push(
      message ? (
        <Row
          key={message.id}
          message={message}
          href={formatRoute(messageRoute(message.id, query))}
          index={index}
          count={visible.count}
          top={top}
          selected={message.id === selectedId}
          current={message.id === currentId}
          minute={Math.floor(now.getTime() / 60_000) * 60_000}
          onOpen={onOpen}
        />
      ) : (
        <SkeletonRow key={`skeleton-${index}`} index={index} top={top} />
      ),
    );
  }

  const currentIndex = currentId === null ? null : visible.indexOf(currentId);
  const currentShown = currentIndex !== null && currentIndex >= rendered.first && currentIndex <= rendered.last;
  return (
    <div
      ref={scroller}
      className={`list ${density}${atTop ? ' at-top' : ''}`}
      role="listbox"
      aria-label="Mails, newest first"
      aria-busy={busy}
      aria-activedescendant={currentShown && currentId !== null ? rowId(currentId) : undefined}
      tabIndex={0}
      onScroll={onScroll}
    >
      {visible.count > 0 && (
        <div className="day now" aria-hidden>
          {labelAt(view.first)}
        </div>
      )}
      <div className="list-space" role="presentation" style={{ height: layout.height }}>
        {rows}
      </div>
    </div>
  );
}
