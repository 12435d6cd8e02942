/** @file Front door of the command line, for who adds commands of their own. */
export { type CommandContext, type CommandResult, UsageError } from "./command.ts";
export { startFolder } from "./env.ts";
export { formatDuration, Progress } from "./progress.ts";
export { readArguments } from "./read-arguments.ts";
export { runLoupe } from "./run-loupe.ts";
