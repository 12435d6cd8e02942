/** Layers named by a setting, or undefined for the encoder's own. */
export function chosenLayers(layers: string): readonly [number, number, number] | undefined {
  const [first, second, third] = layers.split(",").map(Number);
  if (first === undefined || second === undefined || third === undefined) return undefined;
  return [first, second, third];
}
