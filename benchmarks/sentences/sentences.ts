/** What a user of a chatbot may ask, short and long. */
export const sentences: readonly string[] = [
  "How do I reset my password?",
  "opening hours",
  "Do you ship to Canada, and what does it cost?",
  "I forgot my login and cannot get in.",
  "My card was charged twice for the same order, and the second payment is still pending after a week.",
  "Can I bring my dog?",
  "what is the weather like",
  "Is there a discount for students or for groups of more than ten people?",
  "Thanks!",
  "The app closes by itself whenever I open a photo that I took with the camera of my tablet, what can I do about it?",
  "Where can I park?",
  "I'd like to cancel my subscription.",
  "How long does a refund take?",
  "Who do I talk to if the heating in my room does not work?",
  "Which payment methods do you accept?",
  "i don't want to book a table, i want to cancel one",
];
