import { Stack } from '@mantine/core';
import { schemaResolver, useForm } from '@mantine/form';
import { useEffect } from 'react';
import { useNavigate } from 'react-router';
import { useCreateEntry } from '../../api/entryQueries.ts';
import { useProfiles } from '../../api/profileQueries.ts';
import { fieldErrors } from '../../ui/fieldErrors.ts';
import { focusFirst } from '../../ui/focusFirst.ts';
import { FormFooter } from '../../ui/FormFooter.tsx';
import { Section } from '../../ui/Section.tsx';
import { AboutFields } from '../fields/AboutFields.tsx';
import { DvrFields } from '../fields/DvrFields.tsx';
import { emptyLiveValues, liveValuesSchema, type LiveValues } from '../fields/entryValues.ts';
import { ProfileField } from '../fields/ProfileField.tsx';
import { RecordingField } from '../fields/RecordingField.tsx';
import { RetentionField } from '../fields/RetentionField.tsx';

export function CreateLiveEntry() {
  const navigate = useNavigate();
  const create = useCreateEntry();
  const profiles = useProfiles();
  const form = useForm<LiveValues>({
    initialValues: emptyLiveValues,
    validate: schemaResolver(liveValuesSchema, { sync: true }),
  });

  const defaultProfileId = profiles.data?.items.find((profile) => profile.isDefault)?.id;
  const { setFieldValue } = form;
  const { profileId } = form.values;
  useEffect(() => {
    if (!profileId && defaultProfileId) setFieldValue('profileId', defaultProfileId);
  }, [profileId, defaultProfileId, setFieldValue]);

  const submit = (values: LiveValues) => {
    create.mutate(
      { type: 'live', ...values },
      {
        onSuccess: (entry) => void navigate(`/entries/${entry.id}`),
        onError: (error) => form.setErrors(fieldErrors(error) ?? {}),
      },
    );
  };

  return (
    <form onSubmit={form.onSubmit(submit, focusFirst(form))} noValidate>
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
        <FormFooter
          problem="The entry was not created"
          error={create.error}
          cancelTo="/entries"
          submit="Create live stream"
          submitting={create.isPending}
        />
      </Stack>
    </form>
  );
}
