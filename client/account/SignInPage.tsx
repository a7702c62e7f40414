import { Button, Code, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { Navigate, useSearchParams } from 'react-router';
import { errorMessage, hasCode } from '../api/apiError.ts';
import { useSession, useSignIn } from '../api/sessionQueries.ts';
import { Logo } from '../ui/Logo.tsx';
import { Notice } from '../ui/Notice.tsx';
import { ThemeToggle } from '../ui/ThemeToggle.tsx';
import { afterSignIn } from './afterSignIn.ts';
import classes from './SignInPage.module.css';

export function SignInPage() {
  const [search] = useSearchParams();
  const session = useSession();
  const signIn = useSignIn();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  if (session.data) return <Navigate to={afterSignIn(search.get('next'))} replace />;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    signIn.mutate({ email: email.trim(), password });
  };

  return (
    <div className={classes.page}>
      <title>Sign in · Tallylight</title>
      <header className={classes.bar}>
        <Logo />
        <ThemeToggle />
      </header>
      <main className={classes.main}>
        <div className={classes.card}>
          <Title order={1} mb={4}>
            Sign in
          </Title>
          <Text c="dimmed" mb="lg">
            to your live streaming studio
          </Text>
          <form onSubmit={submit}>
            <Stack gap="md">
              <TextInput
                label="E-mail address"
                name="email"
                inputMode="email"
                autoComplete="username"
                required
                withAsterisk={false}
                size="md"
                value={email}
                onChange={(event) => setEmail(event.currentTarget.value)}
              />
              <PasswordInput
                label="Password"
                name="password"
                autoComplete="current-password"
                required
                withAsterisk={false}
                size="md"
                value={password}
                onChange={(event) => setPassword(event.currentTarget.value)}
              />
              {signIn.isError && (
                <Notice
                  tone="problem"
                  title={hasCode(signIn.error, 'wrongCredentials') ? 'That did not match' : 'You are not signed in'}
                >
                  {errorMessage(signIn.error)}
                </Notice>
              )}
              <Button type="submit" size="md" fullWidth loading={signIn.isPending}>
                Sign in
              </Button>
            </Stack>
          </form>
          <Text size="sm" c="dimmed" mt="xl">
            First time here? The first start printed the e-mail address and password in the terminal (or the container’s
            log) that Tallylight runs in. To choose your own, set <Code>ADMIN_EMAIL</Code> and{' '}
            <Code>ADMIN_PASSWORD</Code> before that first start.
          </Text>
        </div>
      </main>
    </div>
  );
}
