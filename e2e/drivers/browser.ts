import { chromium, type Browser, type LaunchOptions } from '@playwright/test';
import { findChromium } from '../../scripts/setup/chromium.mjs';

/** Chromium as it is installed on this machine, with a camera and a microphone that need no permission. */
export const browserOptions: LaunchOptions = {
  executablePath: findChromium(process.env),
  // Its sandbox does not work for root.
  chromiumSandbox: process.getuid?.() !== 0,
  args: [
    '--disable-gpu',
    '--disable-background-networking',
    '--autoplay-policy=no-user-gesture-required',
    '--use-fake-device-for-media-stream',
    '--use-fake-ui-for-media-stream',
    '--allow-loopback-in-peer-connection',
  ],
};

export function launchBrowser(): Promise<Browser> {
  return chromium.launch(browserOptions);
}
