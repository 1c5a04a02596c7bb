/**
 * How messy the files are: the one table. Every figure is in basis points (1 in 10,000). A group whose names exclude one another
 * sums to 10,000; the others are chances of their own.
 */
export const rates = {
  /** The advertiser's customers, as exported from a spreadsheet. */
  crm: {
    /** Rows added, of the customers: the same row again; the same person under another customer number. */
    repeatedRows: 150,
    secondRegistrations: 200,
    /** Rows whose mobile stands in the e-mail column and the other way round. */
    swappedColumns: 30,
    mobile: {
      current: 9_000,
      /** Nothing in the cell. */
      empty: 500,
      /** A number that the person has given up: valid, and matched only where the media holds it too. */
      former: 200,
      /** `13912345678.0`: a number that went through a spreadsheet as a decimal. */
      trailingZero: 90,
      /** `11111111111`, `NULL`, `无` … */
      placeholder: 80,
      /** `1.39E+10`: the digits are gone. */
      scientific: 60,
      landline: 30,
      /** Ten digits. */
      tooShort: 30,
      /** A letter O for the last digit. */
      letter: 10,
    },
    /** How a mobile that is one is written. */
    mobileWriting: {
      plain: 7_860,
      spaces: 600,
      plus86: 500,
      hyphens: 400,
      /** `'13912345678`: a spreadsheet's mark for text. */
      apostrophe: 200,
      /** Spaces before or after. */
      padded: 150,
      bare86: 100,
      idd0086: 100,
      fullWidth: 50,
      brackets86: 20,
      zeroWidthSpace: 20,
    },
    email: { primary: 7_900, empty: 1_500, alternate: 400, placeholder: 120, malformed: 80 },
    emailWriting: { plain: 9_200, capitalised: 350, upperCase: 300, padded: 150 },
    name: {
      plain: 9_340,
      empty: 300,
      spaced: 200,
      /** A character outside the Basic Multilingual Plane: 4 bytes in UTF-8 and in GB18030. */
      rareCharacter: 60,
      comma: 40,
      quotes: 30,
      newline: 20,
      /** Begins with `=`: a spreadsheet would run it. */
      formula: 10,
    },
    sex: { word: 9_200, letter: 500, empty: 300 },
    age: { known: 9_560, empty: 400, impossible: 40 },
    city: { short: 6_700, withSuffix: 3_000, empty: 300 },
    registered: { iso: 9_500, slashes: 500 },
  },
  orders: {
    /** The same row again, some hundred rows later. */
    repeatedRows: 150,
    status: { paid: 8_800, refunded: 700, cancelled: 500 },
    /** Paid orders whose number comes again later with the status `refunded`. */
    refundedLater: 50,
  },
  /** The media's accounts, as exported from a warehouse. */
  users: {
    repeatedRows: 80,
    secondAccounts: 120,
    phone: { current: 8_200, empty: 1_450, former: 300, placeholder: 50 },
    /** With plain identifiers only. */
    phoneWriting: { plus86: 7_000, plain: 2_000, plus86Spaced: 500, bare86: 500 },
    email: { empty: 5_350, primary: 4_300, alternate: 300, placeholder: 50 },
    emailWriting: { plain: 9_700, capitalised: 200, upperCase: 100 },
    /** With hashed identifiers only; `unnormalised` is the digest of `+86…` or of an upper-case address, which matches nothing. */
    digest: { lowerCase: 9_850, upperCase: 100, unnormalised: 50 },
    /** On Apple devices: tracking refused, the all-zero IDFA. */
    idfa: { upperCase: 5_600, zero: 4_000, lowerCase: 400 },
    oaid: { known: 9_400, zero: 300, empty: 300 },
    imei: { hidden: 7_000, plain: 2_900, hyphens: 100 },
    city: { known: 9_000, elsewhere: 700, empty: 300 },
  },
  /** A Gmail address as it was registered, with dots put in, or with a `+tag`; on both sides. */
  gmailWriting: { asRegistered: 8_500, dotted: 1_000, tagged: 500 },
  events: {
    /** Automatic visitors, of the users; at least one where there are users. */
    bots: 5,
    repeatedExposures: 60,
    repeatedClicks: 300,
    /** Clicks per exposure by people and by bots. */
    clicks: 200,
    botClicks: 2_000,
  },
  /** The measured campaign; see `campaign.ts`. */
  campaign: {
    /** Of the users: kept from the campaign at random. */
    holdout: 2_000,
    /** Of the users who are not held out: those that it reached, at random. */
    reached: 7_000,
    /** Customers who buy in the campaign's window, without and with an exposure: the true effect. */
    boughtUnexposed: 1_000,
    boughtExposed: 1_500,
    /** Users whom each other campaign reached; it has no effect. */
    reachedByOthers: 3_000,
  },
} as const;
