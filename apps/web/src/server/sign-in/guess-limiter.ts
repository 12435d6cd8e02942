import { addressBlock } from "./address-block.ts";
import { AttemptCounter } from "./attempt-counter.ts";

export type Guess = {
  readonly address: string;
  /** Whose secret it is, as far as the caller says; null when nobody's. */
  readonly account: string | null;
};

const MINUTE_MS = 60_000;
const ACCOUNT_WINDOW_MS = 15 * MINUTE_MS;

/**
 * Slows the guessing of secrets: so many attempts a minute from one address,
 * and as many failed ones in a quarter of an hour at one account, from
 * wherever they come. All doors that test a secret share one of these.
 */
export class GuessLimiter {
  readonly #byAddress: AttemptCounter;
  readonly #byAccount: AttemptCounter;

  constructor(
    attempts: number,
    private readonly now: () => number = Date.now,
  ) {
    this.#byAddress = new AttemptCounter({ max: attempts, windowMs: MINUTE_MS });
    this.#byAccount = new AttemptCounter({ max: attempts, windowMs: ACCOUNT_WINDOW_MS });
  }

  /** Milliseconds to wait, or 0 for an attempt that may be made and is counted. */
  take({ address, account }: Guess): number {
    const nowMs = this.now();
    const waitMs = this.#byAddress.take(addressBlock(address), nowMs);
    if (waitMs > 0 || account === null) return waitMs;
    return this.#byAccount.take(keyOf(account), nowMs);
  }

  /** Whoever knows the secret has not guessed. */
  succeeded({ account }: Guess): void {
    if (account !== null) this.#byAccount.giveBack(keyOf(account));
  }
}

/** One account however its address is written; long ones are no accounts. */
function keyOf(account: string): string {
  return account.trim().toLowerCase().slice(0, 320);
}
