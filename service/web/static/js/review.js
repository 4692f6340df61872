// The draft's side of the review page. Transcript and player are told, and tell, by events on the document:
//   rapport:show-turn {turn, quote, play}, rapport:turn-chosen {turn}, rapport:transcript-changed {revision},
//   rapport:selected {quotes: [{turn, start, end}]}.
