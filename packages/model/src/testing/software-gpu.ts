import { existsSync } from "node:fs";
import { join } from "node:path";

const CHROMIUM = "/usr/lib/chromium";

/** The software Vulkan driver that Debian's chromium brings along. */
const SOFTWARE_DRIVER = join(CHROMIUM, "vk_swiftshader_icd.json");

const LOADER = "libvulkan.so.1";
/** Where the dynamic loader looks by itself; Chromium's folder is none of them. */
const SYSTEM_FOLDERS = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib"];

const hasLoader = (folder: string): boolean => existsSync(join(folder, LOADER));

/** Why WebGPU cannot be tested here, or null when it can. */
export function whyNoSoftwareGpu(): string | null {
  if (!existsSync(SOFTWARE_DRIVER)) return `${SOFTWARE_DRIVER} is missing: install chromium`;
  if (![...SYSTEM_FOLDERS, CHROMIUM].some(hasLoader)) return `${LOADER} is missing`;
  return null;
}

/**
 * Variables with which a process must start so that WebGPU finds the software driver.
 *
 * Without a Vulkan loader of the system, Chromium's own serves.
 */
export function softwareGpuEnvironment(): Record<string, string> {
  if (whyNoSoftwareGpu() !== null) return {};
  return {
    VK_ICD_FILENAMES: SOFTWARE_DRIVER,
    ...(SYSTEM_FOLDERS.some(hasLoader) ? {} : { LD_LIBRARY_PATH: CHROMIUM }),
  };
}
