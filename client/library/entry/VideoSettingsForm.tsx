import { Stack } from '@mantine/core';
import { schemaResolver, useForm } from '@mantine/form';
import type { VideoEntry } from '../../../shared/model/entry.ts';
import { useUpdateEntry } from '../../api/entryQueries.ts';
import { fieldErrors } from '../../ui/fieldErrors.ts';
import { focusFirst } from '../../ui/focusFirst.ts';
import { notifyDone } from '../../ui/notify.ts';
import { Section } from '../../ui/Section.tsx';
import { AboutFields } from '../fields/AboutFields.tsx';
import { changedValues, videoValuesOf, videoValuesSchema, type VideoValues } from '../fields/entryValues.ts';
import { RetentionField } from '../fields/RetentionField.tsx';
import { SaveBar } from './SaveBar.tsx';

export function VideoSettingsForm({ entry }: { entry: VideoEntry }) {
  const update = useUpdateEntry(entry.id);
  const saved = videoValuesOf(entry);
  const form = useForm<VideoValues>({
    initialValues: saved,
    validate: schemaResolver(videoValuesSchema, { sync: true }),
  });

  const submit = (values: VideoValues) => {
    update.mutate(changedValues(saved, values), {
      onSuccess: () => {
        form.resetDirty(values);
        form.setInitialValues(values);
        notifyDone('Saved.');
      },
      onError: (error) => form.setErrors(fieldErrors(error) ?? {}),
    });
  };

  return (
    <form onSubmit={form.onSubmit(submit, focusFirst(form))} noValidate>
      <Stack gap="md">
        <Section title="About">
          <AboutFields form={form} />
        </Section>
        <Section title="Storage">
          <RetentionField
            label="Keep this video"
            description="Counted from when it was made. What was cut out of it stays."
            value={form.values.retentionDays}
            onChange={(value) => form.setFieldValue('retentionDays', value)}
            error={form.errors.retentionDays}
          />
        </Section>
        <SaveBar dirty={form.isDirty()} saving={update.isPending} error={update.error} onReset={form.reset} />
      </Stack>
    </form>
  );
}
