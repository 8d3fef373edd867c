import type { Workbench } from './workbench';

/**
 * The tests of a suite go on from each other: after one that failed, of whose windows a picture is taken, the rest is not
 * run, and that is a failure too. Mocha's own `bail` would also leave out all suites that follow.
 */
export function stepByStep(suite: Mocha.Suite, windows: () => readonly Workbench[]): void {
  let failed: string | undefined;
  suite.beforeEach('goes on from the test before', () => {
    if (failed !== undefined) {
      throw new Error(`Not run, as "${failed}" failed.`);
    }
  });
  suite.afterEach(async function () {
    if (this.currentTest?.state === 'failed') {
      const { title } = this.currentTest;
      failed ??= title;
      const name = `failed-${title.replaceAll(/\W+/g, '-').slice(0, 60)}`;
      for (const [index, window] of windows().entries()) {
        await window.screenshot(index === 0 ? name : `${name}-${index + 1}`);
      }
    }
  });
}
