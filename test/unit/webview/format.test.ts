import assert from 'node:assert/strict';
import { writeNumbersIn } from '../../../src/operations/numberFormats';
import {
  formatBytes,
  formatDuration,
  formatEta,
  formatMetric,
  formatPercent,
  formatSpeed,
  formatTime,
  wholePercent,
} from '../../../webview/shared/format';

describe('format', () => {
  it('shows sizes in steps of 1024, with one decimal from KB on', () => {
    assert.equal(formatBytes(0, 'en'), '0 B');
    assert.equal(formatBytes(1023, 'en'), '1,023 B');
    assert.equal(formatBytes(1024, 'en'), '1.0 KB');
    assert.equal(formatBytes(1.5 * 1024 ** 3, 'en'), '1.5 GB');
    assert.equal(formatBytes(5000 * 1024 ** 5, 'en'), '5,000.0 PB');
    assert.equal(formatBytes(1536, 'de'), '1,5 KB');
  });

  it('shows no negative size', () => {
    assert.equal(formatBytes(-5, 'en'), '0 B');
  });

  it('shows speed as size per second', () => {
    assert.equal(formatSpeed(2 * 1024 ** 2, 'en'), '2.0 MB/s');
  });

  it('rounds percent down, so that 100 % means done', () => {
    assert.equal(wholePercent(0.29), 29);
    assert.equal(wholePercent(0.999), 99);
    assert.equal(wholePercent(1), 100);
    assert.equal(wholePercent(7), 100);
    assert.equal(wholePercent(-1), 0);
    assert.equal(formatPercent(0.42, 'en'), '42%');
  });

  it("writes numbers as VS Code's language does, unless it is none", () => {
    try {
      writeNumbersIn('de');
      assert.equal(formatPercent(0.42), '42\u00a0%');
      assert.equal(formatMetric(1.5), '1,5');
      writeNumbersIn('en');
      assert.equal(formatPercent(0.42), '42%');
    } finally {
      writeNumbersIn('');
    }
    assert.equal(formatPercent(0.42), formatPercent(0.42, Intl.NumberFormat().resolvedOptions().locale));
  });

  it('shows durations in their two largest units, the smaller one padded', () => {
    assert.equal(formatDuration(-3), '0 s');
    assert.equal(formatDuration(59.9), '59 s');
    assert.equal(formatDuration(65), '1 min 05 s');
    assert.equal(formatDuration(3600), '1 h 00 min');
    assert.equal(formatDuration(86_399), '23 h 59 min');
    assert.equal(formatDuration(3 * 86_400 + 3 * 3600), '3 d 3 h');
  });

  it('estimates in words no more exact than the estimate', () => {
    assert.equal(formatEta(0), 'less than a minute left');
    assert.equal(formatEta(55), 'about 1 min left');
    assert.equal(formatEta(250), 'about 4 min left');
    assert.equal(formatEta(3600), 'about 1 h left');
    assert.equal(formatEta(3600 + 14 * 60), 'about 1 h 10 min left');
    assert.equal(formatEta(3600 + 57 * 60), 'about 2 h left');
    assert.equal(formatEta(20 * 3600), 'about 20 h left');
    assert.equal(formatEta(5 * 86_400), 'about 5 days left');
  });

  it('shows metrics with four significant digits, else compact or scientific', () => {
    assert.equal(formatMetric(0, 'en'), '0');
    assert.equal(formatMetric(0.342149, 'en'), '0.3421');
    assert.equal(formatMetric(-12.5, 'en'), '-12.5');
    assert.equal(formatMetric(123_456_789, 'en'), '123M');
    assert.equal(formatMetric(0.0001, 'en'), '1e-4');
    assert.equal(formatMetric(1e20, 'en'), '1e20');
  });

  it('shows the time of today without, of another day with its date', () => {
    const now = new Date(2026, 5, 3, 14, 2).getTime();
    assert.equal(formatTime(new Date(2026, 5, 3, 9, 5).toISOString(), now, 'de'), '9:05');
    assert.match(formatTime(new Date(2026, 5, 2, 9, 5).toISOString(), now, 'en-GB'), /^2 Jun.* 9:05$/u);
  });

  it('shows nothing for what is not a time', () => {
    assert.equal(formatTime('yesterday', Date.now()), '');
  });
});
