/** @file A process of its own that tries every provider: a driver that crashes takes only this down. */
import { probeProviders } from "@loupe/model";

process.stdout.write(JSON.stringify(await probeProviders()));
