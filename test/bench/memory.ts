import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** @returns resident memory of a process, in octets */
export function residentMemory(pid: number): number {
  const kilobytes = process.platform === 'linux' ? fromProc(pid) : execFileSync('ps', ['-o', 'rss=', '-p', `${pid}`]);
  return Number(kilobytes) * 1024;
}

function fromProc(pid: number): string | undefined {
  return /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
}

/** @returns by how many octets the memory of a process was higher at times during the work than before it */
export async function memoryGrowth(pid: number, work: () => Promise<void>): Promise<number> {
  const before = residentMemory(pid);
  let peak = before;
  const sampling = setInterval(() => {
    peak = Math.max(peak, residentMemory(pid));
  }, 5);
  try {
    await work();
  } finally {
    clearInterval(sampling);
  }
  return Math.max(peak, residentMemory(pid)) - before;
}
