import { ActionIcon, Button, Tooltip, VisuallyHidden } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import {
  IconMicrophone,
  IconMicrophoneOff,
  IconScreenShare,
  IconScreenShareOff,
  IconVideo,
  IconVideoOff,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { AirState } from './airState.ts';
import type { Capture, CaptureState } from './capture/capture.ts';
import classes from './GoLivePage.module.css';

interface AirControlsProps {
  capture: Capture;
  state: CaptureState;
  air: AirState;
  /** Why going live is not possible now; the notices beside say it to those who see them. */
  obstacle: string | null;
  onGoLive: () => void;
  onEnd: () => void;
}

/** Below the picture: microphone, camera, screen, and the big button. */
export function AirControls({ capture, state, air, obstacle, onGoLive, onEnd }: AirControlsProps) {
  const sending = air !== 'off' && air !== 'failed';
  const toggleMute = () => capture.setMuted(!state.muted);
  const toggleHide = () => capture.setHidden(!state.hidden);
  useHotkeys([
    ['m', toggleMute],
    ['v', toggleHide],
  ]);
  const canShareScreen = navigator.mediaDevices !== undefined && 'getDisplayMedia' in navigator.mediaDevices;
  const sharing = state.source === 'screen';
  return (
    <div className={classes.bar}>
      <fieldset className={classes.toggles} aria-label="What is sent">
        <Toggle
          label={state.muted ? 'Unmute microphone' : 'Mute microphone'}
          hint="M"
          on={state.muted}
          disabled={!state.audio}
          onClick={toggleMute}
        >
          {state.muted ? <IconMicrophoneOff size={20} /> : <IconMicrophone size={20} />}
        </Toggle>
        <Toggle
          label={state.hidden ? 'Show camera' : 'Hide camera'}
          hint="V"
          on={state.hidden}
          disabled={!state.video}
          onClick={toggleHide}
        >
          {state.hidden ? <IconVideoOff size={20} /> : <IconVideo size={20} />}
        </Toggle>
        {canShareScreen && (
          <Toggle
            label={sharing ? 'Stop sharing the screen' : 'Share the screen'}
            on={sharing}
            onClick={() => void (sharing ? capture.stopScreen() : capture.shareScreen())}
          >
            {sharing ? <IconScreenShareOff size={20} /> : <IconScreenShare size={20} />}
          </Toggle>
        )}
      </fieldset>
      {sending ? (
        <Button size="lg" variant="outline" onClick={onEnd}>
          {air === 'connecting' ? 'Cancel' : 'End broadcast'}
        </Button>
      ) : (
        <>
          <Button
            size="lg"
            leftSection={<span className={classes.lampDot} aria-hidden="true" />}
            disabled={obstacle !== null}
            aria-describedby={obstacle ? 'go-live-obstacle' : undefined}
            onClick={onGoLive}
          >
            Go live
          </Button>
          {obstacle && <VisuallyHidden id="go-live-obstacle">{obstacle}</VisuallyHidden>}
        </>
      )}
    </div>
  );
}

interface ToggleProps {
  label: string;
  /** The key that does the same. */
  hint?: string;
  on: boolean;
  disabled?: boolean;
  onClick: () => void;
  children: ReactNode;
}

function Toggle({ label, hint, on, disabled, onClick, children }: ToggleProps) {
  return (
    <Tooltip label={hint ? `${label} (${hint})` : label}>
      <ActionIcon size={46} variant={on ? 'filled' : 'light'} aria-label={label} disabled={disabled} onClick={onClick}>
        {children}
      </ActionIcon>
    </Tooltip>
  );
}
