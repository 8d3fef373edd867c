/** Calls back at each second while the page is seen and something ticks. */
export class Ticker {
  private timer: number | undefined;
  private wanted = false;

  constructor(private readonly tick: () => void) {
    document.addEventListener('visibilitychange', () => {
      this.apply();
      if (this.timer !== undefined) {
        this.tick();
      }
    });
  }

  want(wanted: boolean): void {
    this.wanted = wanted;
    this.apply();
  }

  private apply(): void {
    const runs = this.wanted && document.visibilityState === 'visible';
    if (runs && this.timer === undefined) {
      this.timer = window.setInterval(this.tick, 1000);
    } else if (!runs && this.timer !== undefined) {
      window.clearInterval(this.timer);
      this.timer = undefined;
    }
  }
}
