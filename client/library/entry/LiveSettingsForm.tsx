import { Stack } from '@mantine/core';
import type { LiveEntry } from '../../../shared/model/entry.ts';
import { isBroadcasting } from '../../../shared/model/state.ts';
import { Notice } from '../../ui/Notice.tsx';
import { Section } from '../../ui/Section.tsx';
import { AboutFields } from '../fields/AboutFields.tsx';
import { CaptionFields } from '../fields/CaptionFields.tsx';
import { DvrFields } from '../fields/DvrFields.tsx';
import { changedValues, liveValuesOf, liveValuesSchema } from '../fields/entryValues.ts';
import { ProfileField } from '../fields/ProfileField.tsx';
import { RecordingField } from '../fields/RecordingField.tsx';
import { RetentionField } from '../fields/RetentionField.tsx';
import { SaveBar } from './SaveBar.tsx';
import { useSettingsForm } from './useSettingsForm.ts';

export function LiveSettingsForm({ entry }: { entry: LiveEntry }) {
  const { form, formProps, saveBarProps } = useSettingsForm(entry.id, {
    saved: liveValuesOf(entry),
    schema: liveValuesSchema,
    changeOf: changedValues,
  });
  const locked = isBroadcasting(entry.state);

  return (
    <form {...formProps}>
      <Stack gap="md">
        <Section title="About">
          <AboutFields form={form} />
        </Section>
        {locked && (
          <Notice tone="note" title="Some settings wait until the broadcast has ended">
            Profile, captions, DVR and recording shape the media that viewers are being sent now. Name, description and
            tags can be changed at any time.
          </Notice>
        )}
        <Section title="Quality">
          <ProfileField
            value={form.values.profileId}
            onChange={(value) => form.setFieldValue('profileId', value)}
            error={form.errors.profileId}
            disabled={locked}
          />
        </Section>
        <Section title="Captions">
          <CaptionFields form={form} disabled={locked} />
        </Section>
        <Section title="DVR and recording">
          <Stack gap="lg">
            <DvrFields form={form} disabled={locked} />
            <RecordingField
              value={form.values.recording}
              onChange={(value) => form.setFieldValue('recording', value)}
              error={form.errors.recording}
              disabled={locked}
            />
            <RetentionField
              label="Keep recordings"
              description="Recordings made from now on begin with this; each can be given its own."
              value={form.values.retentionDays}
              onChange={(value) => form.setFieldValue('retentionDays', value)}
              error={form.errors.retentionDays}
            />
          </Stack>
        </Section>
        <SaveBar {...saveBarProps} />
      </Stack>
    </form>
  );
}
