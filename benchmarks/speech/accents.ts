/** The digits in English as speakers of a language would spell what they say; the keys are voices of espeak-ng. */
export const accents: Readonly<Record<string, readonly string[]>> = {
  de: words("siero wonn tuh trie fohr feif sicks sewen äjt nein"),
  el: words("ζίρο ουάν του θρι φορ φάιβ σιξ σέβεν έιτ νάιν"),
  es: words("siro uan tu tri for faiv sics seven eit nain"),
  fr: words("ziro ouane tou srie faure faïve sixe sévenn éïte naïne"),
  hi: words("ज़ीरो वन टू थ्री फ़ोर फ़ाइव सिक्स सेवन एट नाइन"),
  it: words("ziro uan tu tri for faiv sics seven eit nain"),
  nl: words("ziero wan toe srie for faaif siks sevven eet nain"),
  pl: words("ziro łan tu sri for fajw syks sewen ejt najn"),
  sv: words("siro vann to tri får fajv sicks sevven ejt najn"),
};

export const english = words("zero one two three four five six seven eight nine");

/** Voices of espeak-ng for English. */
export const dialects = ["en-us", "en-gb", "en-us", "en-gb", "en-gb-scotland", "en-029"] as const;

/** Variants of espeak-ng's voices: other throats and tongues, without robots and whispers. */
export const variants = words(`
  Alex Alicia Andrea Andy Annie Denis Diogo Gene Gene2 Henrique Hugo Jacky Lee Marco Mario
  Michael Mike Nguyen Storm adam anika antonio aunty belinda benjamin boris caleb david ed
  edward f1 f2 f3 f4 f5 grandma grandpa gustave iven iven2 iven3 iven4 john kaukovalta klatt
  klatt2 klatt3 klatt4 linda m1 m2 m3 m4 m5 m6 m7 m8 marcelo max michel miguel norbert pablo
  paul pedro quincy rob robert sandro shelby steph steph2 travis victor zac
`);

/** Voices of flite, and the pitch of each, in Hz. */
export const fliteVoices: Readonly<Record<string, number>> = {
  ...{ awb: 130, kal: 105, kal16: 105, rms: 95, slt: 170 },
};

function words(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}
