import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

// Linux tells all of this in files; elsewhere `ps` tells the most of it, to a hundredth of a second.

/** Resident memory now and at most since the start, in megabytes (10^6 bytes); undefined where nobody says. */
export function memoryOf(pid) {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    const read = (name) => (Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(status)?.[1]) * 1024) / 1e6;
    return { now: read("VmRSS"), peak: read("VmHWM") };
  } catch {
    const kilobytes = ps(pid, "rss=");
    return kilobytes === undefined ? undefined : { now: (Number(kilobytes) * 1024) / 1e6, peak: undefined };
  }
}

/** Seconds of CPU that a process has used; with `children` also those of its children, dead ones included. */
export function cpuSecondsOf(pid, { children = false } = {}) {
  try {
    const own = ticksOf(pid, children);
    if (!children) return own / 100;
    return childrenOf(pid).reduce((sum, child) => sum + ticksOf(child, false), own) / 100;
  } catch {
    if (children) return undefined;
    const match = /^(?:(\d+)-)?(?:(\d+):)?(\d+):([\d.]+)$/.exec(ps(pid, "time=") ?? "");
    if (!match) return undefined;
    const [, days = 0, hours = 0, minutes, seconds] = match;
    return Number(days) * 86_400 + Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds);
  }
}

/** User and system time in ticks, which are hundredths of a second on every Linux that Node runs on. */
function ticksOf(pid, withWaitedFor) {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [user, system, waitedUser, waitedSystem] = fields.slice(11, 15).map(Number);
  return user + system + (withWaitedFor ? waitedUser + waitedSystem : 0);
}

function childrenOf(pid) {
  return readdirSync("/proc").filter((entry) => {
    if (!/^\d+$/.test(entry)) return false;
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, "utf8");
      return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]) === pid;
    } catch {
      return false;
    }
  });
}

function ps(pid, column) {
  try {
    return execFileSync("ps", ["-o", column, "-p", String(pid)], { encoding: "utf8" }).trim() || undefined;
  } catch {
    return undefined;
  }
}
