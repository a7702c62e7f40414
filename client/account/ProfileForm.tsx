import { NumberInput, Stack, Switch, Textarea, TextInput } from '@mantine/core';
import { schemaResolver, useForm } from '@mantine/form';
import { useNavigate } from 'react-router';
import type { Profile } from '../../shared/model/profile.ts';
import { useCreateProfile, useUpdateProfile } from '../api/profileQueries.ts';
import { fieldErrors } from '../ui/fieldErrors.ts';
import { focusFirst } from '../ui/focusFirst.ts';
import { FormFooter } from '../ui/FormFooter.tsx';
import { notifyDone } from '../ui/notify.ts';
import { Section } from '../ui/Section.tsx';
import { FlavorFields } from './FlavorFields.tsx';
import { profileValuesOf, profileValuesSchema, type ProfileValues } from './profileValues.ts';

export function ProfileForm({ profile }: { profile: Profile | undefined }) {
  const navigate = useNavigate();
  const create = useCreateProfile();
  const update = useUpdateProfile();
  const form = useForm<ProfileValues>({
    initialValues: profileValuesOf(profile),
    validate: schemaResolver(profileValuesSchema, { sync: true }),
  });
  const error = create.error ?? update.error;

  const submit = (values: ProfileValues) => {
    const outcome = {
      onSuccess: () => {
        notifyDone(`“${values.name.trim()}” was saved.`);
        void navigate('/settings');
      },
      onError: (refused: unknown) => form.setErrors(fieldErrors(refused) ?? {}),
    };
    if (profile) update.mutate({ id: profile.id, change: values }, outcome);
    else create.mutate(values, outcome);
  };

  return (
    <form onSubmit={form.onSubmit(submit, focusFirst(form))} noValidate>
      <Stack gap="md">
        <Section title="About">
          <Stack gap="md">
            <TextInput label="Name" required withAsterisk={false} {...form.getInputProps('name')} />
            <Textarea
              label="Description"
              autosize
              minRows={2}
              maxLength={1000}
              {...form.getInputProps('description')}
            />
            <Switch
              label="Default"
              description="Offered first when an entry is created."
              {...form.getInputProps('isDefault', { type: 'checkbox' })}
            />
          </Stack>
        </Section>
        <Section title="Renditions" description="A width or height of 0 follows from the other and the source’s shape.">
          <Stack gap="md">
            <Switch
              label="Source"
              description={
                form.values.flavors.length === 0
                  ? 'The stream as it is sent. It is kept, as there is nothing else.'
                  : 'The stream as it is sent, beside the renditions. Clips and trims need it.'
              }
              disabled={form.values.flavors.length === 0}
              {...form.getInputProps('keepsSource', { type: 'checkbox' })}
            />
            <FlavorFields form={form} />
          </Stack>
        </Section>
        <Section title="Sound">
          <NumberInput
            label="Audio bitrate"
            description="AAC, one for all renditions."
            suffix=" kb/s"
            min={32}
            max={320}
            clampBehavior="none"
            allowDecimal={false}
            maw={220}
            {...form.getInputProps('audioBitrateKbps')}
          />
        </Section>
        <FormFooter
          problem="The profile was not saved"
          error={error}
          cancelTo="/settings"
          submit={profile ? 'Save changes' : 'Create profile'}
          submitting={create.isPending || update.isPending}
        />
      </Stack>
    </form>
  );
}
