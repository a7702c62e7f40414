import { VisuallyHidden } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import classes from './LevelMeter.module.css';
import { soundLevel } from './soundLevel.ts';

const quiet = 0.08;
const quietPatienceMs = 6000;

/** How loud the microphone is. The bar moves by itself; what is told and spoken changes once a second at most. */
export function LevelMeter({ track, muted }: { track: MediaStreamTrack | null; muted: boolean }) {
  const bar = useRef<HTMLDivElement>(null);
  const [told, setTold] = useState({ level: 0, silent: false });

  useEffect(() => {
    if (!track) return undefined;
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    analyser.fftSize = 1024;
    context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    let loudest = 0;
    let toldAt = 0;
    let heardAt = performance.now();
    let frame = 0;
    const draw = (now: number) => {
      frame = requestAnimationFrame(draw);
      analyser.getFloatTimeDomainData(samples);
      const level = soundLevel(samples);
      loudest = Math.max(level, loudest * 0.92);
      if (bar.current) bar.current.style.clipPath = `inset(0 ${((1 - loudest) * 100).toFixed(1)}% 0 0)`;
      if (level > quiet || context.state !== 'running') heardAt = now;
      if (now - toldAt < 1000) return;
      toldAt = now;
      setTold({ level: Math.round(loudest * 100), silent: now - heardAt > quietPatienceMs });
    };
    frame = requestAnimationFrame(draw);
    // A page that has not been touched yet may not run audio.
    const resume = () => void context.resume();
    window.addEventListener('pointerdown', resume, { once: true });
    return () => {
      cancelAnimationFrame(frame);
      window.removeEventListener('pointerdown', resume);
      void context.close();
    };
  }, [track]);

  return (
    <div>
      <VisuallyHidden>
        <meter aria-label="Microphone level" min={0} max={100} value={muted || !track ? 0 : told.level} />
      </VisuallyHidden>
      <div className={classes.meter} aria-hidden="true">
        <div ref={bar} className={classes.level} style={{ opacity: muted || !track ? 0 : 1 }} />
      </div>
      <output className={classes.hint}>{hint(track, muted, told.silent)}</output>
    </div>
  );
}

function hint(track: MediaStreamTrack | null, muted: boolean, silent: boolean): string {
  if (!track) return 'No microphone: viewers will hear nothing.';
  if (muted) return 'Muted: viewers hear nothing.';
  return silent ? 'Nothing is heard from this microphone.' : '';
}
