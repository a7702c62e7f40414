import shaka from 'shaka-player';
import { BurstMeter } from './burstMeter.ts';

/** Lets shaka's own way of fetching report the speed of the network, and not of the encoder, where media comes as it is made. */
export function measureFetches(): void {
  const meter = new BurstMeter();
  const plugin: shaka.extern.SchemePlugin = (uri, request, type, progressUpdated, headersReceived, config) => {
    const { streamDataCallback } = request;
    if (!streamDataCallback || type !== shaka.net.NetworkingEngine.RequestType.SEGMENT) {
      return shaka.net.HttpFetchPlugin.parse(uri, request, type, progressUpdated, headersReceived, config);
    }
    let unfinished = false;
    const measured = {
      ...request,
      streamDataCallback: async (data: ArrayBuffer | ArrayBufferView): Promise<void> => {
        meter.read(performance.now(), data.byteLength);
        await streamDataCallback(data);
      },
    };
    const onProgress = (ms: number, bytes: number, remaining: number) => {
      if (!unfinished) {
        progressUpdated(ms, bytes, remaining);
        return;
      }
      const burst = meter.take();
      if (burst) progressUpdated(burst.ms, burst.bytes, 0);
    };
    const onHeaders = (headers: Record<string, string>) => {
      // What is being written has no length yet.
      unfinished = headers['content-length'] === undefined;
      headersReceived(headers);
    };
    return shaka.net.HttpFetchPlugin.parse(uri, measured, type, onProgress, onHeaders, config);
  };
  const { APPLICATION } = shaka.net.NetworkingEngine.PluginPriority;
  for (const scheme of ['http', 'https']) {
    shaka.net.NetworkingEngine.registerScheme(scheme, plugin, APPLICATION, /* progressSupport= */ true);
  }
}
