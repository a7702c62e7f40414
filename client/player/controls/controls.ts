import 'media-chrome';
import 'media-chrome/menu';
import { choiceMenu, type ChoiceMenu } from './choiceMenu.ts';
import './controls.css';
import './captions.css';

/** The controls around a video element, the same for every engine. */
export interface Controls {
  readonly video: HTMLVideoElement;
  readonly controller: HTMLElement;
  readonly quality: ChoiceMenu;
  readonly captions: ChoiceMenu;
  readonly liveButton: HTMLElement;
  readonly behind: HTMLElement;
  readonly notice: HTMLElement;
  readonly clock: HTMLElement;
}

const template = `
<media-controller class="tally-player" seektoliveoffset="6" autohide="3">
  <video slot="media" playsinline crossorigin="anonymous"></video>
  <media-loading-indicator slot="centered-chrome" noautohide></media-loading-indicator>
  <div class="tally-bottom">
    <media-time-range class="tally-range"></media-time-range>
    <media-control-bar class="tally-bar">
      <media-play-button></media-play-button>
      <media-live-button class="tally-live"><span slot="text">Live</span></media-live-button>
      <span class="tally-behind" aria-live="off"></span>
      <media-time-display class="tally-clock" showduration notoggle></media-time-display>
      <span class="tally-space"></span>
      <media-mute-button></media-mute-button>
      <media-volume-range class="tally-volume"></media-volume-range>
      <span class="tally-menus"></span>
      <media-pip-button class="tally-pip"></media-pip-button>
      <media-fullscreen-button></media-fullscreen-button>
    </media-control-bar>
  </div>
</media-controller>
<div class="tally-notice" role="status" aria-live="polite" hidden></div>`;

/** Builds the controls inside `container`. */
export function createControls(container: HTMLElement): Controls {
  container.classList.add('tally-frame');
  container.innerHTML = template;
  const menus = find(container, '.tally-menus');
  const quality = choiceMenu('Quality', 'quality');
  const captions = choiceMenu('Captions', 'captions');
  menus.append(captions.element, quality.element);
  return {
    video: find(container, 'video') as HTMLVideoElement,
    controller: find(container, 'media-controller'),
    quality,
    captions,
    liveButton: find(container, 'media-live-button'),
    behind: find(container, '.tally-behind'),
    clock: find(container, '.tally-clock'),
    notice: find(container, '.tally-notice'),
  };
}

function find(container: HTMLElement, selector: string): HTMLElement {
  const element = container.querySelector<HTMLElement>(selector);
  if (!element) throw new Error(`the controls have no ${selector}`);
  return element;
}
