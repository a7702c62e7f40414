import { IconBroadcast, IconLink, IconMovie } from '@tabler/icons-react';
import { useState } from 'react';
import type { Entry } from '../../shared/model/entry.ts';
import classes from './Thumbnail.module.css';

const icons = { live: IconBroadcast, manual: IconLink, video: IconMovie };
/** Twice the size it is shown at. */
const widthPixels = 192;

/** An entry's picture, or what kind of entry it is while there is none. */
export function Thumbnail({ entry }: { entry: Entry }) {
  const { pathname, search } = new URL(entry.thumbnail, location.href);
  // Through this page's own origin, whatever the public address is. Another one when there is more to see.
  const address = `${pathname}${search}${search ? '&' : '?'}width=${widthPixels}`;
  const [failed, setFailed] = useState<string>();
  const Icon = icons[entry.type];
  return (
    <span className={classes.frame} aria-hidden="true">
      <Icon size={18} stroke={1.5} />
      {(entry.type !== 'manual' || search) && failed !== `${address} ${entry.updatedAt}` && (
        <img
          src={address}
          alt=""
          loading="lazy"
          decoding="async"
          onError={() => setFailed(`${address} ${entry.updatedAt}`)}
        />
      )}
    </span>
  );
}
