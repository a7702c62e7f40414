import { ActionIcon, Menu } from '@mantine/core';
import { IconBroadcast, IconDots, IconExternalLink, IconLink, IconTrash } from '@tabler/icons-react';
import { Link } from 'react-router';
import type { Entry } from '../../shared/model/entry.ts';
import { paths } from '../../shared/urls.ts';
import { copyText } from '../ui/copyText.ts';
import { notifyDone, notifyProblem } from '../ui/notify.ts';
import { useDeleteDialog } from './DeleteEntryDialog.tsx';

/** What can be done with an entry from the table. */
export function EntryActions({ entry }: { entry: Entry }) {
  const deleteDialog = useDeleteDialog(entry);
  const copyLink = async () => {
    if (await copyText(entry.playback.watch)) notifyDone('The watch link was copied.');
    else notifyProblem('The watch link was not copied', new Error('It is on the entry’s Share page.'));
  };
  return (
    <>
      <Menu position="bottom-end" width={210}>
        <Menu.Target>
          <ActionIcon size={38} aria-label={`Actions for ${entry.name}`}>
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {entry.type === 'live' && (
            <Menu.Item component={Link} to={`/entries/${entry.id}/live`} leftSection={<IconBroadcast size={16} />}>
              Go live
            </Menu.Item>
          )}
          <Menu.Item
            component="a"
            href={paths.watch(entry.id)}
            target="_blank"
            rel="noreferrer"
            leftSection={<IconExternalLink size={16} />}
          >
            Open watch page
          </Menu.Item>
          <Menu.Item leftSection={<IconLink size={16} />} onClick={() => void copyLink()}>
            Copy watch link
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item color="clay" leftSection={<IconTrash size={16} />} onClick={deleteDialog.open}>
            Delete…
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {deleteDialog.element}
    </>
  );
}
