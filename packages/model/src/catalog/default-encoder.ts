/** The encoder of a run that names none: it ships with Loupe and is there on every machine. */
export const DEFAULT_ENCODER = "loupe";
