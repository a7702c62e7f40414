import { Button, Code, List, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Notice } from '../../ui/Notice.tsx';
import type { CaptureProblem } from './captureProblem.ts';

const explanations: Record<CaptureProblem, { title: string; body: ReactNode }> = {
  insecure: {
    title: 'The browser withholds the camera because this page is not secure',
    body: <InsecureExplanation />,
  },
  unsupported: {
    title: 'This browser has no camera access',
    body: 'Use a current Chrome, Edge, Firefox or Safari. In-app browsers of mail and chat apps often cannot: open the page in the browser itself.',
  },
  denied: {
    title: 'The camera and microphone are blocked for this page',
    body: 'Press the camera or lock symbol beside the address, allow camera and microphone, then try again. On a phone or Mac, the system’s privacy settings must allow the browser, too.',
  },
  noDevice: {
    title: 'No camera was found',
    body: 'Connect one, check its switch or cover, then try again. You can also share your screen, or use an encoder.',
  },
  busy: {
    title: 'The camera or microphone is in use',
    body: 'Another program (a video call, perhaps) or another tab holds it. Close that one, then try again.',
  },
  lost: {
    title: 'The camera was disconnected',
    body: 'Connect it again or choose another one, then try again.',
  },
  unknown: {
    title: 'The camera could not be opened',
    body: 'Connect it again, or start the browser again, then try once more.',
  },
};

function InsecureExplanation() {
  const local = `http://localhost:${window.location.port || '80'}`;
  return (
    <>
      <Text>
        Browsers give the camera only to pages on <Code>https://</Code> or <Code>localhost</Code>. This page is on{' '}
        <Code>{window.location.origin}</Code>.
      </Text>
      <List mt="xs" spacing={6}>
        <List.Item>
          On the machine that Tallylight runs on, open <Code>{local}</Code>.
        </List.Item>
        <List.Item>
          With a certificate: set <Code>TLS_CERT</Code> and <Code>TLS_KEY</Code>, and <Code>PUBLIC_URL</Code> to the{' '}
          <Code>https://</Code> address.
        </List.Item>
        <List.Item>With Docker: the compose file puts Caddy in front, which gets the certificate by itself.</List.Item>
        <List.Item>An encoder such as OBS needs none of this: see the entry’s Live stream page.</List.Item>
      </List>
    </>
  );
}

export function CaptureProblemNotice({ problem, onRetry }: { problem: CaptureProblem; onRetry?: () => void }) {
  const { title, body } = explanations[problem];
  return (
    <Notice
      tone="problem"
      title={title}
      action={
        onRetry &&
        problem !== 'insecure' &&
        problem !== 'unsupported' && (
          <Button size="xs" variant="outline" onClick={onRetry}>
            Try again
          </Button>
        )
      }
    >
      {body}
    </Notice>
  );
}
