/**
 * The tests of a suite go on from each other: after one that failed, the rest is not run, and that is a failure too.
 * Mocha's own `bail` would also leave out all suites that follow.
 */
export function stepByStep(suite: Mocha.Suite): void {
  let failed: string | undefined;
  suite.beforeEach('goes on from the test before', () => {
    if (failed !== undefined) {
      throw new Error(`Not run, as "${failed}" failed.`);
    }
  });
  suite.afterEach(function () {
    if (this.currentTest?.state === 'failed') {
      failed ??= this.currentTest.title;
    }
  });
}
