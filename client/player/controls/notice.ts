import type { Notice } from '../playerState.ts';

const texts: Record<Exclude<Notice['kind'], 'none' | 'failed'>, { title: string; text: string }> = {
  loading: { title: 'Loading', text: '' },
  offline: { title: 'Offline', text: 'The broadcast has not started. This page goes live by itself.' },
  soon: { title: 'Starting soon', text: 'The broadcaster is connecting. This page goes live by itself.' },
  interrupted: {
    title: 'One moment',
    text: 'The broadcaster’s connection dropped. We continue as soon as it is back.',
  },
  ended: { title: 'The broadcast has ended', text: 'If it goes on air again, it starts here by itself.' },
  recording: { title: 'The broadcast has ended', text: 'Its recording follows, from the start.' },
  processing: { title: 'Being prepared', text: 'This video is not ready yet. It starts here by itself.' },
  missing: { title: 'Nothing here', text: 'There is no broadcast at this address. Check the link.' },
};

/** Shows a notice: over the whole picture, or as a strip while there is something to watch. */
export function showNotice(element: HTMLElement, notice: Notice, strip: boolean): void {
  element.hidden = notice.kind === 'none';
  element.dataset['kind'] = notice.kind;
  element.classList.toggle('tally-notice-strip', strip);
  if (notice.kind === 'none') return element.replaceChildren();
  const { title, text } =
    notice.kind === 'failed'
      ? { title: 'Playback stopped', text: `${notice.message} Trying again…` }
      : texts[notice.kind];
  const lamp = document.createElement('span');
  lamp.className = 'tally-notice-lamp';
  const heading = document.createElement('strong');
  heading.textContent = title;
  const body = document.createElement('span');
  body.textContent = text;
  element.replaceChildren(lamp, heading, body);
}
