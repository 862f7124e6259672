import { useEffect, useMemo, useRef, useState } from 'react';
import type { Api, Message } from '../../../client/index.ts';
import { useSetting } from '../setting.ts';
import { hasRemoteContent } from './parts.ts';
import './html.css';

/** In CSS pixels; null for the available width. */
const WIDTHS = {
  fit: { label: 'Fit', title: 'As wide as the pane', pixels: null },
  phone: { label: 'Phone', title: '375 pixels wide', pixels: 375 },
  tablet: { label: 'Tablet', title: '768 pixels wide', pixels: 768 },
  desktop: { label: 'Desktop', title: '1280 pixels wide', pixels: 1280 },
} as const;
type Width = keyof typeof WIDTHS;
const NAMES = ['fit', 'phone', 'tablet', 'desktop'] as const satisfies readonly Width[];

/**
 * The mail's HTML in a frame that can't run scripts or reach the network: both the sandbox here and the server's policy
 * prevent it. It stays light in the dark theme, since the mail's own colours assume that.
 */
export function HtmlView({ api, message }: { readonly api: Api; readonly message: Message }) {
  const [width, setWidth] = useSetting<Width>('width', NAMES);
  const [remote, setRemote] = useState(false);
  const points = useMemo(() => hasRemoteContent(message.html ?? ''), [message.html]);
  const stage = useRef<HTMLDivElement>(null);
  const room = useSize(stage);
  const { pixels } = WIDTHS[width];
  // A page wider than the pane is scaled down, not cut off, so that it looks as on a wide screen.
  const scale = pixels !== null && room && pixels > room.width ? room.width / pixels : 1;

  return (
    <div className="html">
      <div className="html-bar">
        <fieldset>
          <legend className="visually-hidden">Width of the mail</legend>
          {NAMES.map((name) => (
            <button
              key={name}
              type="button"
              title={WIDTHS[name].title}
              aria-pressed={name === width}
              onClick={() => setWidth(name)}
            >
              {WIDTHS[name].label}
            </button>
          ))}
        </fieldset>
        {scale < 1 && <span className="html-scale">{Math.round(scale * 100)} %</span>}
        <span className="html-remote">
          {points && !remote && (
            <>
              <span>Remote images are not loaded</span>
              <button type="button" className="link-button" onClick={() => setRemote(true)}>
                Load them
              </button>
            </>
          )}
          {points && remote && <span>Remote images are loaded</span>}
        </span>
      </div>
      <div className={`html-stage ${width}`} ref={stage}>
        <iframe
          key={`${message.id} ${remote}`}
          title="The mail as its recipient sees it"
          src={api.htmlUrl(message.id, { remote })}
          sandbox="allow-popups allow-popups-to-escape-sandbox"
          referrerPolicy="no-referrer"
          style={
            pixels === null || room === null
              ? undefined
              : {
                  width: pixels,
                  height: room.height / scale,
                  transform: scale < 1 ? `scale(${scale})` : undefined,
                }
          }
        />
      </div>
    </div>
  );
}

function useSize(ref: React.RefObject<HTMLElement | null>): { width: number; height: number } | null {
  const [size, setSize] = useState<{ width: number; height: number } | null>(null);
  useEffect(() => {
    if (!ref.current) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setSize({ width: entry.contentRect.width, height: entry.contentRect.height });
    });
    observer.observe(ref.current);
    return () => observer.disconnect();
  }, [ref]);
  return size;
}
