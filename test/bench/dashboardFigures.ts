import type { Browser } from 'playwright-core';
import { changesBetween } from '../../src/views/dashboard/changes';
import type { DashboardSnapshot, ToWebview } from '../../src/views/dashboard/protocol';
import { DashboardPage, snapshot } from '../e2e/dashboardHarness';
import { manyOperations, sampleHosts } from '../e2e/support/dashboardSamples';
import { startBrowser } from '../testbed/browser';
import { type Figure, median, ms, p95, timeEach } from './figures';

const changed = 50;
const runs = 15;
const paintTargetMs = 300;
const updateTargetMs = 16;
const largest = 10_000;
const sizes = [1000, largest];
/** The targets are for so many cards; of more it is told what they cost. */
const promised = 1000;
/** Every other second; the extension host has other work. */
const differenceTargetMs = 50;

/** The dashboard as it is packaged, in Chromium. */
export async function dashboardFigures(): Promise<Figure[]> {
  const browser = await startBrowser();
  try {
    const figures: Figure[] = [];
    for (const size of sizes) {
      figures.push(await firstPaint(browser, size), await update(browser, size));
    }
    return [...figures, await difference(largest)];
  } finally {
    await browser.close();
  }
}

/** From the start of the navigation, with the data at hand when the page says that it is ready. */
async function firstPaint(browser: Browser, size: number): Promise<Figure> {
  const message: ToWebview = { type: 'snapshot', sequence: 1, snapshot: shown(size) };
  const paints: number[] = [];
  const works: number[] = [];
  for (let run = 0; run < runs; run++) {
    const dashboard = await DashboardPage.open(browser, { width: 1600, height: 1000, answer: message });
    await dashboard.page.waitForFunction('window.painted > 0');
    paints.push(await dashboard.evaluate<number>('window.painted'));
    works.push(await dashboard.busyMs());
    await dashboard.page.close();
  }
  const measured = median(paints);
  return {
    work: `dashboard, ${size} cards: first paint with data`,
    measured: `${ms(measured)}, p95 ${ms(p95(paints))} (main thread ${ms(median(works))})`,
    ...target(size, paintTargetMs, measured),
  };
}

/** With a strip of hosts, which is open, above the cards. */
const shown = (size: number): DashboardSnapshot => snapshot(manyOperations(size), { hosts: sampleHosts() });

/** The main thread's time for a message: script, style and layout. */
async function update(browser: Browser, size: number): Promise<Figure> {
  const dashboard = await DashboardPage.open(browser, { width: 1600, height: 1000 });
  let last: DashboardSnapshot = shown(size);
  await dashboard.send(last);
  const times: number[] = [];
  for (let run = 0; run < runs; run++) {
    const next = withChanges(last, run);
    times.push(await dashboard.timeOf(next));
    last = next;
  }
  await dashboard.page.close();
  const measured = median(times);
  return {
    work: `dashboard, ${size} cards: an update in which ${changed} change`,
    measured: `${ms(measured)}, p95 ${ms(p95(times))}`,
    ...target(size, updateTargetMs, measured),
  };
}

const target = (size: number, mostMs: number, measured: number): Pick<Figure, 'target' | 'met'> =>
  size > promised ? { target: '' } : { target: ms(mostMs), met: measured <= mostMs };

/** What the extension host does for an update. */
async function difference(size: number): Promise<Figure> {
  const before = shown(size);
  const after = withChanges(before, 1);
  const times = await timeEach(runs, () => changesBetween(before, after));
  const share = JSON.stringify(changesBetween(before, after)).length / JSON.stringify(after).length;
  return {
    work: `dashboard, ${size} cards: finding what changed, on the host side`,
    measured: `${ms(median(times))}, sends ${(share * 100).toFixed(1)} % of a snapshot`,
    target: ms(differenceTargetMs),
    met: median(times) <= differenceTargetMs,
  };
}

/** Spread over all, those in sight included; and what each host does. */
function withChanges(before: DashboardSnapshot, run: number): DashboardSnapshot {
  const step = before.operations.length / changed;
  return {
    ...before,
    operations: before.operations.map((operation, at) =>
      at % step === 0
        ? { ...operation, progress: (run % 90) / 100, progressMessage: `step ${run}` }
        : { ...operation },
    ),
    hosts: before.hosts.map((host) =>
      host.health ? { ...host, health: { ...host.health, cpuPercent: run % 90 } } : host,
    ),
  };
}
