import type { EncoderExport } from './exportedEntry.ts';
import { publishAddress, rtspPublishUrl } from './publishAddress.ts';
import { recommendedEncoding } from './recommendedEncoding.ts';
import { quoted, shellLines } from './shellText.ts';

const { width, height, frameRate, keyFrameSeconds, videoBitrateKbps, audioBitrateKbps, audioSampleRate } =
  recommendedEncoding;

const picture = [
  `videotestsrc is-live=true ! video/x-raw,width=${width},height=${height},framerate=${frameRate}/1`,
  `! x264enc bitrate=${videoBitrateKbps} key-int-max=${keyFrameSeconds * frameRate} tune=zerolatency speed-preset=veryfast`,
  '! video/x-h264,profile=main ! h264parse ! queue',
].join(' ');
const sound = [
  `audiotestsrc is-live=true wave=ticks ! audio/x-raw,rate=${audioSampleRate},channels=2 ! audioconvert`,
  `! avenc_aac bitrate=${audioBitrateKbps * 1000} ! aacparse ! queue`,
].join(' ');

/** The GStreamer command line. */
export const exportGstreamer: EncoderExport = ({ ingest }) => {
  const secret = ingest.password;
  const rtmp = `flvmux name=mux streamable=true ! rtmp2sink location=${quoted(publishAddress(ingest.primaryUrl, ingest).url)}`;
  const commands = [{ label: 'A test picture, RTMP', text: publish(rtmp, 'mux'), secret }];
  if (ingest.rtspUrl) {
    const rtsp = `rtspclientsink name=sink protocols=tcp location=${quoted(rtspPublishUrl(ingest, ingest.rtspUrl))}`;
    commands.push({ label: 'A test picture, RTSP', text: publish(rtsp, 'sink'), secret });
  }
  return {
    id: 'gstreamer',
    name: 'GStreamer',
    steps: [],
    notes: [
      'Each command is complete with the stream key; put your camera in place of the test picture when it works.',
      'It needs GStreamer 1.18 or newer with its good, bad, ugly and libav plug-ins, for RTSP its RTSP plug-in as well.',
    ],
    fields: [],
    commands,
    files: [],
    codes: [],
  };
};

function publish(output: string, input: string): string {
  return shellLines(`gst-launch-1.0 -e ${output}`, `${picture} ! ${input}.`, `${sound} ! ${input}.`);
}
