import { NativeSelect, Stack } from '@mantine/core';
import type { Capture, CaptureState } from './capture.ts';
import { captureSizeNames, captureSizes, type CaptureSize } from './captureSizes.ts';
import { LevelMeter } from './LevelMeter.tsx';

interface DevicePickersProps {
  capture: Capture;
  state: CaptureState;
  /** On air the size stays: viewers would be interrupted for a moment. */
  sizeLocked: boolean;
}

export function DevicePickers({ capture, state, sizeLocked }: DevicePickersProps) {
  const idle = state.status !== 'ready';
  return (
    <Stack gap="sm">
      <NativeSelect
        label="Camera"
        disabled={idle || state.source === 'screen' || state.cameras.length === 0}
        description={state.source === 'screen' ? 'Your screen is being shared instead.' : undefined}
        value={state.source === 'camera' ? (state.video?.getSettings().deviceId ?? '') : ''}
        onChange={(event) => void capture.chooseCamera(event.currentTarget.value)}
        data={options(state.cameras, 'Camera', state.source === 'screen' ? 'Screen' : 'No camera')}
      />
      <div>
        <NativeSelect
          label="Microphone"
          disabled={idle || state.microphones.length === 0}
          value={state.audio?.getSettings().deviceId ?? ''}
          onChange={(event) => void capture.chooseMicrophone(event.currentTarget.value)}
          data={options(state.microphones, 'Microphone', 'No microphone', state.audio !== null)}
          mb={8}
        />
        <LevelMeter track={state.audio} muted={state.muted} />
      </div>
      <NativeSelect
        label="Picture size"
        disabled={idle || sizeLocked}
        description={sizeLocked ? 'It can be changed when you are off air.' : undefined}
        value={state.size}
        onChange={(event) => void capture.chooseSize(event.currentTarget.value as CaptureSize)}
        data={captureSizeNames.map((name) => ({
          value: name,
          label: `${name}, up to ${captureSizes[name].maxBitrateBps / 1_000_000} Mb/s`,
        }))}
      />
    </Stack>
  );
}

function options(devices: readonly MediaDeviceInfo[], kind: string, none: string, chosen = true) {
  const known = devices.map((device, at) => ({
    value: device.deviceId,
    label: device.label || `${kind} ${at + 1}`,
  }));
  return none === 'Screen' || known.length === 0 || !chosen ? [{ value: '', label: none }, ...known] : known;
}
