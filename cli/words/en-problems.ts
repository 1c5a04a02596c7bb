/** What is said where something cannot be done as it was typed, in English: `zh-problems.ts` has the same keys. */
export const enProblems = {
  usage: {
    unknownCommand: (name: string, hint: string | undefined) =>
      `There is no command ${name}.${hint === undefined ? '' : ` Did you mean ${hint}?`}`,
    unknownOption: (name: string, hint: string | undefined) =>
      `There is no option ${name}.${hint === undefined ? '' : ` Did you mean ${hint}?`}`,
    missingArgument: (name: string) => `<${name}> is missing.`,
    missingOption: (flags: string) => `${flags} is required.`,
    missingValue: (flags: string) => `${flags} needs a value.`,
    invalidValue: ({ option, value, why }: { option: string; value: string; why: string }) =>
      `${option} cannot be “${value}”. ${why}`,
    tooManyArguments: 'There are more arguments than this command takes; quote a text that holds blanks.',
    incomplete: 'The command is not complete.',
    notOneOf: (values: string) => `Expected one of: ${values}.`,
    notWhole: (min: number, max: number) => `Expected a whole number from ${min} to ${max}.`,
    notHostPort: 'Expected host:port, such as 127.0.0.1:7450 or [::1]:7450.',
    notProtocol: (known: string) => `Expected one of ${known}; the part before the slash may be left out.`,
    notShare: 'Expected a share from 0 to 1, such as 0.3.',
    notDate: 'Expected a day such as 2030-12-31, or an instant such as 2030-12-31T16:00:00Z.',
    notKey: 'Expected a key of 32 bytes in Base64.',
    notSegments: 'Expected a column and its values, city=Shanghai,Beijing, or two of them joined by +.',
    notSum:
      'Expected column:unit:smallest..largest, such as spend:CNY:0..10000, and perhaps :2 for two digits after the point.',
    notList: 'Expected values separated by commas, none of them empty.',
    remedy: (help: string) => `${help} shows how it is typed.`,
  },
  problem: {
    error: 'Error',
    unexpected: 'The command failed',
    labels: {
      remedy: 'What to do',
      field: 'Field',
      partner: 'Partner',
      job: 'Run',
      request: 'Request',
      cause: (organisation: string | undefined) =>
        organisation === undefined ? 'The partner says' : `${organisation} says`,
    },
    titles: {
      usage: 'The command line is not right',
      'needs-option': 'Something must be decided',
      declined: 'Not done',
      'no-home': 'There is no node here',
      'broken-home': 'The home folder cannot be used',
      lost: 'The node went silent',
      running: 'The node runs already',
      'node-failed': 'The node failed',
      'unknown-column': 'No such column',
      'not-found': 'No such thing',
      file: 'A file cannot be used',
      'check-failed': 'A check failed',
      'disclosure-differs': 'The disclosure is another one',
      interrupted: 'Interrupted',
    },
  },
  home: {
    none: (folder: string) => `There is no node in ${folder}.`,
    noneRemedy: 'Make one: causeway init --org "Your Company"; or name its folder with --home.',
    broken: (file: string, field: string) => `${file} is not a configuration${field === '' ? '' : `: see "${field}"`}.`,
    brokenRemedy: 'Mend the file, or make a new node in another folder with causeway init --home FOLDER.',
    noToken: (file: string) => `The token in ${file} cannot be read.`,
    noTokenRemedy: 'Run the command as the user who made the node, or set CAUSEWAY_TOKEN to a token of your own.',
  },
  connection: {
    silent: {
      detail: (address: string) => `No node answers at ${address}.`,
      remedy: 'Start it with causeway up --detach; or see what it says in the log of its home folder.',
    },
    foreign: {
      detail: (address: string) => `What answers at ${address} is not a Causeway node.`,
      remedy: 'Look at "api" in config.json: another program listens there, or a proxy stands in between.',
    },
  },
  ask: {
    yes: 'Yes',
    no: 'No',
    empty: 'This cannot be empty.',
    nobody: (question: string) => `There is no terminal to ask at: ${question}`,
    nobodyRemedy: (option: string) => `Add ${option}`,
    declined: 'Nothing was done.',
  },
  files: {
    exists: (path: string) => `${path} exists already.`,
    existsRemedy: 'Choose another name, or add --yes to write over it.',
    unreadable: (path: string, reason: string) => `${path} cannot be read: ${reason}.`,
    unwritable: (path: string, reason: string) => `${path} cannot be written: ${reason}.`,
    notJson: (path: string, detail: string) => `${path} is not a JSON document that can be used: ${detail}.`,
    remedy: 'Check the path, and whether you may use it.',
  },
  reference: {
    unknown: (text: string) => `There is no “${text}”, or more than one.`,
    list: (command: string) => `${command} lists them.`,
    ambiguous: (text: string, count: number) => `${count} agreements begin with ${text}.`,
    moreDigits: 'Give more digits.',
  },
  column: {
    unknown: (text: string) => `“${text}” does not begin with a column of the file and a colon.`,
    remedy: (columns: string) => `The columns are: ${columns}`,
    badValue: (text: string) => `“${text}” lacks what belongs after the colon.`,
    valueRemedy: (column: string, values: string | undefined) =>
      values === undefined
        ? `Give a profile, such as ${column}:phone or ${column}:email/sha256.`
        : `Give ${column}: and one of ${values}.`,
  },
  follow: {
    jobLeft: (job: string) => `You left; run ${job} goes on.`,
    operationLeft: (operation: string) => `You left; operation ${operation} goes on.`,
    comeBack: (command: string) => `Come back with: ${command}`,
    lost: 'The node stopped telling about it before it had ended.',
  },
};
