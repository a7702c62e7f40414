import { Anchor, Button, Text } from '@mantine/core';
import { IconQrcode } from '@tabler/icons-react';
import { useState } from 'react';
import type { EncoderSettings } from '../../../../shared/model/encoderSettings.ts';
import classes from './SecretQrCode.module.css';

/** A QR code that holds the key: shown when it is asked for, as whoever sees it can use it. */
export function SecretQrCode({ code }: { code: EncoderSettings['codes'][number] }) {
  const [shown, setShown] = useState(false);
  return (
    <figure className={classes.figure}>
      {shown && (
        <img className={classes.code} src={`data:image/svg+xml,${encodeURIComponent(code.svg)}`} alt={code.label} />
      )}
      <figcaption className={classes.caption}>
        <Button
          size="xs"
          variant="outline"
          leftSection={<IconQrcode size={16} />}
          aria-expanded={shown}
          onClick={() => setShown(!shown)}
        >
          {shown ? 'Hide the QR code' : 'Show the QR code'}
        </Button>
        {shown && (
          <Text size="sm" c="dimmed">
            On this phone already? <Anchor href={code.text}>Open it in the app.</Anchor>
          </Text>
        )}
      </figcaption>
    </figure>
  );
}
