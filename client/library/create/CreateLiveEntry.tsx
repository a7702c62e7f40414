import { Stack } from '@mantine/core';
import { useEffect } from 'react';
import { useProfiles } from '../../api/profileQueries.ts';
import { FormFooter } from '../../ui/FormFooter.tsx';
import { Section } from '../../ui/Section.tsx';
import { AboutFields } from '../fields/AboutFields.tsx';
import { DvrFields } from '../fields/DvrFields.tsx';
import { emptyLiveValues, liveValuesSchema } from '../fields/entryValues.ts';
import { ProfileField } from '../fields/ProfileField.tsx';
import { RecordingField } from '../fields/RecordingField.tsx';
import { RetentionField } from '../fields/RetentionField.tsx';
import { useCreateForm } from './useCreateForm.ts';

export function CreateLiveEntry() {
  const profiles = useProfiles();
  const { form, formProps, footerProps } = useCreateForm({
    empty: emptyLiveValues,
    schema: liveValuesSchema,
    entryOf: (values) => ({ type: 'live', ...values }),
  });

  const defaultProfileId = profiles.data?.items.find((profile) => profile.isDefault)?.id;
  const { setFieldValue } = form;
  const { profileId } = form.values;
  useEffect(() => {
    if (!profileId && defaultProfileId) setFieldValue('profileId', defaultProfileId);
  }, [profileId, defaultProfileId, setFieldValue]);

  return (
    <form {...formProps}>
      <Stack gap="md">
        <Section title="About">
          <AboutFields form={form} />
        </Section>
        <Section title="Quality">
          <ProfileField
            value={form.values.profileId}
            onChange={(value) => form.setFieldValue('profileId', value)}
            error={form.errors.profileId}
          />
        </Section>
        <Section title="DVR and recording">
          <Stack gap="lg">
            <DvrFields form={form} />
            <RecordingField
              value={form.values.recording}
              onChange={(value) => form.setFieldValue('recording', value)}
              error={form.errors.recording}
            />
            <RetentionField
              label="Keep recordings"
              description="Each recording can be given its own later."
              value={form.values.retentionDays}
              onChange={(value) => form.setFieldValue('retentionDays', value)}
              error={form.errors.retentionDays}
            />
          </Stack>
        </Section>
        <FormFooter {...footerProps} />
      </Stack>
    </form>
  );
}
