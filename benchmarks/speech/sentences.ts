/** What synthesizers say, with numbers, names and questions. */
export const sentences: Readonly<Record<string, readonly string[]>> = {
  en: [
    "A man in a blue shirt is standing on a ladder cleaning a window.",
    "Two young girls are playing with a dog near the river.",
    "The meeting starts at half past nine, and it takes forty minutes.",
    "Where did you put the keys of the old house?",
  ],
  ja: [
    "青いシャツを着た男性がはしごの上で窓を拭いています。",
    "二人の女の子が川のそばで犬と遊んでいます。",
    "会議は9時に始まり、40分かかります。",
    "古い家の鍵をどこに置きましたか。",
  ],
  de: [
    "Ein Mann in einem blauen Hemd steht auf einer Leiter und putzt ein Fenster.",
    "Zwei junge Mädchen spielen am Fluss mit einem Hund.",
    "Wo hast du die Schlüssel des alten Hauses hingelegt?",
  ],
  fr: [
    "Un homme en chemise bleue est debout sur une échelle et nettoie une fenêtre.",
    "Deux jeunes filles jouent avec un chien près de la rivière.",
    "Où as-tu mis les clés de la vieille maison ?",
  ],
};
