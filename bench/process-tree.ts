/** Memory and processor time of a process with all its descendants, from /proc (Linux). */
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
  return treeOf(root).reduce((sum, pid) => sum + pssBytes(pid), 0);
}

/** Processor seconds of a process and its descendants so far; of those that have ended, what their parents waited for. */
export function treeProcessorSeconds(root: number): number {
  return treeOf(root).reduce((sum, pid) => sum + processorSeconds(pid), 0);
}

function treeOf(root: number): number[] {
  const parents = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    const parent = parentOf(pid);
    if (parent !== undefined) parents.set(parent, [...(parents.get(parent) ?? []), pid]);
  }
  const tree: number[] = [];
  const open = [root];
  for (let pid = open.pop(); pid !== undefined; pid = open.pop()) {
    tree.push(pid);
    open.push(...(parents.get(pid) ?? []));
  }
  return tree;
}

/** User and system time with that of children waited for: fields 14 to 17 of /proc/[pid]/stat, in hundredths of a second. */
function processorSeconds(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / 100;
  } catch {
    return 0;
  }
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
