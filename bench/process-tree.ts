/** Memory of a process with all its descendants, sampled from /proc (Linux). */
import { readdirSync, readFileSync } from 'node:fs';

export interface TreeMemory {
  /** Largest sum of resident memory, shared pages counted once by their share (Pss), in bytes. */
  readonly peakBytes: number;
}

/** Samples until `stop` is called. */
export function watchTree(pid: number, everyMs = 200): { stop(): TreeMemory } {
  let peakBytes = 0;
  const sample = () => {
    peakBytes = Math.max(peakBytes, treeBytes(pid));
  };
  const timer = setInterval(sample, everyMs);
  return {
    stop: () => {
      sample();
      clearInterval(timer);
      return { peakBytes };
    },
  };
}

/** Proportional resident memory of a process and its descendants now, in bytes. */
export function treeBytes(root: number): number {
  const parents = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    const parent = parentOf(pid);
    if (parent !== undefined) parents.set(parent, [...(parents.get(parent) ?? []), pid]);
  }
  let sum = 0;
  const open = [root];
  for (let pid = open.pop(); pid !== undefined; pid = open.pop()) {
    sum += pssBytes(pid);
    open.push(...(parents.get(pid) ?? []));
  }
  return sum;
}

function parentOf(pid: number): number | undefined {
  try {
    // The name in parentheses may hold blanks: the parent is the second field behind it.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return undefined;
  }
}

function pssBytes(pid: number): number {
  try {
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    return Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}
