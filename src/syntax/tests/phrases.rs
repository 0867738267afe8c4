use crate::diag::SourceMap;
use crate::syntax::grammar::read;
use crate::syntax::parse;
use crate::syntax::phrases::PHRASES;

/// Every example is a line of exactly its own phrase among those that could start like it.
#[test]
fn every_example_is_one_phrase() {
    for phrase in PHRASES {
        let fitting: Vec<_> = PHRASES
            .iter()
            .filter(|other| {
                other.head == phrase.head && other.blocks.iter().any(|b| phrase.blocks.contains(b))
            })
            .filter(|other| read(other.rule, phrase.example).is_ok())
            .map(|other| other.words)
            .collect();
        assert_eq!(fitting, [phrase.words], "`{}`", phrase.example);
    }
}

#[test]
fn every_line_without_its_last_word_is_refused_or_still_a_phrase_and_never_panics() {
    for phrase in PHRASES {
        let block = phrase.blocks.first().map_or("", |b| b.word());
        for (end, _) in phrase.example.char_indices() {
            let head = if phrase.head {
                String::new()
            } else {
                format!("{block} x\n  ")
            };
            let text = format!("{head}{}", phrase.example.get(..end).unwrap());
            let mut sources = SourceMap::new();
            let file = sources.add("cut.plan", text.clone());
            let _ = parse(file, &text);
        }
    }
}
