/** A sleep that can be cut short, also before it began: a wake-up between two sleeps is not lost. */
export class Wakeable {
  private woken = false;
  private wakeUp: (() => void) | undefined;

  wake(): void {
    this.woken = true;
    this.wakeUp?.();
  }

  /** @param ms the longest time; until {@link wake} when undefined */
  async sleep(ms: number | undefined): Promise<void> {
    if (!this.woken) {
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        this.wakeUp = resolve;
        if (ms !== undefined) timer = setTimeout(resolve, ms).unref();
      });
      clearTimeout(timer);
    }
    this.wakeUp = undefined;
    this.woken = false;
  }
}
