import { IconPhoto } from '@tabler/icons-react';
import { useState } from 'react';
import type { Entry } from '../../../../shared/model/entry.ts';
import classes from './PictureSection.module.css';

const widthPixels = 640;

/** The picture that stands for the entry, or a sign that there is none. */
export function EntryPicture({ entry }: { entry: Entry }) {
  const { pathname, search } = new URL(entry.thumbnail, location.href);
  const address = `${pathname}${search}${search ? '&' : '?'}width=${widthPixels}`;
  const [failed, setFailed] = useState<string>();
  const isThere = (entry.type !== 'manual' || search !== '') && failed !== address;
  return (
    <div className={classes.picture}>
      {isThere ? (
        <img src={address} alt={entry.name} onError={() => setFailed(address)} />
      ) : (
        <span className={classes.none}>
          <IconPhoto size={32} stroke={1.5} aria-hidden="true" />
          No picture yet
        </span>
      )}
    </div>
  );
}
