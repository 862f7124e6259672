import { useEffect, useState } from 'react';

const MINUTE_MS = 60_000;

/** How many midnights, in local time, are between two times. */
function daysBetween(earlier: Date, later: Date): number {
  const day = (date: Date) => Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
  return Math.round((day(later) - day(earlier)) / 86_400_000);
}

/** For a list row, under the heading of its day: `now`, `4 min`, then the time of day. */
export function listTime(time: Date, now: Date, locale?: string): string {
  const minutes = Math.floor((now.getTime() - time.getTime()) / MINUTE_MS);
  // The server's clock may be slightly ahead of ours.
  if (minutes < 1 && minutes > -5) return 'now';
  return minutes > 0 && minutes < 60 ? `${minutes} min` : clockTime(time, locale);
}

/** Heading of a day: `Today`, `Yesterday`, `Wednesday`, `12 November`. */
export function dayLabel(time: Date, now: Date, locale?: string): string {
  const days = daysBetween(time, now);
  if (days <= 0) return 'Today';
  if (days === 1) return 'Yesterday';
  if (days < 7) return time.toLocaleDateString(locale, { weekday: 'long' });
  const year = time.getFullYear() === now.getFullYear() ? {} : ({ year: 'numeric' } as const);
  return time.toLocaleDateString(locale, { day: 'numeric', month: 'long', ...year });
}

/** With date, seconds and zone, for tooltips and the message. */
export function exactTime(time: Date, locale?: string): string {
  return time.toLocaleString(locale, { dateStyle: 'medium', timeStyle: 'long' });
}

export function clockTime(time: Date, locale?: string): string {
  return time.toLocaleTimeString(locale, { hour: '2-digit', minute: '2-digit' });
}

/** The current time, updated often enough for relative times. */
export function useNow(everyMs = 20_000): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
