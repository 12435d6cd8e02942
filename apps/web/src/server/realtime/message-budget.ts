export type BudgetLimits = { readonly perSecond: number; readonly burst: number };

/**
 * A token bucket: allows `burst` messages at once and `perSecond` in the long run.
 *
 * `take` answers how many more messages than allowed have come in a row, 0 for
 * one that is within the budget.
 */
export class MessageBudget {
  #tokens: number;
  #updatedAtMs: number;
  #excess = 0;

  constructor(
    private readonly limits: BudgetLimits,
    nowMs: number,
  ) {
    this.#tokens = limits.burst;
    this.#updatedAtMs = nowMs;
  }

  take(nowMs: number): number {
    // A clock that was set back earns nothing, and costs nothing.
    const passedMs = Math.max(0, nowMs - this.#updatedAtMs);
    const gained = (passedMs / 1000) * this.limits.perSecond;
    this.#tokens = Math.min(this.limits.burst, this.#tokens + gained);
    this.#updatedAtMs = nowMs;
    if (this.#tokens >= 1) {
      this.#tokens -= 1;
      this.#excess = 0;
      return 0;
    }
    this.#excess += 1;
    return this.#excess;
  }
}
