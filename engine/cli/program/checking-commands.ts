/** Commands that check somebody else's work: an endpoint, and what it holds. */
import { Option } from 'commander';
import type { AddCommand } from './add-command.ts';
import { collect, config, har, job, json } from './options.ts';

export function addCheckingCommands(add: AddCommand): void {
  add(
    'conform',
    'check a SCIM endpoint against what Entra needs',
    async () => (await import('../commands/conform.ts')).conform,
  )
    .addOption(new Option('--url <url>', 'the SCIM base, as an administrator enters it; ?aadOptscim062020 counts'))
    .addOption(new Option('--token <token>', "bearer token, or '${env:NAME}', '${file:path}'; default: SCIM_TOKEN"))
    .addOption(new Option('--token-url <url>', 'token endpoint to sign in at instead, which is checked as well'))
    .addOption(new Option('--client-id <id>', 'client at the token endpoint'))
    .addOption(new Option('--client-secret <secret>', "its secret, or '${env:NAME}'; default: SCIM_CLIENT_SECRET"))
    .addOption(
      new Option('--client-key <file>', 'instead of a secret: private key, PEM or JWK, that signs an assertion'),
    )
    .addOption(new Option('--scope <text>', 'scope to ask the token endpoint for'))
    .addOption(new Option('--only <id>', 'only this check; may be repeated').default([]).argParser(collect))
    .addOption(new Option('--list', 'list the checks and run none').default(false))
    .addOption(new Option('--domain <name>', 'domain of the user names').default('scimulate.example'))
    .addOption(new Option('--keep', 'leave what was created, to look at it').default(false))
    .addOption(new Option('--ca-file <file>', 'certificate authority to trust'))
    .addOption(new Option('--allow-insecure-http', 'plain http beyond this machine').default(false))
    .addOption(new Option('--allow-link-local', 'link-local and metadata addresses').default(false))
    .addOption(new Option('--user-agent <text>', 'User-Agent header; Entra sends none'))
    .addOption(new Option('--junit <file>', 'write the results as JUnit XML'))
    .addOption(har())
    .addOption(json());
  add(
    'verify',
    'read linked objects back: does the target hold what it was sent?',
    async () => (await import('../commands/verify.ts')).verify,
  )
    .addOption(config())
    .addOption(job())
    .addOption(har())
    .addOption(json());
}
