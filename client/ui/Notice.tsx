import { IconAlertTriangle, IconCircleCheck, IconInfoCircle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from './Notice.module.css';

interface NoticeProps {
  tone: 'problem' | 'warning' | 'note' | 'good';
  title?: string;
  children?: ReactNode;
  action?: ReactNode;
}

const icons = { problem: IconAlertTriangle, warning: IconAlertTriangle, note: IconInfoCircle, good: IconCircleCheck };

/** Something to know, in place: problems interrupt a screen reader, the rest waits its turn. */
export function Notice({ tone, title, children, action }: NoticeProps) {
  const Icon = icons[tone];
  return (
    <div className={classes.notice} data-tone={tone} role={tone === 'problem' ? 'alert' : 'status'}>
      <span className={classes.icon}>
        <Icon size={20} aria-hidden="true" />
      </span>
      <div className={classes.body}>
        {title && <div className={classes.title}>{title}</div>}
        {children && <div>{children}</div>}
        {action && <div style={{ marginTop: 10 }}>{action}</div>}
      </div>
    </div>
  );
}
