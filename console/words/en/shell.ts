/** What is said around every screen, in English. */
export const product = { name: 'Causeway', tagline: 'Match and measure together. No row leaves its owner.' };

export const navigation = {
  label: 'Main navigation',
  skip: 'Skip to the content',
  home: 'Home',
  datasets: 'Datasets',
  network: 'Network',
  propose: 'Propose',
  agreements: 'Agreements',
  jobs: 'Jobs',
  results: 'Results',
  audiences: 'Audiences',
  guests: 'Guests',
  ledger: 'Ledger',
  settings: 'Settings',
};

export const preferences = {
  title: 'Language, appearance and time zone',
  language: 'Language',
  appearance: 'Appearance',
  light: 'Light',
  dark: 'Dark',
  system: 'As the system',
  zone: 'Time zone',
  zoneLocal: 'Here ({{zone}})',
  zoneUtc: 'UTC',
};

export const session = {
  title: 'Sign in',
  name: 'User name',
  password: 'Password',
  signIn: 'Sign in',
  signOut: 'Sign out',
  account: 'Account of {{name}}',
  first: 'First time here? Set a password',
  firstTitle: 'Set your password',
  firstAbout:
    'A new node has one user, admin, and no password. Whoever can read the node’s folder owns the node: paste the line that stands in its file admin.token.',
  token: 'Line of admin.token',
  newPassword: 'New password',
  newPasswordRule: 'At least 12 characters',
  set: 'Set password and sign in',
  back: 'Back to sign-in',
  required: 'Needed',
};

export const roles = {
  admin: 'admin',
  steward: 'steward',
  analyst: 'analyst',
  approver: 'approver',
  auditor: 'auditor',
};

export const problem = {
  remedy: 'What to do',
  cause: 'What {{organisation}} says',
  partner: 'the partner',
  code: 'Code {{code}}',
  request: 'Request {{id}}',
  retry: 'Try again',
  silent: 'What you see was read at {{time}}. It goes on by itself once the node is back.',
  screenTitle: 'This screen cannot be shown',
  absentTitle: 'There is no such screen',
  absentAbout: 'The address may be old or mistyped.',
  toHome: 'To the home screen',
  titles: {
    unreachable: 'The node does not answer',
    'bad-credentials': 'User name or password is wrong',
    unauthenticated: 'Sign in again',
    forbidden: 'Your roles do not allow this',
    conflict: 'It was changed or taken meanwhile',
    'invalid-request': 'A field is not as it must be',
    'too-many-attempts': 'Too many attempts: wait a moment',
    'name-in-use': 'Another member is called so',
    'values-refused': 'There is no list of values to publish',
    'file-not-allowed': 'The node may not read this file',
    'no-network': 'This node is in no network yet',
    'invite-refused': 'The invite was refused',
    'not-operator': 'Only the operator can do this',
    'not-found': 'There is nothing here for you',
    unavailable: 'The node cannot do this now',
    internal: 'The node failed',
    other: 'It did not work',
  },
};
