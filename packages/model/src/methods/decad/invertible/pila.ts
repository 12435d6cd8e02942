import { add, exp, min, mul, sub, type Value, withGradient } from "../../../graph/index.ts";

/**
 * Pila, the activation of DecAD, without its k: ψ(p) = 2k φ(p/k), so φ(x) = ψ(kx) / 2k.
 *
 *   φ(x) = x                              for x ≥ 0
 *   φ(x) = (k²/2 x³ − k x² + x) e^{kx}    for x < 0
 *
 * With s = min(p, 0) both cases are ψ(p) = p (s² − 2s + 2) eˢ: no branch, and no 0 · ∞ where e^p
 * would overflow. φ is 1-Lipschitz and twice differentiable at 0. The factors k and 1/2k belong
 * into the matrices before and behind, since a solve spends most of its time here.
 */
export function pila(p: Value): Value {
  const s = min(p, 0);
  const factor = mul(add(mul(s, sub(s, 2)), 2), exp(s));
  return withGradient(mul(p, factor), [p], (dy) => [mul(dy, pilaSlope(p))]);
}

/** ψ'(p) = 2 φ'(p/k) = (2 − 2s + s² + s³) eˢ with s = min(p, 0), in [−0.696, 2]. */
export function pilaSlope(p: Value): Value {
  const s = min(p, 0);
  const cubic = add(mul(s, sub(mul(s, add(s, 1)), 2)), 2);
  return mul(cubic, exp(s));
}
